import type { AnswerMail, CopyMail, SendEmail } from "../../protocol/jobs.ts";
import {
  CODE_LIFETIME_MS,
  CONTINUE_MAIL_LIFETIME_MS,
  INVITATION_LIFETIME_MS,
} from "../../protocol/limits.ts";
import { cleanLine, cutText, escapeHtml } from "./mail.ts";

/** The words of every mail. Pure, and the same for the same job: a transport may compare repeated tries. */

export type RenderedMail = { subject: string; text: string; html: string };

/**
 * Where the reader of a mail of a conversation goes: `link` on with it on the site; `stop` to where it ends that
 * everything is mailed to them. Null where there is none.
 */
export type Ways = { link: string | null; stop: string | null };

export function renderMail(
  mail: SendEmail["mail"],
  ways: Ways = { link: null, stop: null },
): RenderedMail {
  switch (mail.template) {
    case "sign-in-code":
      return signInCode(mail.code);
    case "history-code":
      return historyCode(mail);
    case "invitation":
      return invitation(mail);
    case "answer":
      return answer(mail, ways.link);
    case "copy":
      return copy(mail, ways);
  }
}

function signInCode(code: string): RenderedMail {
  return codeMail({
    code,
    subject: `${code} is your Parley code`,
    title: "Your sign-in code",
    intro: "Enter this code to sign in to Parley:",
    outro: `It works once, for ${CODE_MINUTES} minutes. If you did not ask for it, ignore this mail: without the code nobody can sign in.`,
  });
}

function historyCode(mail: Extract<SendEmail["mail"], { template: "history-code" }>): RenderedMail {
  const { code } = mail;
  const workspace = personal(mail.workspaceName, "our site");
  return codeMail({
    code,
    subject: `${code} is your code for ${workspace}`,
    title: "Your code for the chat",
    intro: `Enter this code in the chat of ${workspace} to see there what you wrote before:`,
    outro: `It works once, for ${CODE_MINUTES} minutes, and only in the browser that asked for it. If that was not you, ignore this mail and pass the code on to nobody: without it nobody sees anything.`,
  });
}

const CODE_MINUTES = CODE_LIFETIME_MS / 60_000;

function codeMail(words: {
  code: string;
  subject: string;
  title: string;
  intro: string;
  outro: string;
}): RenderedMail {
  const { code, subject, title, intro, outro } = words;
  return {
    subject,
    text: `${intro}\n\n${code}\n\n${outro}\n`,
    html: page(
      title,
      `${paragraph(intro)}<p class="code" style="margin:24px 0;font:600 32px/40px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:6px;text-align:center;">${escapeHtml(code)}</p>${small(outro)}`,
    ),
  };
}

function invitation(mail: Extract<SendEmail["mail"], { template: "invitation" }>): RenderedMail {
  const days = INVITATION_LIFETIME_MS / 86_400_000;
  const inviter = personal(mail.inviterName);
  const workspace = personal(mail.workspaceName);
  const intro = `${inviter} invites you to answer customers of ${workspace} together in Parley.`;
  const how = "Sign in with this mail address; the invitation waits for you there.";
  const outro = `The invitation is for this address only and ends after ${days} days. If you do not know ${inviter}, ignore this mail.`;
  return {
    subject: `${inviter} invites you to ${workspace}`,
    text: `${intro}\n\n${how}\n\n${cleanLine(mail.link)}\n\n${outro}\n`,
    html: page(
      "Join your colleagues",
      `${paragraph(intro)}${paragraph(how)}<p style="margin:24px 0;text-align:center;"><a href="${escapeHtml(cleanLine(mail.link))}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#4f46e5;color:#ffffff;font-weight:600;text-decoration:none;">Open Parley</a></p>${small(outro)}`,
    ),
  };
}

/**
 * An operator's answer, written as a person writes a mail: the words, a name under them, and what it answers. To an
 * address that has not proven itself nothing goes back that came from it.
 */
