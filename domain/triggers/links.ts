/**
 * A link that may be shown to people, or null: http or https, or a path, which belongs to whichever site shows it.
 * Nothing with another scheme, another host behind `//`, a name before the host, or control characters.
 */
export function safeLink(link: string): string | null {
  const text = link.trim().replaceAll(" ", "%20");
  if (text === "" || /[\u0000-\u0020\u007F-\u009F\\]/.test(text)) return null;
  if (!text.startsWith("/")) return webAddress(text);
  return text.startsWith("//") ? null : text;
}

/**
 * Whether a template can become a safe link for somebody: it begins with a place to fill, a path of the site, or an
 * address whose host is complete before the first place, so that no value can make it another host.
 */
export function mayBecomeLink(template: string): boolean {
  const open = template.search(/\{[{%]/);
  if (open === -1) return safeLink(template) !== null;
  const fixed = template.slice(0, open).trim();
  if (fixed === "") return true;
  if (fixed.startsWith("/")) return safeLink(fixed) !== null;
  return /^https?:\/\/[^/?#]+[/?#]/i.test(fixed) && webAddress(fixed) !== null;
}

function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === "" && url.password === "" ? url.href : null;
}
