import type { WorkspaceRow } from "../d1/workspaces.ts";
import { escapeHtml } from "../email/mail.ts";
import type { LinkWords } from "./words.ts";

/** The page that a link shows before anything happens. No scripts, nothing from elsewhere, and nothing of the person. */

export type Page = { html: string; policy: string };

/** @param site The origin that the form leads on to: browsers hold a form's redirects to the policy too. */
export function renderLink(
  words: LinkWords,
  { name, widget }: WorkspaceRow,
  site: string,
  isMail: boolean,
): Page {
  const said = (text: string): string =>
    `<p>${escapeHtml(text)
      .replaceAll("{workspace}", `<b><bdi>${escapeHtml(name)}</bdi></b>`)
      .replaceAll("{site}", `<bdi>${escapeHtml(new URL(site).host)}</bdi>`)}</p>`;
  const quiet = [...(isMail ? [words.mail] : []), words.once].map(said).join("");
  return page(
    words,
    words.title,
    `${said(words.what)}<form method="post"><button>${escapeHtml(words.go)}</button></form><div class="quiet">${quiet}</div>`,
    { accent: widget.color, actions: `'self' ${site}` },
  );
}

/** The same for a link that was used, that is too old, or that never was. */
export function renderDeadLink(words: LinkWords): Page {
  const look = { accent: "#4f46e5", actions: "'none'" };
  return page(words, words.deadTitle, `<p>${escapeHtml(words.dead)}</p>`, look);
}

function page(
  { language, dir }: LinkWords,
  title: string,
  content: string,
  { accent, actions }: { accent: string; actions: string },
): Page {
  const nonce = crypto.randomUUID();
  return {
    policy: `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${actions}; base-uri 'none'; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE.replace("ACCENT", /^#[0-9a-f]{6}$/i.test(accent) ? accent : "#4f46e5")}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>
`,
  };
}

const STYLE = `
:root{--accent:ACCENT;--back:#f5f6f8;--card:#fff;--line:#e5e7eb;--text:#1f2430;--quiet:#5b6472}
@media (prefers-color-scheme:dark){:root{--back:#111318;--card:#1a1d24;--line:#2b2f3a;--text:#e8eaf0;--quiet:#a3abb8}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--back);color:var(--text);font:16px/24px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:440px;padding:32px;padding-top:36px;border:1px solid var(--line);border-radius:12px;background:linear-gradient(var(--accent) 4px,var(--card) 0)}
h1{margin-bottom:12px;font-size:20px;line-height:28px;font-weight:600}
p{overflow-wrap:anywhere}
b{font-weight:600}
button{width:100%;margin:24px 0;padding:12px 24px;border:0;border-radius:8px;background:var(--text);color:var(--card);font:inherit;font-weight:600;cursor:pointer}
button:hover{opacity:.88}
button:focus-visible{outline:2px solid var(--text);outline-offset:3px}
.quiet{display:grid;gap:8px;color:var(--quiet);font-size:14px;line-height:20px}
`;
