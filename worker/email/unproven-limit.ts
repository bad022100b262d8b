import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import type { JobId } from "../../protocol/ids.ts";
import { attemptKey, lastAttempt, takeAttempt } from "../d1/attempts.ts";

/**
 * The one gate for mails to addresses that have not proven themselves, whichever workspace, conversation or kind of mail
 * it is. Addresses are the same as identifiers are: capitals do not make another one, dots and tags do.
 */

/** Mails that an address gets before it has proven itself: from the whole installation, in a day. */
const UNPROVEN_MAILS = 1;
export const UNPROVEN_WINDOW_MS = 24 * 3_600_000;

/** Takes the mail of the day for a job; the same job takes it once, however often it asks. */
export async function mayMailUnproven(
  db: D1Database,
  job: JobId,
  address: string,
  now: number,
): Promise<boolean> {
  return takeAttempt(db, await keyOf(address), UNPROVEN_MAILS, UNPROVEN_WINDOW_MS, now, job);
}

/** When an address may get its next mail. */
export async function unprovenMailFrom(
  db: D1Database,
  address: string,
  now: number,
): Promise<number> {
  const last = await lastAttempt(db, await keyOf(address));
  return last === null ? now : last + UNPROVEN_WINDOW_MS;
}

function keyOf(address: string): Promise<string> {
  return attemptKey("unproven-mail", normaliseIdentifier("email", address) ?? address);
}
