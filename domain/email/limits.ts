/** What a mail may be before anybody reads it. Each limit is tested at, below and above its value. */

/** Largest mail that is taken, in bytes as it came. */
export const MAIL_MAX_BYTES = 10 * 1024 * 1024;
/** Bytes of the header block. */
export const MAIL_HEADERS_MAX_BYTES = 256 * 1024;
/** Lines of the body that begin or end a part. */
export const MAIL_BOUNDARY_LINES_MAX = 200;
/** Lines of the whole mail: a parser keeps each of them as an object of its own. Attachments up to the largest mail need fewer. */
export const MAIL_LINES_MAX = 150_000;
/** Different boundaries that a mail declares. */
export const MAIL_BOUNDARIES_MAX = 50;
/** Parts within parts. */
export const MAIL_NESTING_MAX = 20;
/** Attachments that are listed; further ones stand in the original only. */
export const MAIL_ATTACHMENTS_MAX = 50;
/** Text or HTML of a mail that is looked at before it is folded and cut, in UTF-16 code units. */
export const MAIL_READ_MAX = 500_000;
/** Longest text of a mail that is shown, in UTF-16 code units; the original keeps all of it. */
export const MAIL_TEXT_MAX = 16_000;
/** Longest quoted text that is kept beside it. */
export const MAIL_FOLDED_MAX = 8_000;
/** Longest HTML that is shown as it was laid out, in UTF-16 code units. */
export const MAIL_HTML_MAX = 1_000_000;
/** Pictures that a mail brought along and that are shown in it, in bytes. */
export const MAIL_INLINE_MAX_BYTES = 3 * 1024 * 1024;
/** Longest subject. */
export const MAIL_SUBJECT_MAX = 200;
/** Longest Message-ID that is kept for threading. */
export const MESSAGE_ID_MAX = 250;
/** Message-IDs in one `References` header: the thread's root and the newest. Fits 2,048 bytes with their own limit. */
export const REFERENCES_MAX = 6;
/** Mails that one conversation takes in `THREAD_WINDOW_MS`; further ones are refused, so that no loop fills it. */
export const THREAD_MAILS_MAX = 20;
export const THREAD_WINDOW_MS = 10 * 60_000;
