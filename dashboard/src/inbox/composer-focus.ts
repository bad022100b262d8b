import type { ConversationId } from "../../../protocol/ids.ts";

/** Which conversation shall be opened with its composer in focus: said before going there. */
let wish: string | null = null;

export function wishFocus(conversation: string): void {
  wish = conversation;
}

/** Whether this conversation was opened in order to write in it. */
export function takeFocusWish(conversation: ConversationId): boolean {
  if (wish !== conversation) return false;
  wish = null;
  return true;
}
