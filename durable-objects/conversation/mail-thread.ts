import { REFERENCES_MAX, THREAD_MAILS_MAX, THREAD_WINDOW_MS } from "../../domain/email/limits.ts";
import type { JobId } from "../../protocol/ids.ts";

/** A message on its way out as a mail, with what its headers say; the same however often its job is made. */
export type OutgoingMail = { message: number; job: JobId; references: string[]; at: number };

/** What a conversation by email keeps beside its log. */
export type MailThread = {
  /** Message-IDs of what arrived, newest last. */
  received: string[];
  /** When mails arrived lately. */
  arrivals: number[];
  /** Jobs whose end nobody has told yet. */
  pending: OutgoingMail[];
  /** What did not arrive, or may not have: it can be sent again. */
  unsent: OutgoingMail[];
};

export const EMPTY_THREAD: MailThread = { received: [], arrivals: [], pending: [], unsent: [] };

/**
 * A job is put on the queue when its message is committed, and again only after this: while it waits there, or a
 * provider takes its time, another copy would only ask twice.
 */
export const REQUEUE_MS = 60_000;

/** Messages that can still be sent again. */
const UNSENT_MAX = 100;

/** Whether one more mail may be taken now. */
export function admitsMail(thread: MailThread, at: number): boolean {
  return recent(thread, at).length < THREAD_MAILS_MAX;
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
): MailThread {
  return {
    ...thread,
    pending: [...thread.pending, { message, job, references: thread.received, at }],
    unsent: thread.unsent.filter((one) => one.message !== message),
  };
}

/**
 * The thread once a job has ended; null when that is not news. That a mail was sent after all is: nobody knew before.
 */
export function withEnd(
  thread: MailThread,
  job: JobId,
  isSent: boolean,
): { thread: MailThread; message: number } | null {
  const { pending, unsent } = thread;
  const ended = [...pending, ...(isSent ? unsent : [])].find((one) => one.job === job);
  if (ended === undefined) return null;
  const others = unsent.filter((one) => one !== ended);
  return {
    message: ended.message,
    thread: {
      ...thread,
      pending: pending.filter((one) => one !== ended),
      unsent: isSent ? others : [...others, ended].slice(-UNSENT_MAX),
    },
  };
}

function recent({ arrivals }: MailThread, at: number): number[] {
  return arrivals.filter((one) => one > at - THREAD_WINDOW_MS);
}
