import type { ConversationId } from "../../../protocol/ids.ts";

/** Which conversation's composer shall have the focus: said before going there, or while it is open already. */
let wish: string | null = null;
const composers = new Set<() => void>();

export function wishFocus(conversation: string): void {
  wish = conversation;
  for (const look of composers) look();
}

/** Calls `focus` when somebody wants to write in this conversation; the answer ends that. */
export function onFocusWish(conversation: ConversationId, focus: () => void): () => void {
  function look(): void {
    if (wish !== conversation) return;
    wish = null;
    focus();
  }
  composers.add(look);
  look();
  return () => composers.delete(look);
}
