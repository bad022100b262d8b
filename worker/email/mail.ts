/** A mail that is safe to hand to any transport: its strings can end no header and hide no text. */

declare const brand: unique symbol;
type Clean = string & { readonly [brand]: "clean" };

export type Mailbox = { name: Clean; email: Clean };

export type OutboundMail = {
  from: Mailbox;
  to: Clean;
  /** Where answers go; null when they go to the sender. */
  replyTo: Clean | null;
  subject: Clean;
  text: string;
  html: string;
  headers: Readonly<Record<string, Clean>>;
};

/** Longest subject or name, in UTF-16 code units. */
export const MAIL_LINE_MAX = 200;

/** What a mail cannot be made of, however often it is tried. */
export class MailFlaw extends Error {}

/** The one way to make a mail. Throws `MailFlaw` when an address is not one. */
export function composeMail(parts: {
  /** `Name <address>` or a bare address. */
  from: string;
  /** Shown in place of the name in `from`. */
  fromName?: string;
  to: string;
  replyTo?: string;
  subject: string;
  text: string;
  html: string;
  /** A person wrote it: answering machines may answer it as they answer people. */
  isByHand?: boolean;
  /** Of our own making or read by us: each value must be one line of its header already. */
  headers?: Readonly<Record<string, string>>;
}): OutboundMail {
  const from = parseMailbox(parts.from);
  const headers = Object.entries(parts.headers ?? {}).map(([name, value]) => [
    name,
    cleanHeader(value),
  ]);
  return {
    from: parts.fromName === undefined ? from : { ...from, name: cleanLine(parts.fromName) },
    to: cleanAddress(parts.to),
    replyTo: parts.replyTo === undefined ? null : cleanAddress(parts.replyTo),
    subject: cleanLine(parts.subject),
    text: cleanText(parts.text),
    html: cleanText(parts.html),
    headers: {
      // RFC 3834: no vacation notice answers this.
      ...(parts.isByHand === true ? {} : { "Auto-Submitted": cleanLine("auto-generated") }),
      ...Object.fromEntries(headers),
    },
  };
}

// Everything that ends a line, hides text or turns its direction: C0 and C1 controls, U+2028 and U+2029,
// the bidirectional controls, the invisible marks, and halves of characters.
const CONTROLS =
  /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu;
const CONTROLS_BUT_BREAKS =
  /[^\P{Cc}\n\t]|[\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu;

/** One line without anything that could end it or disguise it. */
export function cleanLine(text: string): Clean {
  const line = text.replace(CONTROLS, " ").replace(/\s+/g, " ").trim();
  // The brand exists only for the compiler; `cleanLine` and `cleanAddress` are what gives it.
  return cutText(line, MAIL_LINE_MAX) as Clean;
}

/** Longest value of one header: what the strictest transport takes. */
const HEADER_MAX = 2_048;

function cleanHeader(value: string): Clean {
  if (value.length > HEADER_MAX || !/^[ -~]*$/.test(value)) throw new MailFlaw("not a header");
  return value as Clean; // the pattern holds neither controls nor line ends
}

/** At most `max` UTF-16 code units, without the half of a character at the end. */
export function cutText(text: string, max: number): string {
  return text.slice(0, max).replace(/[\ud800-\udbff]$/, "");
}

function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROLS_BUT_BREAKS, "");
}

const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/;

function cleanAddress(address: string): Clean {
  if (address.length > 254 || !ADDRESS.test(address)) throw new MailFlaw("not a mail address");
  return address as Clean; // the pattern holds neither controls nor separators
}

/** `Name <address>` or a bare address, as EMAIL_FROM holds it. */
export function parseMailbox(text: string): Mailbox {
  const match = /^\s*(?:"?([^"<>]*?)"?\s*)?<([^<>]+)>\s*$/.exec(text);
  if (match === null) return { name: cleanLine(""), email: cleanAddress(text.trim()) };
  return { name: cleanLine(match[1] ?? ""), email: cleanAddress((match[2] ?? "").trim()) };
}

/** A mailbox as a header shows it: the name always quoted (RFC 5322 section 3.2.4). */
export function formatMailbox(mailbox: Mailbox): string {
  if (mailbox.name === "") return mailbox.email;
  return `"${mailbox.name.replace(/["\\]/g, "")}" <${mailbox.email}>`;
}

/** Text for HTML: nothing in it is markup. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (sign) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign] ?? sign,
  );
}
