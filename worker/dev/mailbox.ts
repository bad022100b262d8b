import { Hono } from "hono";
import { workspaceAddress } from "../../domain/email/reply-address.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { isId } from "../../protocol/ids.ts";
import { receiveEmail } from "../email/inbound.ts";
import { escapeHtml } from "../email/mail.ts";
import { listMails, readStoredMail, type StoredMail } from "../email/mailbox.ts";
import type { Env } from "../env.ts";
import { DEMO } from "../workspaces/demo.ts";
import { toldEvent } from "./told-event.ts";
import { writtenMail } from "./written-mail.ts";

/**
 * The development mailbox: what would have been sent. `?to=` narrows both forms to one address. An answer written here,
 * or a new mail to the demo workspace, takes the way that a real one takes.
 */

const SHOWN = 50;

export const devMailbox = new Hono<{ Bindings: Env }>()
  .get("/dev/mailbox.json", async (c) => {
    const mails = await newest(c.env, c.req.query("to"));
    return c.json(
      mails.map(({ job, from, to, replyTo, headers, subject, text, html, at }) => {
        return { job, from, to, replyTo, headers, subject, text, html, at };
      }),
    );
  })
  .post("/dev/mailbox/mail", async (c) => {
    const outcome = await deliver(c.env, await c.req.parseBody());
    return c.html(notice(outcome));
  })
  .post("/dev/mailbox/fate", async (c) => {
    const form = await c.req.parseBody();
    const job = fieldOf(form, "job");
    const mail = isId("job", job) ? await readStoredMail(c.env.FILES, job) : null;
    if (mail === null) return c.html(notice("There is no such mail"), 404);
    await c.env.MAIL_EVENTS.send(
      toldEvent({
        type: fieldOf(form, "fate"),
        messageId: job,
        eventId: crypto.randomUUID(),
        recipient: mail.to,
        at: now(),
      }),
    );
    return c.html(notice("The mail server has said so"));
  })
  .get("/dev/mailbox", async (c) => {
    const mails = await newest(c.env, c.req.query("to"));
    // The mails' own HTML is shown in frames that run nothing; a link opens a page of its own.
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'",
    );
    c.header("cache-control", "no-store");
    return c.html(page(mails, workspaceAddress(DEMO.workspace, c.env.EMAIL_REPLY_DOMAIN)));
  });

async function newest(env: Env, to: string | undefined): Promise<StoredMail[]> {
  const mails = await listMails(env.FILES, to === undefined ? SHOWN : 1_000);
  return to === undefined
    ? mails
    : mails.filter((mail) => mail.to === to.toLowerCase()).slice(0, SHOWN);
}

function fieldOf(form: Record<string, unknown>, name: string): string {
  const value = form[name];
  return typeof value === "string" ? value : "";
}

/** Hands a form's mail to the inbound path, as a mail server would. Answers what became of it. */
async function deliver(env: Env, form: Record<string, unknown>): Promise<string> {
  const field = (name: string): string => fieldOf(form, name);
  const job = field("job");
  const answered = isId("job", job) ? await readStoredMail(env.FILES, job) : null;
  const to = answered === null ? field("to") : (answered.replyTo ?? "");
  const from = answered === null ? field("from") : answered.to;
  const raw = writtenMail({
    from,
    to,
    subject: answered === null ? field("subject") : answered.subject,
    text: field("text"),
    html: field("html"),
    isProven: field("proven") !== "",
    answered,
    at: now(),
  });
  let refusal: string | null = null;
  await receiveEmail(
    {
      from,
      to,
      raw: new Blob([raw]).stream(),
      rawSize: raw.length,
      setReject: (reason) => {
        refusal = reason;
      },
    },
    env,
  );
  return refusal === null ? "The mail has arrived" : `Sent back: ${String(refusal)}`;
}

function notice(words: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mailbox</title><style>${STYLE}</style><main><header><h1>${escapeHtml(words)}</h1><p><a href="/dev/mailbox">Back to the mailbox</a></p></header></main></html>`;
}

function page(mails: StoredMail[], workspace: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Mailbox</title><style>${STYLE}</style></head>
<body><main>
<header><h1>Mailbox</h1><p>Mails of this development installation. Nothing here was sent. <a href="">Look again</a></p></header>
${newMail(workspace)}
${mails.length === 0 ? EMPTY : `<ol>${mails.map(item).join("")}</ol>`}
</main></body></html>`;
}

function newMail(workspace: string): string {
  return `<details class="write"><summary>Write a mail to the demo workspace</summary><form method="post" action="/dev/mailbox/mail">
<label>From <input name="from" value="Ada Byron &lt;ada@example.com&gt;" required></label>
<label>To <input name="to" value="${escapeHtml(workspace)}" required></label>
<label>Subject <input name="subject" value="A question"></label>${WORDS}</form></details>`;
}

