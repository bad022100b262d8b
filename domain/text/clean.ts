/**
 * One line of text from outside, for names and titles: control characters and marks that turn the direction of
 * what follows are taken out, runs of white space become one space, and it is cut to `max` code units without
 * splitting a character.
 */
export function cleanLine(text: string, max: number): string {
  const line = text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/gu, "")
    .toWellFormed()
    .trim();
  return line.length <= max ? line : line.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
}

/** A message: line breaks stay, other control characters go, lone surrogates become U+FFFD. */
export function cleanMessage(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, (character) =>
      character === "\t" ? "\t" : "",
    )
    .toWellFormed()
    .trim();
}
