import { readFileSync } from "node:fs";

/** A mail of this folder as it travels: with CR LF at the end of each line. */
export function realMail(name: string): Uint8Array<ArrayBuffer> {
  const text = readFileSync(new URL(`mails/${name}.eml`, import.meta.url), "utf8");
  return new Uint8Array(new TextEncoder().encode(text.replace(/\r?\n/g, "\r\n")));
}
