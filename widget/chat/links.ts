export type TextPart = string | { href: string; text: string };

/** An address up to a space, a quote, an angle bracket or a character that turns the writing direction. */
const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;
/** What ends a sentence rather than an address. */
const TAIL = /[.,;:!?'»”)\]}]+$/;

/**
 * Text with its web addresses found. An address is shown as it was written, unless its host has letters that only
 * look like others: then as it really is. One that carries a user name, a common disguise, is no link at all.
 */
export function findLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const shown = trimTail(found);
    const href = hrefOf(shown);
    if (!href) continue;
    if (index > end) parts.push(text.slice(end, index));
    parts.push({ href, text: /\bxn--/.test(href) ? href : shown });
    end = index + shown.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** A closing bracket stays when its opening one is part of the address. */
function trimTail(address: string): string {
  let shown = address.replace(TAIL, "");
  while (shown.length < address.length) {
    const next = address.charAt(shown.length);
    const opening = { ")": "(", "]": "[", "}": "{" }[next];
    if (!opening || count(shown, opening) <= count(shown, next)) break;
    shown += next;
  }
  return shown;
}

const count = (text: string, character: string): number => text.split(character).length - 1;

function hrefOf(address: string): string | undefined {
  try {
    const url = new URL(/^www/i.test(address) ? `https://${address}` : address);
    return url.username || url.password ? undefined : url.href;
  } catch {
    return undefined;
  }
}
