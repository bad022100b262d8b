/** When what an operator wrote in the chat goes out as a mail, because the person does not see it there. */

/** How long a message may stay unread in an open page, where a workspace has not set another time. */
export const UNREAD_COPY_MS = 5 * 60_000;
/** How long an operator pauses before what was written goes to somebody who is not there: it is to be one mail. */
export const COPY_QUIET_MS = 30_000;
/** Unread messages in one mail; earlier ones are counted in it. */
export const COPY_MESSAGES_MAX = 10;
/** Their text together, in UTF-16 code units. */
export const COPY_TEXT_MAX = 24_000;
/** What stands before them in the thread, and how much of each. */
export const COPY_BEFORE_MAX = 5;
export const COPY_BEFORE_TEXT_MAX = 500;

/** A message that an operator wrote by hand and the person has not read. */
export type UnreadMessage = { seq: number; visible: number; at: number; text: string };

export type CopyStep =
  | { kind: "none" }
  | { kind: "wait"; until: number }
  /** Whether the person has a page open decides. */
  | { kind: "ask" }
  | { kind: "send" };

/**
 * What is to be done about unread messages now. Pure, and asked anew whenever one is written or read.
 * @param isHere Whether the person has a page open; null while nobody has asked.
 * @param afterMs How long a message may stay unread.
 */
export function copyStep(
  unread: readonly UnreadMessage[],
  isHere: boolean | null,
  now: number,
  afterMs: number,
): CopyStep {
  const [oldest, newest] = [unread[0], unread.at(-1)];
  if (oldest === undefined || newest === undefined) return { kind: "none" };
  const latest = oldest.at + afterMs;
  if (now >= latest) return { kind: "send" };
  const quiet = newest.at + COPY_QUIET_MS;
  if (now < quiet) return { kind: "wait", until: Math.min(quiet, latest) };
  if (isHere === null) return { kind: "ask" };
  return isHere ? { kind: "wait", until: latest } : { kind: "send" };
}

/** What of the unread messages fits one mail, the newest of them, and how many stay out of it. */
export function fittingCopy(unread: readonly UnreadMessage[]): {
  shown: UnreadMessage[];
  left: number;
} {
  let room = COPY_TEXT_MAX;
  let count = 0;
  for (const { text } of unread.toReversed()) {
    room -= text.length;
    // The newest is always in it: one message is shorter than that.
    if (count > 0 && (room < 0 || count >= COPY_MESSAGES_MAX)) break;
    count++;
  }
  return { shown: unread.slice(unread.length - count), left: unread.length - count };
}
