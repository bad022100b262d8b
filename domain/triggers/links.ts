/**
 * A link that may be shown to people, or null: http or https, or a path of the site, which is resolved against the
 * page. Nothing with another scheme, another host behind `//`, a name before the host, or control characters.
 */
export function safeLink(link: string, siteUrl: string | null): string | null {
  const text = link.trim();
  if (text === "" || /[\u0000-\u0020\u007F-\u009F\\]/.test(text)) return null;
  if (text.startsWith("/")) {
    if (text.startsWith("//")) return null;
    return siteUrl === null || !URL.canParse(text, siteUrl) ? text : new URL(text, siteUrl).href;
  }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === "" && url.password === "" ? url.href : null;
}
