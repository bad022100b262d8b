import {
  COPY_BEFORE_MAX,
  COPY_BEFORE_TEXT_MAX,
  fittingCopy,
  type UnreadMessage,
} from "../../domain/email/unread-copy.ts";
import type { CopyRoute } from "../../domain/email/copy-route.ts";
import type { MessageEntry } from "../../protocol/entries.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import type { CopyMail } from "../../protocol/jobs.ts";
import type { Journal } from "../runtime/journal.ts";
import { parseEntry } from "./entry.ts";
import type { Head } from "./head.ts";
import type { CopyRange } from "./mail-thread.ts";
import type { ConversationStore } from "./store.ts";

/** After how long copies go out, up to which visible number they went, and whom D1 knows; null where it knows nobody. */
export type CopyMark = {
  to: string | null;
  afterMs: number;
  through: number;
  /** When an address that is not proven may get its next mail, and the message that this was last said of. */
  held?: { to: string; until: number; message: number };
  isEverything?: boolean;
};

export const COPY_KEY = "copy";
/** Unread messages that are looked at; a mail holds fewer. */
const UNREAD_MAX = 100;

export function copyMark(journal: Journal): CopyMark | null {
  return (journal.get(COPY_KEY) ?? null) as CopyMark | null; // written only here and by MailLog
}

/** Notes the address that is known to be the person's; copies go there from now on, or none do (`afterMs` 0). */
export function noteCopyRoute(
  journal: Journal,
  { head, visitor }: Pick<ConversationStore, "head" | "visitor">,
  to: string | null,
  afterMs: number,
): void {
  const mark = copyMark(journal);
  const fresh = {
    through: head?.read.visitor.visible ?? 0,
    isEverything: visitor?.contact?.isEverything ?? false,
  };
  if (mark === null ? afterMs > 0 : mark.to !== to || mark.afterMs !== afterMs)
    journal.put([[COPY_KEY, { ...(mark ?? fresh), to, afterMs }]]);
}

/** Who chooses to get everything by mail has had what they read so far. */
export function noteEverything(journal: Journal, head: Head, isEverything: boolean): void {
  const mark = copyMark(journal);
  if (mark === null || (mark.isEverything ?? false) === isEverything) return;
  const through = Math.max(mark.through, head.read.visitor.visible);
  journal.put([[COPY_KEY, { ...mark, isEverything, through }]]);
}

/** What operators wrote by hand and no mail has carried: what the person has not read, or everything. */
export function unreadOf(journal: Journal, head: Head, route: CopyRoute): UnreadMessage[] {
  const mark = copyMark(journal);
  // In a conversation by email every message is a mail already.
  if (mark === null || mark.afterMs === 0 || head.mail !== undefined) return [];
  const after = route.isEverything
    ? mark.through
    : Math.max(mark.through, head.read.visitor.visible);
  return byHand(journal, after, UNREAD_MAX).map(({ seq, entry }) => {
    const { visibleSeq: visible, at, text } = entry;
    return { seq, visible, at, text };
  });
}

/** What a copy carries, and how it may speak to its address. */
export function copyRange(
  unread: readonly UnreadMessage[],
  from: number,
  through: number,
  { to, standing, isEverything }: CopyRoute,
  visitor: VisitorId,
): CopyRange {
  return {
    to,
    from,
    through,
    count: unread.length,
    ...(standing === "proven" ? {} : { isBare: true }),
    ...(standing === "unproven" ? { unprovenOf: visitor } : {}),
    ...(isEverything ? { everythingOf: visitor } : {}),
  };
}

/**
 * The mark once a copy did not leave: what it was to carry is carried by the next one. Null where the next one cannot:
 * where a later mail has carried what follows, or a person has asked for this one again.
 */
export function heldMark(
  journal: Journal,
  copy: CopyRange | undefined,
  message: number,
  until: number | undefined,
): CopyMark | null {
  const mark = copyMark(journal);
  if (mark === null || copy === undefined || until === undefined) return null;
  if (copy.isAgain === true || mark.through !== copy.through) return null;
  return { ...mark, through: copy.from - 1, held: { to: copy.to, until, message } };
}

/** What a copy says: always the same for the same range, because the log does not change. */
export function copyContent(
  journal: Journal,
  { from, through, isBare, unprovenOf, everythingOf }: CopyRange,
): Pick<CopyMail, "operatorName" | "unread" | "left" | "before" | "unprovenOf" | "everythingOf"> {
  const messages = byHand(journal, from - 1, UNREAD_MAX).filter(
    ({ entry }) => entry.visibleSeq <= through,
  );
  const { shown, left } = fittingCopy(
    messages.map(({ seq, entry }) => ({ ...entry, seq, visible: entry.visibleSeq })),
  );
  const names = new Map(messages.map(({ seq, entry }) => [seq, nameOf(entry) ?? ""]));
  const before = (
    isBare === true
      ? []
      : journal.visibleAfter(Math.max(0, from - 1 - COPY_BEFORE_MAX), COPY_BEFORE_MAX)
  )
    .flatMap((row) => {
      const entry = parseEntry(row.entry);
      return entry.type === "message" && entry.visibleSeq < from ? [entry] : [];
    })
    // What nobody vouches for is not shown to anybody as their own.
    .filter((entry) => entry.mail?.isProven !== false || entry.accepted !== undefined);
  return {
    operatorName: names.get(shown.at(-1)?.seq ?? 0) ?? "",
    unread: shown.map(({ seq, at, text }) => ({ author: names.get(seq) ?? "", at, text })),
    left,
    ...(unprovenOf === undefined ? {} : { unprovenOf }),
    ...(everythingOf === undefined ? {} : { everythingOf }),
    before: before.map((entry) => ({
      author: nameOf(entry),
      at: entry.at,
      text: entry.text.slice(0, COPY_BEFORE_TEXT_MAX).toWellFormed(),
    })),
  };
}

type Stored = { seq: number; entry: Omit<MessageEntry, "seq"> };

/** What operators wrote themselves, and not as a mail of its own, after a visible number. */
function byHand(journal: Journal, visible: number, limit: number): Stored[] {
  return journal.visibleAfter(visible, limit).flatMap((row) => {
    const entry = parseEntry(row.entry);
    const isByHand =
      entry.type === "message" &&
      entry.author.kind === "operator" &&
      entry.sent === undefined &&
      entry.email === undefined;
    return isByHand ? [{ seq: row.seq, entry }] : [];
  });
}

function nameOf({ author }: Pick<MessageEntry, "author">): string | null {
  return author.kind === "operator" ? author.operator.name : null;
}
