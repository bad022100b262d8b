import { valuesOf, type Header } from "./headers.ts";

/** One person's address, as the `From` field says it and nothing else vouches for. */
export type Sender = {
  /** In lower case, the domain as A-labels. */
  address: string;
  domain: string;
  /** As it stands in the field: not decoded yet, empty when there is none. */
  rawName: string;
};

export type SenderReading =
  | { ok: true; sender: Sender; isForAnother: boolean }
  | { ok: false; flaw: "none" | "several" | "unreadable" };

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL = `${ATOM}(?:\\.${ATOM})*`;
const QUOTED = `"(?:[^"\\\\\\x00-\\x1f\\x7f]|\\\\[^\\x00-\\x1f\\x7f])*"`;
/** Words before `<`: a quoted string, or characters that cannot begin another address or a comment. */
const NAME = `(?:${QUOTED}|[^<>@,;:"()\\\\\\x00-\\x1f\\x7f]*)`;
const MAILBOX = new RegExp(
  `^(?:(${NAME})[ \\t]*<(${LOCAL})@([^\\s<>@"(),;:\\\\]{1,253})>|(${LOCAL})@([^\\s<>@"(),;:\\\\]{1,253}))$`,
);

/**
 * Who the mail says it is from: exactly one `From` field with exactly one mailbox of a strict grammar. No quoted local
 * part, no comment, no group, no control character: where two programs might read two addresses, nobody is read.
 */
export function readSender(headers: readonly Header[]): SenderReading {
  const [from, ...others] = valuesOf(headers, "from");
  if (from === undefined || from === "") return { ok: false, flaw: "none" };
  if (others.length > 0) return { ok: false, flaw: "several" };
  const sender = readMailbox(from);
  if (sender === null) return { ok: false, flaw: "unreadable" };
  const senders = valuesOf(headers, "sender");
  const isForAnother = senders.some((value) => readMailbox(value)?.address !== sender.address);
  return { ok: true, sender, isForAnother };
}

/** One mailbox, or null when it is not exactly one. */
export function readMailbox(value: string): Sender | null {
  if (value.length > 1_000) return null;
  const match = MAILBOX.exec(value);
  if (match === null) return null;
  const local = (match[2] ?? match[4] ?? "").toLowerCase();
  // An encoded word in an address is something else to whoever decodes it.
  if (local.includes("=?")) return null;
  const domain = asciiDomain(match[3] ?? match[5] ?? "");
  if (domain === null || local.length > 64 || local.length + domain.length > 253) return null;
  return { address: `${local}@${domain}`, domain, rawName: (match[1] ?? "").trim() };
}

/** A domain in lower case, as it stands in DNS; null when it is none. */
function asciiDomain(text: string): string | null {
  // Bytes above ASCII were read one by one; in a header they are UTF-8 (RFC 6532).
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const decoded = new TextDecoder().decode(bytes);
  if (!URL.canParse(`http://${decoded}/`)) return null;
  const { hostname, host, pathname } = new URL(`http://${decoded}/`);
  if (host !== hostname || pathname !== "/") return null;
  return /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(hostname) && !/^[\d.]+$/.test(hostname)
    ? hostname
    : null;
}
