import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";

/** What is being written, kept per conversation; a note's draft is never a reply's. */

export type Mode = "message" | "note";

const memory = new Map<string, string>();
const prefixOf = (me: OperatorId): string => `parley.draft.${me}.`;
const nameOf = (me: OperatorId, conversation: ConversationId, part: Mode | "mode"): string =>
  `${prefixOf(me)}${conversation}.${part}`;

export function draftOf(me: OperatorId, conversation: ConversationId, mode: Mode): string {
  return read(nameOf(me, conversation, mode));
}

/** What was being written last, so that nobody who comes back sends a note as a message. */
export function modeOf(me: OperatorId, conversation: ConversationId): Mode {
  const kept = read(nameOf(me, conversation, "mode"));
  if (kept === "message" || kept === "note") return kept;
  return draftOf(me, conversation, "note") === "" ? "message" : "note";
}

export function keepMode(me: OperatorId, conversation: ConversationId, mode: Mode): void {
  keep(nameOf(me, conversation, "mode"), mode);
}

/** Everything that this operator was writing. */
export function forgetDrafts(me: OperatorId): void {
  for (const name of memory.keys()) if (name.startsWith(prefixOf(me))) memory.delete(name);
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(prefixOf(me))) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function read(name: string): string {
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
  keep(nameOf(me, conversation, mode), text);
}

function keep(name: string, text: string): void {
  memory.set(name, text);
  try {
    if (text === "") localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // Blocked or full: the draft lives as long as the page.
  }
}
