/** Printable ASCII; and what a message may hold as it is: no control characters, no surrogates. */
const PLAIN_LINE = /^[ -~]*$/;
const PLAIN_MESSAGE = /^[\t\n -~\u00A0-\uD7FF\uE000-\uFFFF]*$/;

/**
 * One line of text from outside, for names and titles: control characters and marks that turn the direction of
 * what follows are taken out, runs of white space become one space, and it is cut to `max` code units without
 * splitting a character.
 */
export function cleanLine(text: string, max: number): string {
  const isPlain = PLAIN_LINE.test(text) && !text.includes("  ");
  const line = (isPlain ? text : cleaned(text)).trim();
  return line.length <= max ? line : line.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
}

function cleaned(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/gu, "")
    .toWellFormed();
}

/** A message: line breaks stay, other control characters go, lone surrogates become U+FFFD. */
export function cleanMessage(text: string): string {
  if (PLAIN_MESSAGE.test(text)) return text.trim();
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, (character) =>
      character === "\t" ? "\t" : "",
    )
    .toWellFormed()
    .trim();
}
