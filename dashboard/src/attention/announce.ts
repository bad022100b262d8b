import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { OperatorId } from "../../../protocol/ids.ts";
import { preferences } from "../preferences.ts";
import { nameOf } from "../words/names.ts";
import { playChime } from "./sound.ts";

/** Tells an operator of a message that they are not looking at: a sound, and the browser's notification. */

export type Looking = { conversation: string | null; isVisible: boolean };

/** A message concerns whoever has the conversation, and everybody while nobody has it. */
export function concerns(summary: ConversationSummary, me: OperatorId, looking: Looking): boolean {
  if (looking.isVisible && looking.conversation === summary.id) return false;
  return summary.assignee === null || summary.assignee.id === me;
}

const CLAIM = "parley.announced";

/** Of several tabs of this browser, the first one to come announces a message; the others keep quiet. */
function claim(summary: ConversationSummary): boolean {
  const mark = `${summary.id}.${summary.visibleSeq}`;
  try {
    if (localStorage.getItem(CLAIM) === mark) return false;
    localStorage.setItem(CLAIM, mark);
  } catch {
    // Storage is blocked: every tab announces.
  }
  return true;
}

export function announce(summary: ConversationSummary, open: (conversation: string) => void): void {
  if (!claim(summary)) return;
  const { sound, notifications } = preferences.get();
  if (sound) playChime();
  if (!notifications || !canNotify() || Notification.permission !== "granted") return;
  const notification = new Notification(nameOf(summary.visitor), {
    body: summary.last?.text.slice(0, 200) ?? "",
    tag: summary.id,
    icon: "/favicon.svg",
    silent: true,
  });
  notification.addEventListener("click", () => {
    window.focus();
    notification.close();
    open(summary.id);
  });
}

export const canNotify = (): boolean => "Notification" in window;

/** Asks the browser's permission; only ever from a button. */
export async function askToNotify(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === "granted";
}
