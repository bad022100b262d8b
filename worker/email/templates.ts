import type { SendEmail } from "../../protocol/jobs.ts";
import { CODE_LIFETIME_MS, INVITATION_LIFETIME_MS } from "../../protocol/limits.ts";
import { cleanLine, cutText, escapeHtml } from "./mail.ts";

/** The words of every mail. Pure, and the same for the same job: a transport may compare repeated tries. */

export type RenderedMail = { subject: string; text: string; html: string };

export function renderMail(mail: SendEmail["mail"]): RenderedMail {
  switch (mail.template) {
    case "sign-in-code":
      return signInCode(mail.code);
    case "invitation":
      return invitation(mail);
  }
}

function signInCode(code: string): RenderedMail {
  const minutes = CODE_LIFETIME_MS / 60_000;
  const intro = "Enter this code to sign in to Parley:";
  const outro = `It works once, for ${minutes} minutes. If you did not ask for it, ignore this mail: without the code nobody can sign in.`;
  return {
    subject: `${code} is your Parley code`,
    text: `${intro}\n\n${code}\n\n${outro}\n`,
    html: page(
      "Your sign-in code",
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

/** Words that a person chose: one line, short, and nothing that a mail program makes a link of. */
function personal(text: string): string {
  const words = cleanLine(text.replace(/[a-z][a-z0-9+.-]*:\/\//gi, "").replace(/\bwww\./gi, ""));
  return cutText(words, 80) || "a colleague";
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 12px;">${escapeHtml(text)}</p>`;
}

function small(text: string): string {
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
