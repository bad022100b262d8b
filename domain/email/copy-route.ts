import type { ContactRoute } from "../../protocol/contact.ts";
import type { CopyStep, UnreadMessage } from "./unread-copy.ts";

/** Where what an operator writes in a chat goes as a mail, and when it has to wait. */

/** How long an operator pauses before what was written goes to somebody who wants everything by mail. */
export const EVERYTHING_QUIET_MS = 2 * 60_000;
/** How long a talk without pauses may keep it waiting. */
export const EVERYTHING_LATEST_MS = 15 * 60_000;

/**
 * `unproven`: anybody may have typed it, so that it gets one mail a day, with nothing in it that a visitor wrote.
 * `answered`: its owner has answered such a mail, which proves the mailbox for mails and nobody's browser.
 */
export type CopyRoute = {
  to: string;
  standing: "unproven" | "answered" | "proven";
  isEverything: boolean;
};

/**
 * @param known An address that D1 knows to be the person's, as of when an operator opened the conversation.
 * @param contact What the person's own object says.
 * @param answered The address that a vouched answer to a mail of this conversation came from.
 */
export function copyRoute(
  known: string | null,
  contact: ContactRoute | undefined,
  answered: string | null,
): CopyRoute | null {
  if (contact?.isProven !== true && known !== null)
    return { to: known, standing: "proven", isEverything: false };
  if (contact === undefined) return null;
  const { address: to, isProven, isEverything } = contact;
  const standing = isProven ? "proven" : answered === to ? "answered" : "unproven";
  return { to, standing, isEverything };
}

/** What is to be done for somebody who wants everything, whether they read it or not. Coalesced like a letter. */
export function everythingStep(messages: readonly UnreadMessage[], now: number): CopyStep {
  const [oldest, newest] = [messages[0], messages.at(-1)];
  if (oldest === undefined || newest === undefined) return { kind: "none" };
  const until = Math.min(newest.at + EVERYTHING_QUIET_MS, oldest.at + EVERYTHING_LATEST_MS);
  return now >= until ? { kind: "send" } : { kind: "wait", until };
}

/** `hold`: it is due, and its address has had its mail of the day. */
export type HeldStep = CopyStep | { kind: "hold"; until: number };

/** @param heldUntil When the address may get its next mail. */
export function heldStep(step: CopyStep, heldUntil: number, now: number): HeldStep {
  return step.kind === "send" && now < heldUntil ? { kind: "hold", until: heldUntil } : step;
}
