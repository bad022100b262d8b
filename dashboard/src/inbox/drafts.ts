import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";

/** What is being written, kept per conversation; a note's draft is never a reply's. */

export type Mode = "message" | "note";

const memory = new Map<string, string>();
const nameOf = (me: OperatorId, conversation: ConversationId, mode: Mode): string =>
  `parley.draft.${me}.${conversation}.${mode}`;

export function draftOf(me: OperatorId, conversation: ConversationId, mode: Mode): string {
  const name = nameOf(me, conversation, mode);
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? "";
  } catch {
    return memory.get(name) ?? "";
  }
}

export function keepDraft(
  me: OperatorId,
  conversation: ConversationId,
  mode: Mode,
  text: string,
): void {
  const name = nameOf(me, conversation, mode);
  memory.set(name, text);
  try {
    if (text === "") localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // Blocked or full: the draft lives as long as the page.
  }
}
