import type { VisibleEntry } from "../../protocol/entries.ts";
import type { Contact } from "../../protocol/contact.ts";

/** What is shown of how the person is answered by mail. */
export type ReachState = "none" | "question" | "given" | "code" | "proven";

/**
 * @param isDue Nobody has answered for long enough.
 * @param isWanted The person wants to see or change it.
 * @param isChanging They want to type another address.
 */
export function stateOf(
  contact: Contact | undefined,
  { isDue, isWanted, isChanging }: { isDue: boolean; isWanted: boolean; isChanging: boolean },
): ReachState {
  if (!contact) return "none";
  const { address, isProven, isDeclined, hasCode } = contact;
  if (isProven) return isWanted ? "proven" : "none";
  if (address && !isChanging) return hasCode ? "code" : "given";
  return isChanging || isWanted || (isDue && !isDeclined) ? "question" : "none";
}

/** The first of the person's messages that no operator has answered; what a trigger says answers nothing. */
export function waitingOf(entries: readonly VisibleEntry[]): VisibleEntry | undefined {
  let waiting: VisibleEntry | undefined;
  for (const entry of entries)
    if (entry.author.kind === "visitor") waiting ??= entry;
    else if (!entry.moment) waiting = undefined;
  return waiting;
}
