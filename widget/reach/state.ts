import type { VisibleEntry } from "../../protocol/entries.ts";
import type { Contact } from "../../protocol/contact.ts";

/** What is shown of how the person is answered by mail. */
export type ReachState = "none" | "ask" | "given" | "code" | "proven";

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
  return isChanging || isWanted || (isDue && !isDeclined) ? "ask" : "none";
}

/**
 * From when on the person is asked where else to answer: some time after the first of their messages that no operator
 * has answered, and at once where none is there. Nothing while everything is answered.
 */
export function dueAt(
  entries: readonly VisibleEntry[],
  isOnline: boolean,
  askAfterMs: number,
): number | undefined {
  let waiting: VisibleEntry | undefined;
  for (const entry of entries)
    if (entry.author.kind === "visitor") waiting ??= entry;
    else if (!entry.moment) waiting = undefined;
  return waiting && waiting.at + (isOnline ? askAfterMs : 0);
}
