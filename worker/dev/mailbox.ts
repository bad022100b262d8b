import { Hono } from "hono";
import { escapeHtml } from "../email/mail.ts";
import { listMails, type StoredMail } from "../email/mailbox.ts";
import type { Env } from "../env.ts";

/** The development mailbox: what would have been sent. `?to=` narrows both forms to one address. */

const SHOWN = 50;

export const devMailbox = new Hono<{ Bindings: Env }>()
  .get("/dev/mailbox.json", async (c) => {
    const mails = await newest(c.env, c.req.query("to"));
    return c.json(mails.map(({ to, subject, text, at }) => ({ to, subject, text, at })));
  })
  .get("/dev/mailbox", async (c) => {
    const mails = await newest(c.env, c.req.query("to"));
    // The mails' own HTML is shown in frames that run nothing; a link opens a page of its own.
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    );
    c.header("cache-control", "no-store");
    return c.html(page(mails));
  });

async function newest(env: Env, to: string | undefined): Promise<StoredMail[]> {
  const mails = await listMails(env.FILES, to === undefined ? SHOWN : 1_000);
  return to === undefined
    ? mails
    : mails.filter((mail) => mail.to === to.toLowerCase()).slice(0, SHOWN);
}

function page(mails: StoredMail[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Mailbox</title><style>${STYLE}</style></head>
<body><main>
<header><h1>Mailbox</h1><p>Mails of this development installation. Nothing here was sent. <a href="">Look again</a></p></header>
${mails.length === 0 ? EMPTY : `<ol>${mails.map(item).join("")}</ol>`}
</main></body></html>`;
}

const EMPTY = `<p class="empty">No mail yet. Ask for a sign-in code in the dashboard, and it will be here.</p>`;

function item(mail: StoredMail, index: number): string {
  const code = /^\d{6}(?= )/.exec(mail.subject)?.[0];
  const at = new Date(mail.at).toISOString();
  return `<li><details${index === 0 ? " open" : ""}><summary>
<span class="who"><b>${escapeHtml(mail.to)}</b><time datetime="${at}">${at.slice(0, 16).replace("T", " ")} UTC</time></span>
<span class="what"><span>${escapeHtml(mail.subject)}</span>${code === undefined ? "" : `<code>${code}</code>`}</span>
</summary><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail" srcdoc="${escapeHtml(`<base target="_blank">${mail.html}`)}"></iframe>
<pre>${escapeHtml(mail.text)}</pre></details></li>`;
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
@media (max-width:480px){iframe{block-size:460px}}
.empty{padding:48px 16px;text-align:center;color:var(--quiet);background:var(--card);border:1px solid var(--line);border-radius:12px}`;
