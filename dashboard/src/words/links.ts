/** Text with its links found: only http and https, everything else stays text. */

/** A piece of text and where it begins; with `href` it is a link. */
export type TextPiece = { at: number; text: string; href?: string };

const URL_LIKE = /https?:\/\/[^\s<>"'`\u0000-\u001f]+/giu;

/** What ends a sentence rather than an address. A closing bracket stays when its opening one is inside. */
function trimEnd(candidate: string): string {
  let text = candidate;
  for (;;) {
    const last = text.at(-1) ?? "";
    if (/[.,;:!?…'"»”’*_~]/u.test(last)) text = text.slice(0, -1);
    else if (last === ")" && !text.includes("(")) text = text.slice(0, -1);
    else if (last === "]" && !text.includes("[")) text = text.slice(0, -1);
    else return text;
  }
}

export function findLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(URL_LIKE)) {
    const address = trimEnd(match[0]);
    if (!URL.canParse(address)) continue;
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") continue;
    if (match.index > from) pieces.push({ at: from, text: text.slice(from, match.index) });
    pieces.push({ at: match.index, text: address, href: url.href });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ at: from, text: text.slice(from) });
  return pieces;
}

/** An address that may stand in `href`, or null: a visitor's page could claim `javascript:`. */
export function safeHref(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
}

/** The part of an address that tells pages of one site apart. */
export function pathOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  return `${url.pathname}${url.search}`;
}

/** Host of an address, or the address itself. */
export const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).host.replace(/^www\./, "") || address : address;
