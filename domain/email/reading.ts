import PostalMime, { decodeWords, type Attachment, type Email } from "postal-mime";
import { cleanLine, cleanMessage } from "../text/clean.ts";
import { splitMail, valuesOf, type Header, type SplitMail } from "./headers.ts";
import { htmlText } from "./html-text.ts";
import {
  MAIL_ATTACHMENTS_MAX,
  MAIL_FOLDED_MAX,
  MAIL_HEADERS_MAX_BYTES,
  MAIL_HTML_MAX,
  MAIL_INLINE_MAX_BYTES,
  MAIL_NESTING_MAX,
  MAIL_READ_MAX,
  MAIL_SUBJECT_MAX,
  MAIL_TEXT_MAX,
} from "./limits.ts";
import { foldQuotes } from "./quotes.ts";
import { shapeFlaw } from "./shape.ts";

/** What a mail says, for showing. Who wrote it is never taken from here: `decision.ts` reads the headers itself. */
export type MailContent = {
  subject: string;
  text: string;
  /** Quoted history and signature; null when there are none. */
  folded: string | null;
  attachments: MailAttachment[];
  /** Whether it can be shown as its sender laid it out. */
  hasHtml: boolean;
  /** Why it could not be read, in which case the original is all there is. */
  flaw: string | null;
  /** Whether the text shown is not all that the original says. */
  isCut: boolean;
};

export type MailAttachment = { name: string; type: string; bytes: number };

/** Reads a mail that has passed the size limit. Never throws: what cannot be read is said to be so. */
export async function readMail(bytes: Uint8Array, split: SplitMail): Promise<MailContent> {
  const flaw = shapeFlaw(bytes, split);
  const subject = subjectOf(split.headers);
  if (flaw !== null) return { ...EMPTY, subject, flaw };
  try {
    const email = await parse(bytes);
    const { whole, isAll } = textOf(email);
    const { text, folded } = foldQuotes(whole);
    return {
      subject,
      text: cut(text, MAIL_TEXT_MAX),
      folded: folded === null ? null : cut(folded, MAIL_FOLDED_MAX),
      attachments: email.attachments.slice(0, MAIL_ATTACHMENTS_MAX).map(describe),
      hasHtml: isShowable(email.html),
      flaw: null,
      isCut:
        !isAll ||
        text.length > MAIL_TEXT_MAX ||
        (folded?.length ?? 0) > MAIL_FOLDED_MAX ||
        email.attachments.length > MAIL_ATTACHMENTS_MAX,
    };
  } catch {
    return { ...EMPTY, subject, flaw: "not_readable" };
  }
}

/** One attachment's bytes, by its place in the list; null when there is none. */
export async function readAttachment(
  bytes: Uint8Array,
  index: number,
): Promise<(MailAttachment & { content: Uint8Array<ArrayBuffer> }) | null> {
  if (shapeFlaw(bytes, splitMail(bytes)) !== null) return null;
  const { attachments } = await parse(bytes);
  const attachment = index < MAIL_ATTACHMENTS_MAX ? attachments[index] : undefined;
  if (attachment === undefined) return null;
  return { ...describe(attachment, index), content: contentOf(attachment) };
}

/** A mail as its sender laid it out, with the pictures that it brought along, as `data:` by their Content-ID. */
export type MailHtml = { html: string; inline: ReadonlyMap<string, string> };

/** Null where there is no HTML, or too much of it. */
export async function readHtml(bytes: Uint8Array): Promise<MailHtml | null> {
  if (shapeFlaw(bytes, splitMail(bytes)) !== null) return null;
  const { html, attachments } = await parse(bytes);
  if (!isShowable(html)) return null;
  const inline = new Map<string, string>();
  let room = MAIL_INLINE_MAX_BYTES;
  for (const attachment of attachments) {
    const id = attachment.contentId?.replace(/^<|>$/g, "") ?? "";
    const content = contentOf(attachment);
    if (id === "" || !INLINE_TYPES.test(attachment.mimeType) || content.length > room) continue;
    room -= content.length;
    inline.set(id, `data:${attachment.mimeType};base64,${base64(content)}`);
  }
  return { html, inline };
}

const INLINE_TYPES = /^image\/(?:png|jpeg|gif|webp)$/;

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(binary);
}

/** A name or subject of a header, decoded: one line without what could disguise it. */
export function headerText(value: string, max: number): string {
  const bytes = Uint8Array.from(value.slice(0, 4 * max), (character) => character.charCodeAt(0));
  return cleanLine(decodeWords(new TextDecoder().decode(bytes)), max);
}

const EMPTY = { text: "", folded: null, attachments: [], hasHtml: false, isCut: false };

function isShowable(html: string | undefined): html is string {
  return html !== undefined && html.trim() !== "" && html.length <= MAIL_HTML_MAX;
}

function parse(bytes: Uint8Array): Promise<Email> {
  return PostalMime.parse(bytes, {
    maxNestingDepth: MAIL_NESTING_MAX,
    maxHeadersSize: MAIL_HEADERS_MAX_BYTES,
    maxRfc822NestingDepth: 0,
  });
}

function subjectOf(headers: readonly Header[]): string {
  return headerText(valuesOf(headers, "subject")[0] ?? "", MAIL_SUBJECT_MAX);
}

/** The text part; of a mail without one, the words of its HTML. */
function textOf({ text, html }: Email): { whole: string; isAll: boolean } {
  const isHtmlOnly = html !== undefined && (text === undefined || text.trim() === "");
  const source = isHtmlOnly ? html : (text ?? "");
  const read = cut(source, MAIL_READ_MAX);
  const whole = cleanMessage(isHtmlOnly ? htmlText(read) : read);
  return { whole, isAll: source.length <= MAIL_READ_MAX };
}

function cut(text: string, max: number): string {
  return text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
}

const ATTACHMENT_NAME_MAX = 120;

function describe(attachment: Attachment, index: number): MailAttachment {
  const name = cleanLine((attachment.filename ?? "").replace(/[/\\]/g, "_"), ATTACHMENT_NAME_MAX);
  const type = /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,80}$/.test(attachment.mimeType)
    ? attachment.mimeType
    : "application/octet-stream";
  return { name: name || `attachment ${index + 1}`, type, bytes: contentOf(attachment).length };
}

function contentOf({ content }: Attachment): Uint8Array<ArrayBuffer> {
  if (typeof content === "string") return new Uint8Array(new TextEncoder().encode(content));
  return content instanceof ArrayBuffer ? new Uint8Array(content) : new Uint8Array(content.slice());
}