const WORDS = `<label>Text <textarea name="text" rows="4" required></textarea></label>
<label>The same as HTML, if it is to have one <textarea name="html" rows="2"></textarea></label>
<label class="check"><input type="checkbox" name="proven" checked> The sender’s domain vouches for it</label><button>Send</button>`;

function answerBox(mail: StoredMail): string {
  if ((mail.replyTo ?? null) === null) return "";
  return `<form method="post" action="/dev/mailbox/mail"><input type="hidden" name="job" value="${escapeHtml(mail.job)}">
<p>Answer to ${escapeHtml(mail.replyTo ?? "")}</p>${WORDS}</form>`;
}

const FATES = [
  ["delivered", "It is delivered"],
  ["deferred", "It has to wait"],
  ["bounced", "It comes back"],
  ["complained", "It is called spam"],
] as const;

/** What the mail server at the other end may say of a mail. */
function fateBox(mail: StoredMail): string {
  const buttons = FATES.map(
    ([fate, words]) => `<button class="fate" name="fate" value="${fate}">${words}</button>`,
  ).join("");
  return `<form class="fates" method="post" action="/dev/mailbox/fate"><input type="hidden" name="job" value="${escapeHtml(mail.job)}">${buttons}</form>`;
}

const EMPTY = `<p class="empty">No mail yet. Ask for a sign-in code in the dashboard, and it will be here.</p>`;

function item(mail: StoredMail, index: number): string {
  const code = /^\d{6}(?= )/.exec(mail.subject)?.[0];
  const at = new Date(mail.at).toISOString();
  return `<li><details${index === 0 ? " open" : ""}><summary>
<span class="who"><b>${escapeHtml(mail.to)}</b><time datetime="${at}">${at.slice(0, 16).replace("T", " ")} UTC</time></span>
<span class="what"><span>${escapeHtml(mail.subject)}</span>${code === undefined ? "" : `<code>${code}</code>`}</span>
</summary><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail" srcdoc="${escapeHtml(`<base target="_blank">${mail.html}`)}"></iframe>
<pre>${escapeHtml(mail.text)}</pre>${fateBox(mail)}${answerBox(mail)}</details></li>`;
}

const STYLE = `
:root{--back:#f5f6f8;--card:#fff;--line:#e3e5ea;--ink:#1f2430;--quiet:#646b78;--accent:#4f46e5;--tint:#eef0ff}
@media (prefers-color-scheme:dark){:root{--back:#111318;--card:#1a1d24;--line:#2b2f3a;--ink:#e8eaf0;--quiet:#9aa1ad;--accent:#a5adff;--tint:#262a44}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:14px/20px system-ui,sans-serif}
main{max-width:720px;margin:0 auto;padding:32px 16px 48px}h1{margin:0;font-size:20px;line-height:28px}
header p{margin:4px 0 24px;color:var(--quiet)}a{color:var(--accent)}
ol{list-style:none;margin:0;padding:0;display:grid;gap:8px}
details{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}
summary{display:grid;gap:4px;padding:12px 16px;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:-2px;border-radius:12px}
.who,.what{display:flex;justify-content:space-between;align-items:center;gap:12px;flex-wrap:wrap}
.who b{font-weight:600;overflow-wrap:anywhere}time{color:var(--quiet);font-size:12px;font-variant-numeric:tabular-nums}.what{color:var(--quiet)}
code{padding:4px 12px;border-radius:8px;background:var(--tint);color:var(--accent);font:600 20px/28px ui-monospace,Menlo,Consolas,monospace;letter-spacing:2px;user-select:all}
iframe{display:block;inline-size:100%;block-size:400px;border:0;border-block-start:1px solid var(--line)}
pre{margin:0;padding:16px;border-block-start:1px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere;font:12px/16px ui-monospace,Menlo,Consolas,monospace;color:var(--quiet)}
form{display:grid;gap:8px;padding:16px;border-block-start:1px solid var(--line)}form p{margin:0;color:var(--quiet);overflow-wrap:anywhere}
label{display:grid;gap:4px}.check{display:flex;align-items:center;gap:8px}.write{margin-block-end:16px}.write summary{color:var(--accent)}
input:not([type]),textarea{font:inherit;padding:8px 12px;border:1px solid var(--line);border-radius:8px;background:var(--back);color:var(--ink)}
form.fates{display:flex;flex-wrap:wrap}
button{justify-self:start;font:inherit;font-weight:600;padding:8px 16px;border:0;border-radius:8px;background:var(--accent);color:var(--card);cursor:pointer}
button.fate{background:var(--tint);color:var(--accent)}
@media (max-width:480px){iframe{block-size:460px}}
.empty{padding:48px 16px;text-align:center;color:var(--quiet);background:var(--card);border:1px solid var(--line);border-radius:12px}`;
