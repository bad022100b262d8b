import { MAIL_HEADERS_MAX_BYTES } from "./limits.ts";

/** The header block of a mail as it came: every field in its order, duplicates and forgeries included. */

export type Header = {
  /** In lower case. */
  name: string;
  /** Unfolded; white space around it is taken off. */
  value: string;
};

export type SplitMail = {
  headers: Header[];
  headerBytes: number;
  /** Where the body begins. */
  bodyAt: number;
};

const LF = 10;
const CR = 13;

/** Splits a mail without decoding it. Bytes above ASCII become U+0080 to U+00FF, one by one. */
export function splitMail(bytes: Uint8Array): SplitMail {
  const headerBytes = endOfHeaders(bytes);
  // What is beyond the limit is refused by its size; nobody reads it.
  const read = Math.min(headerBytes, MAIL_HEADERS_MAX_BYTES);
  const lines = latin1(bytes.subarray(0, read)).split("\n");
  const headers: Header[] = [];
  let folded: string[] = [];
  const keep = (): void => {
    const header = parseHeader(folded.join(""));
    if (header !== null) headers.push(header);
  };
  for (const raw of lines) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (/^[ \t]/.test(line)) folded.push(line);
    else {
      keep();
      folded = [line];
    }
  }
  keep();
  return {
    headers,
    headerBytes,
    bodyAt: Math.min(bytes.length, headerBytes + breakAt(bytes, headerBytes)),
  };
}

/** The values of a field, in their order. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value);
}

/** As many characters as one call takes at once. */
const CHUNK = 8_192;

/** Bytes as text, each one a character of its own. What the platform calls latin1 is windows-1252, which turns some into others. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

/** The offset of the empty line that ends the headers; all of it when there is none. */
function endOfHeaders(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    if (breakAt(bytes, at) > 0) return at;
    const end = bytes.indexOf(LF, at);
    if (end < 0) break;
    at = end + 1;
  }
  return bytes.length;
}

/** Length of the line break that stands here; 0 when there is none. */
function breakAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
}

function parseHeader(line: string): Header | null {
  const match = /^([!-9;-~]+)[ \t]*:([\s\S]*)$/.exec(line);
  if (match === null) return null;
  return { name: (match[1] ?? "").toLowerCase(), value: (match[2] ?? "").trim() };
}
