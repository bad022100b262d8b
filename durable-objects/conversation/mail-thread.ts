import { REFERENCES_MAX, THREAD_MAILS_MAX, THREAD_WINDOW_MS } from "../../domain/email/limits.ts";
import { isFateNews } from "../../domain/email/fate.ts";
import type { JobId, VisitorId } from "../../protocol/ids.ts";
import type { MailFate } from "../../protocol/jobs.ts";
import type { Journal } from "../runtime/journal.ts";

/** A message on its way out as a mail, with what its headers say; the same however often its job is made. */
export type OutgoingMail = {
  message: number;
  job: JobId;
  references: string[];
  at: number;
  copy?: CopyRange;
  /** Of a mail that is no copy. */
  answer?: AnswerWords;
};

/** How an answer speaks to its address: whether that has proven itself, and the number of what is quoted to it. */
export type AnswerWords = { isProven: boolean; quoted: number | null };

/** Which messages a copy is of, by their visible numbers, and whom it goes to; the same however often it is made. */
export type CopyRange = {
  to: string;
  from: number;
  through: number;
  count: number;
  /** Nothing that stands before it is quoted: the address is not known to be the visitor's. */
  isBare?: true;
  /** Whose chat an address was typed into that has not proven itself. */
  unprovenOf?: VisitorId;
  /** Who has chosen to get everything. */
  everythingOf?: VisitorId;
  /** A person asked for it again: what it carries goes out with no other mail. */
  isAgain?: true;
};

/** What a conversation by email keeps beside its log. */
export type MailThread = {
  /** Message-IDs of what arrived, newest last. */
  received: string[];
  /** When mails arrived lately. */
  arrivals: number[];
  /** Jobs whose end nobody has told yet. */
  pending: OutgoingMail[];
  /** When operators were last told that further mails are sent back. */
  brakedAt?: number;
};

const EMPTY_THREAD: MailThread = { received: [], arrivals: [], pending: [] };

export const THREAD_KEY = "mail";

export function threadOf(journal: Journal): MailThread {
  return (journal.get(THREAD_KEY) ?? EMPTY_THREAD) as MailThread; // written only by MailLog and MailArrivals
}

/** What is known of the newest mail of one message, under `fateKey`. */
export type KnownFate = { job: JobId; fate: MailFate; copy?: CopyRange };

/** Read one by one: a thread has as many as it has mails. */
export const fateKey = (message: number): string => `~mailed:${message}`;

/**
 * A job is put on the queue when its message is committed, and again only after this: while it waits there, or a
 * provider takes its time, another copy would only ask twice.
 */
export const REQUEUE_MS = 60_000;

/** Since when mails are admitted again; null while one more may be taken. */
export function admitsMailFrom(thread: MailThread, at: number): number | null {
  const counted = recent(thread, at);
  const oldest = counted.at(-THREAD_MAILS_MAX);
  return oldest === undefined ? null : oldest + THREAD_WINDOW_MS;
}

/** The thread once operators are told that mails are sent back; null where that was said a short time ago. */
export function withBrake(thread: MailThread, at: number): MailThread | null {
  const { brakedAt } = thread;
  return brakedAt !== undefined && at < brakedAt + THREAD_WINDOW_MS
    ? null
    : { ...thread, brakedAt: at };
}

export function withArrival(thread: MailThread, messageId: string | null, at: number): MailThread {
  const others = thread.received.filter((id) => id !== messageId);
  return {
    ...thread,
    received: messageId === null ? others : [...others, messageId].slice(1 - REFERENCES_MAX),
    arrivals: [...recent(thread, at), at],
  };
}

export function withPending(
  thread: MailThread,
  message: number,
  job: JobId,
  at: number,
  says: Pick<OutgoingMail, "copy" | "answer">,
): MailThread {
  const others = thread.pending.filter((one) => one.message !== message);
  const references = thread.received;
  return { ...thread, pending: [...others, { message, job, references, at, ...says }] };
}

/**
 * The thread once something is told of a mail; null when that is not news. Of a message that was sent again only the
 * newest mail counts.
 */
export function withFate(
  thread: MailThread,
  known: KnownFate | null,
  told: KnownFate & { message: number },
): MailThread | null {
  const pending = thread.pending.find((one) => one.message === told.message);
  if (pending !== undefined)
    return pending.job === told.job
      ? { ...thread, pending: thread.pending.filter((one) => one !== pending) }
      : null;
  return known?.job === told.job && isFateNews(known.fate, told.fate) ? thread : null;
}

function recent({ arrivals }: MailThread, at: number): number[] {
  return arrivals.filter((one) => one > at - THREAD_WINDOW_MS);
}
