import {
  MAIL_BOUNDARY_LINES_MAX,
  MAIL_HEADERS_MAX_BYTES,
  MAIL_LINES_MAX,
  MAIL_MAX_BYTES,
  MAIL_NESTING_MAX,
} from "../limits.ts";

/** Mails that are still read and make as much work as somebody could think of, each at the limits that admit it. */

const FROM = "From: Ada <ada@corp.example>\r\n";
const PLAIN = `${FROM}Content-Type: text/plain; charset=utf-8\r\n\r\n`;
const HTML = `${FROM}Content-Type: text/html; charset=utf-8\r\n\r\n`;
const FILE =
  "Content-Type: application/pdf\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n";
const MIXED = `${FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n`;

/** As often as a unit fits between two ends. */
function filled(head: string, unit: string, tail = "", room = MAIL_MAX_BYTES): string {
  const breaks = (text: string): number => text.split("\n").length - 1;
  const byBytes = Math.floor((room - head.length - tail.length) / Buffer.byteLength(unit));
  const byLines = (MAIL_LINES_MAX - breaks(head) - breaks(tail)) / breaks(unit);
  return head + unit.repeat(Math.min(byBytes, Math.floor(byLines))) + tail;
}

const inHeader = (head: string, unit: string, tail = ""): string =>
  filled(`${FROM}${head}`, unit, `${tail}\r\n\r\nx`, MAIL_HEADERS_MAX_BYTES);

/** The same part as often as parts are admitted, of so many lines that all are. */
function parts(head: string, line: string): string {
  const count = MAIL_BOUNDARY_LINES_MAX - 2;
  const lines = Math.floor(MAIL_LINES_MAX / count) - head.split("\n").length - 2;
  return `${MIXED}--b\r\n${`${head}${line.repeat(lines)}\r\n--b\r\n`.repeat(count)}--b--`;
}

function nested(inner: string): string {
  const heads = Array.from(
    { length: MAIL_NESTING_MAX },
    (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`,
  );
  return `${FROM}${heads.join("")}Content-Type: text/plain\r\n\r\n${inner}`;
}

/** An ordinary mail of the largest size: what a parser alone needs for it is what the others are held against. */
export const largestAttachment = (): string =>
  filled(`${MIXED}--b\r\n${FILE}`, `${"JVBERi0x".repeat(9)}JVBE\r\n`, "--b--\r\n");

export const WORST_MAILS: Readonly<Record<string, () => string>> = {
  "the largest attachment": largestAttachment,
  "one endless line": () => filled(PLAIN, "a"),
  "empty lines": () => filled(PLAIN, "\n"),
  "lines that begin as a part does": () => filled(`${MIXED}--b\r\n\r\n`, "\n--"),
  "an attachment in short lines": () => filled(`${MIXED}--b\r\n${FILE}`, "AA\n", "\n--b--"),
  "quoted-printable": () =>
    filled(
      PLAIN.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"),
      `${"=E4=F6=FC".repeat(8)}=\r\n`,
    ),
  "flowed lines": () => filled(PLAIN.replace("utf-8", "utf-8; format=flowed"), "a \r\n"),
  "a charset that changes with every letter": () =>
    filled(PLAIN.replace("utf-8", "iso-2022-jp"), '\u001b$B$"\u001b(B'),
  "cells and blocks without a word": () => filled(HTML, "<td><div>"),
  "paragraphs without a word": () => filled(HTML, "<p>"),
  "tags that do not end": () => filled(HTML, "<"),
  "comments that do not end": () => filled(HTML, "<!--"),
  entities: () => filled(HTML, "&amp;"),
  "blocks quoted within one another": () => filled(HTML, "<blockquote>a"),
  "lines that nearly begin a quote": () =>
    filled(PLAIN, `On 1 ${"wrote ".repeat(26)}\r\n`, "", 160 * 4_900),
  "addresses that nearly begin a quote": () =>
    filled(PLAIN, `1 <${"@".repeat(400)}\r\n`, "", 400 * 4_900),
  "spaces before every word": () => filled(PLAIN, `${" ".repeat(400)}x\r\n`, "", 400 * 4_900),
  "headers without a value": () => inHeader("", "a:\n"),
  "a header in many lines": () => inHeader("X: ", "\r\n a"),
  "encoded words": () => inHeader("Subject: ", "=?utf-8?Q?=41?= "),
  "encoded words that do not end": () => inHeader("Subject: ", "=?utf-8?B?"),
  recipients: () => inHeader("To: ", "a@b.example,"),
  "recipients in groups that are empty": () => inHeader("To: ", "a:;"),
  "comments among the recipients": () => inHeader("To: ", "("),
  parameters: () => inHeader("Content-Type: text/plain; ", "a=b; "),
  "a file's name in pieces": () =>
    inHeader("Content-Disposition: attachment; filename*=utf-8''", "%41"),
  references: () => inHeader("References: ", "<a@b> "),
  "parts of text": () => parts("Content-Type: text/plain\r\n\r\n", "a\r\n"),
  "parts of HTML": () => parts("Content-Type: text/html\r\n\r\n", "<b>a\r\n"),
  "mails within the mail": () =>
    parts("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n", "a\r\n"),
  "parts within one another, and lines": () =>
    nested("\n".repeat(MAIL_LINES_MAX - 4 * MAIL_NESTING_MAX)),
};
