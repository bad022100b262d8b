/** The page in which the settings show the real widget: a quiet stand-in for the customer's site. */

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/** Only this page may load the widget's script, so only this page's policy names the widget's origin. */
function policy(widget: URL): string {
  const socket = `${widget.protocol === "https:" ? "wss:" : "ws:"}//${widget.host}`;
  return [
    "default-src 'none'",
    `script-src 'self' ${widget.origin}`,
    "style-src 'self'",
    "img-src 'self' data: blob: https: http:",
    `connect-src 'self' ${widget.origin} ${socket}`,
    "frame-ancestors 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The preview page of a workspace. `widgetOrigin` and `siteKey` come from `GET /api/settings`. */
export function previewPage(widgetOrigin: string, siteKey: string): Response {
  const widget = new URL(widgetOrigin);
  const script = new URL("/widget.js", widget).href;
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>Widget preview</title>
    <link rel="stylesheet" href="/widget-preview.css" />
    <script src="/widget-preview.js" data-script="${escape(script)}" data-key="${escape(siteKey)}" defer></script>
  </head>
  <body>
    <div class="page" aria-hidden="true">
      <div class="bar"></div>
      <div class="hero"></div>
      <div class="line wide"></div>
      <div class="line"></div>
      <div class="cards"><div></div><div></div><div></div></div>
    </div>
  </body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy(widget),
      "cache-control": "no-store",
      "referrer-policy": "strict-origin-when-cross-origin",
      "x-content-type-options": "nosniff",
    },
  });
}

/** Answers the preview page to whoever may read the workspace's settings, and the refusal to others. */
export async function answerPreview(settings: Response): Promise<Response> {
  if (!settings.ok) return new Response(null, { status: settings.status });
  const body: unknown = await settings.json();
  const origin = textAt(body, "widgetOrigin");
  const siteKey = textAt(body, "workspace", "siteKey");
  if (origin === null || siteKey === null || !URL.canParse(origin))
    return new Response(null, { status: 502 });
  return previewPage(origin, siteKey);
}

function textAt(value: unknown, ...path: string[]): string | null {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return null;
    at = Reflect.get(at, key);
  }
  return typeof at === "string" ? at : null;
}