function answer(mail: AnswerMail, link: string | null): RenderedMail {
  const { operatorName, text, quote } = mail;
  const name = personal(operatorName);
  const subject = mail.isProven
    ? (mail.ownSubject ?? replySubject(mail.subject))
    : `A message from ${name}`;
  const quoted = quote === null ? "" : `${attribution(quote.at)}\n${markQuoted(quote.text)}\n`;
  return {
    subject,
    text: `${text}\n\n-- \n${name}\n${onSiteText(link)}${quoted === "" ? "" : `\n${quoted}`}`,
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:16px;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;">
<div style="max-width:640px;" dir="auto">${lines(text)}<p style="margin:16px 0 0;color:#6b7280;">${escapeHtml(name)}</p>${onSite(link)}
${quote === null ? "" : `<p style="margin:24px 0 0;color:#6b7280;">${escapeHtml(attribution(quote.at))}</p><blockquote type="cite" style="${QUOTE_STYLE}">${lines(quote.text)}</blockquote>`}
</div></body></html>
`,
  };
}

/** What was not read in the chat, with what was said before it: an answer to the mail is an answer in the chat. */
function copy(
  { operatorName, unread, left, before, everythingOf }: CopyMail,
  { link, stop }: Ways,
): RenderedMail {
  const name = personal(operatorName);
  const subject = `A message from ${name}`;
  const isOne = new Set(unread.map(({ author }) => author)).size === 1;
  const earlier =
    left === 0 ? "" : `${left} earlier ${left === 1 ? "message is" : "messages are"} in the chat.`;
  const why =
    everythingOf === undefined
      ? "You wrote to us in the chat and were not there to read this."
      : "You get everything by email that we write to you in the chat.";
  const how = `${why} Answer this mail, and it is an answer in the chat.`;
  const said = ({ author, text }: { author: string | null; text: string }): string =>
    `${author === null ? "You" : personal(author)}: ${text}`;
  const words = unread.map((one) => (isOne ? one.text : said(one)));
  const quoted = before.map(said).join("\n\n");
  return {
    subject,
    text:
      [
        ...(earlier === "" ? [] : [earlier]),
        ...words,
        `-- \n${name}\n\n${how}${link === null ? "" : `\n${onSiteText(link).trimEnd()}`}`,
        ...(quoted === "" ? [] : [`Before that, in the chat:\n${markQuoted(quoted)}`]),
        ...(stop === null ? [] : [`Get only what you have not read: ${stop}`]),
      ].join("\n\n") + "\n",
    html: letter(
      subject,
      `${earlier === "" ? "" : small(earlier)}${words.map(lines).join("")}<p style="margin:16px 0 0;color:#6b7280;">${escapeHtml(name)}</p>
${small(how)}${onSite(link)}${quoted === "" ? "" : `<p style="margin:24px 0 0;color:#6b7280;">Before that, in the chat:</p><blockquote type="cite" style="${QUOTE_STYLE}">${lines(quoted)}</blockquote>`}${stop === null ? "" : `<p style="margin:24px 0 0;font-size:12px;line-height:16px;"><a href="${escapeHtml(stop)}" style="color:#6b7280;">Get only what you have not read</a></p>`}`,
    ),
  };
}

/** A letter as a person writes it, without a card around it. */
export function letter(subject: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title><style>@media (prefers-color-scheme:dark){.quiet{color:#9aa1ad!important}.box{border-color:#3a3f4b!important}}</style></head>
<body style="margin:0;padding:16px;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;">
<div style="max-width:640px;" dir="auto">${content}
</div></body></html>
`;
}

const ON_SITE = "Continue this conversation on our site";
const ON_SITE_HOW = `The link works once, for ${CONTINUE_MAIL_LIFETIME_MS / 86_400_000} days, and is for you alone.`;

export function onSiteText(link: string | null): string {
  return link === null ? "" : `\n${ON_SITE}:\n${link}\n${ON_SITE_HOW}\n`;
}

export function onSite(link: string | null): string {
  return link === null
    ? ""
    : `<p class="quiet" style="margin:16px 0 0;font-size:12px;line-height:16px;color:#6b7280;"><a href="${escapeHtml(link)}">${ON_SITE}</a><br>${ON_SITE_HOW}</p>`;
}

const QUOTE_STYLE =
  "border-left:3px solid #d5d9e0;margin:24px 0 0;padding:0 0 0 12px;color:#6b7280;";

function replySubject(subject: string): string {
  const bare = cleanLine(subject).replace(/^(?:(?:re|aw|sv|vs|antw|odp)\s*:\s*)+/i, "");
  return bare === "" ? "Re: your mail" : `Re: ${bare}`;
}

/** In words that every mail program knows as the beginning of a quote. */
function attribution(at: number): string {
  return `On ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC, you wrote:`;
}

function markQuoted(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

export function lines(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((part) => `<p style="margin:0 0 12px;">${escapeHtml(part).replaceAll("\n", "<br>")}</p>`)
    .join("");
}

/** Words that a person chose: one line, short, and nothing that a mail program makes a link of. */
export function personal(text: string, otherwise = "a colleague"): string {
  const words = cleanLine(text.replace(/[a-z][a-z0-9+.-]*:\/\//gi, "").replace(/\bwww\./gi, ""));
  return cutText(words, 80) || otherwise;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 12px;">${escapeHtml(text)}</p>`;
}

export function small(text: string): string {
  return `<p class="quiet" style="margin:24px 0 0;font-size:12px;line-height:16px;color:#6b7280;">${escapeHtml(text)}</p>`;
}

/** One quiet card. Styles stand on the elements, because many mail programs drop style sheets. */
function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>
<style>@media (prefers-color-scheme:dark){.back{background:#111318!important}.card{background:#1a1d24!important;border-color:#2b2f3a!important;color:#e8eaf0!important}.quiet{color:#9aa1ad!important}}</style>
</head><body class="back" style="margin:0;background:#f5f6f8;">
<div class="back" style="padding:32px 16px;background:#f5f6f8;">
<div class="card" style="max-width:440px;margin:0 auto;padding:32px;border:1px solid #e5e7eb;border-radius:12px;background:#ffffff;color:#1f2430;font:14px/20px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;">
<h1 style="margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600;">${escapeHtml(title)}</h1>
${content}
</div></div></body></html>
`;
}
