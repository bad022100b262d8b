/** The headers under which a mail's own HTML is shown in a frame: it runs nothing, loads nothing and sends nothing. */

/** What the frame around it allows: that a link opens a page of its own. */
export const MAIL_FRAME_SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

/** @param pictures Where pictures from elsewhere come from, once somebody asked for them; null before. */
export function mailPageHeaders(pictures: string | null): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": [
      `sandbox ${MAIL_FRAME_SANDBOX}`,
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      pictures === null ? "img-src data:" : `img-src data: ${pictures}`,
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'self'",
    ].join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",
    "cache-control": "no-store",
  };
}
