import { latin1, type SplitMail } from "./headers.ts";
import {
  MAIL_BOUNDARIES_MAX,
  MAIL_BOUNDARY_LINES_MAX,
  MAIL_HEADERS_MAX_BYTES,
  MAIL_LINES_MAX,
} from "./limits.ts";

/** Why a mail is not given to a parser: each of these makes some parser work for seconds. */
export type ShapeFlaw =
  | "headers_too_large"
  | "too_many_lines"
  | "too_many_parts"
  | "unclear_boundary";

const LF = 10;

/** Looks at a mail's shape in one pass over its lines; null when it may be parsed. */
export function shapeFlaw(bytes: Uint8Array, split: SplitMail): ShapeFlaw | null {
  if (split.headerBytes > MAIL_HEADERS_MAX_BYTES) return "headers_too_large";
  if (hasMoreLines(bytes, MAIL_LINES_MAX)) return "too_many_lines";
  const text = latin1(bytes);
  // A boundary in pieces (RFC 2231) is something no mail program writes.
  if (/;\s*boundary\*/i.test(text)) return "unclear_boundary";
  const boundaries = new Set<string>();
  for (const match of text.matchAll(
    /\bboundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi,
  )) {
    boundaries.add((match[1] ?? match[2] ?? "").trim());
    if (boundaries.size > MAIL_BOUNDARIES_MAX) return "too_many_parts";
  }
  if (boundaries.size === 0) return null;
  let found = 0;
  for (let at = text.indexOf("\n--"); at >= 0; at = text.indexOf("\n--", at + 1)) {
    const end = text.indexOf("\n", at + 1);
    const line = text.slice(at + 3, end < 0 ? undefined : Math.min(end, at + 300)).trimEnd();
    const isBoundary =
      boundaries.has(line) || (line.endsWith("--") && boundaries.has(line.slice(0, -2)));
    if (isBoundary && ++found > MAIL_BOUNDARY_LINES_MAX) return "too_many_parts";
  }
  return null;
}

function hasMoreLines(bytes: Uint8Array, max: number): boolean {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1))
    if (++count > max) return true;
  return false;
}
