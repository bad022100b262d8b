/** Text with its links found: only http and https, everything else stays text. */

/** A piece of text and where it begins; with `href` it is a link. */
export type TextPiece = { at: number; text: string; href?: string };

/** Characters that turn the direction of text, and could make an address look like another one. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const URL_LIKE =
  /https?:\/\/[^\s<>"'`\u0000-\u001f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/** `https://bank.example@evil.example` leads to the second one: nobody is to follow what reads so. */
const isPlain = (url: URL): boolean =>
  (url.protocol === "http:" || url.protocol === "https:") &&
  url.username === "" &&
  url.password === "";

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
    if (!isPlain(url)) continue;
    if (match.index > from) pieces.push({ at: from, text: text.slice(from, match.index) });
    pieces.push({ at: match.index, text: address, href: url.href });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ at: from, text: text.slice(from) });
  return pieces;
}

/** An address that may stand in `href`, or null: a visitor's page could claim `javascript:`. */
export function safeHref(address: string | null): string | null {
  const plain = address?.replace(TURNS, "") ?? "";
  if (!URL.canParse(plain)) return null;
  const url = new URL(plain);
  return isPlain(url) ? url.href : null;
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1"]);

/** A picture's address, or null: loaded over https only, or in development from this machine to itself. */
export function safePicture(address: string | null, pageHost: string): string | null {
  const href = safeHref(address);
  if (href === null) return null;
  const { protocol, hostname } = new URL(href);
  const isOwnMachine = LOOPBACK.has(hostname) && LOOPBACK.has(pageHost);
  return protocol === "https:" || isOwnMachine ? href : null;
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
