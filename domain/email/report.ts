import { valuesOf, type Header } from "./headers.ts";
import type { ProviderFate } from "../../protocol/jobs.ts";

/** What a mail server reports of a mail: RFC 3464, RFC 5965 (complaints), and what older servers write in words. */
export type Report = {
  /** Message-IDs of the mail that it sends back, without brackets. Without one it tells of nothing. */
  returned: string[];
  fate: Extract<ProviderFate, "bounced" | "delayed" | "complained">;
  /** Whether the address that failed will not take mail later either. */
  isHard: boolean;
  /** Addresses that failed, in lower case. */
  recipients: string[];
  /** In the mail server's words. */
  reason: string | null;
};

/** How much of a report is read: what it says stands before the mail that it sends back. */
export const REPORT_READ_MAX_BYTES = 256 * 1024;
const RETURNED_MAX = 5;
const RECIPIENTS_MAX = 20;
const REASON_MAX = 200;

/** @param body The body as it came, each byte a character. Null when it tells of no failure. */
export function readReport(headers: readonly Header[], body: string): Report | null {
  const text = body.replace(/\r\n?/g, "\n");
  const fields = text.replace(/\n[ \t]+(?=\S)/g, " ").split("\n");
  const ids = valuesIn(fields, "message-id").flatMap(
    (value) => /<([^<>\s]+)>/.exec(value)?.[1] ?? [],
  );
  const returned = [...new Set(ids)].slice(0, RETURNED_MAX);
  const told =
    readComplaint(fields) ??
    (valuesIn(fields, "action").length > 0
      ? readStatus(fields)
      : readWords(headers, text.split("\n")));
  return told === null ? null : { returned, ...told };
}

type Told = Omit<Report, "returned">;

function readComplaint(fields: readonly string[]): Told | null {
  const [kind = ""] = valuesIn(fields, "feedback-type");
  if (kind.toLowerCase() !== "abuse") return null;
  const recipients = valuesIn(fields, "original-rcpt-to").flatMap(addressIn);
  return { fate: "complained", isHard: true, recipients, reason: null };
}

/** The fields of `message/delivery-status`. */
function readStatus(fields: readonly string[]): Told | null {
  const [action = ""] = valuesIn(fields, "action").map((value) => value.toLowerCase());
  if (!/^(?:failed|delayed)\b/.test(action)) return null;
  const [status = ""] = valuesIn(fields, "status").flatMap(statusIn);
  const [diagnostic] = valuesIn(fields, "diagnostic-code");
  const recipients = ["final-recipient", "original-recipient"]
    .flatMap((name) => valuesIn(fields, name))
    .flatMap(addressIn);
  return toldOf(action.startsWith("failed"), status, recipients, diagnostic ?? status);
}

/** qmail, Exim and others that say it in words: an address by itself, and under it what its server answered. */
function readWords(headers: readonly Header[], lines: readonly string[]): Told | null {
  const end = lines.findIndex((line) => RETURNED_MAIL.test(line));
  const words = end < 0 ? lines : lines.slice(0, end);
  if (!words.some((line) => FAILED.test(line))) return null;
  const at = words.findIndex((line) => ALONE.test(line));
  const named = valuesOf(headers, "x-failed-recipients").flatMap((value) => value.split(","));
  const recipients = [...named, words[at] ?? ""].flatMap(addressIn);
  const answer = (at < 0 ? words : words.slice(at + 1)).map((line) => line.trim());
  const reason = answer.find((line) => statusIn(line).length > 0) ?? answer.find(Boolean) ?? "";
  const isFinal = !words.some((line) => NOT_YET.test(line));
  return toldOf(isFinal, statusIn(reason)[0] ?? "5.0.0", recipients, reason);
}

const RETURNED_MAIL = /^-{3,}.*\b(?:copy of|original message|below this line)\b/i;
const FAILED =
  /(?:could not|couldn't|not able to|unable to|wasn't able to|failed to) (?:be )?deliver|permanent error|delivery (?:has |to the following .{0,40})?failed|undeliverable/i;
const NOT_YET =
  /has not (?:yet )?been (?:able to )?deliver|still being retried|will (?:keep trying|be retried)|temporary/i;
/** `<ada@corp.example>:` of qmail, and the address on a line of its own of Exim. */
const ALONE = /^\s*<?[^\s<>:]{1,64}@[^\s<>:]{1,253}>?:?\s*$/;

function toldOf(isFinal: boolean, status: string, found: string[], words: string): Told {
  const reason = words.replace(/^smtp;\s*/i, "").slice(0, REASON_MAX);
  return {
    fate: isFinal ? "bounced" : "delayed",
    isHard: isFinal && isOfTheAddress(status),
    recipients: [...new Set(found)].slice(0, RECIPIENTS_MAX),
    reason: reason === "" ? null : reason,
  };
}

/**
 * Whether a status (RFC 3463) speaks of the address rather than of this mail: no such mailbox or domain, or one that is
 * closed. A full mailbox, a mail that is too large or called spam says nothing of the next one.
 */
function isOfTheAddress(status: string): boolean {
  return /^5\.(?:0\.0|1\.(?:[0-6]|10)|2\.1|4\.[14])$/.test(status);
}

const ADDRESS = /[^\s<>;:]{1,64}@[^\s<>;:]{1,253}/;

/** The enhanced status in a text, or what its plain code stands for. Digits of addresses and servers' names are neither. */
function statusIn(text: string): string[] {
  const words = text.replace(new RegExp(ADDRESS, "g"), "");
  const enhanced = /(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(words)?.[1];
  if (enhanced !== undefined) return [enhanced];
  const code = /(?<![\w.])([45])\d\d(?![\d.]*\d)(?!\w)/.exec(words);
  if (code === null) return [];
  return [code[0] === "550" || code[0] === "553" ? "5.1.1" : `${code[1]}.3.0`];
}

/** `rfc822; ada@corp.example`, `<ada@corp.example>:` or the address alone. */
function addressIn(value: string): string[] {
  const [address] = ADDRESS.exec(value) ?? [];
  return address === undefined ? [] : [address.toLowerCase()];
}

function valuesIn(lines: readonly string[], name: string): string[] {
  const start = `${name}:`;
  return lines
    .filter((line) => line.slice(0, start.length).toLowerCase() === start)
    .map((line) => line.slice(start.length).trim());
}
