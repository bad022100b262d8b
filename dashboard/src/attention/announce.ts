import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { OperatorId } from "../../../protocol/ids.ts";
import type { Alert } from "../../../protocol/inbox-frames.ts";
import { preferences } from "../preferences.ts";
import { nameOf } from "../words/names.ts";
import { playChime } from "./sound.ts";

/** Tells an operator of what they are not looking at: a sound, and the browser's notification. */

export type Looking = { conversation: string | null; isVisible: boolean };

/** A message concerns whoever has the conversation, and everybody while nobody has it. */
export function concerns(summary: ConversationSummary, me: OperatorId, looking: Looking): boolean {
  if (looking.isVisible && looking.conversation === summary.id) return false;
  return summary.assignee === null || summary.assignee.id === me;
}

/** Characters of a text that the browser's notification shows. */
const NOTIFIED_TEXT_MAX = 200;
const CLAIM = "parley.announced";

/** Of several tabs of this browser, the first one to come announces a thing; the others keep quiet. */
function claim(mark: string): boolean {
  try {
    if (localStorage.getItem(CLAIM) === mark) return false;
    localStorage.setItem(CLAIM, mark);
  } catch {
    // Storage is blocked: every tab announces.
  }
  return true;
}

export function announce(summary: ConversationSummary, open: (conversation: string) => void): void {
  if (!claim(`${summary.id}.${summary.visibleSeq}`)) return;
  if (preferences.get().sound) playChime();
  notify(nameOf(summary.visitor), summary.last?.text ?? "", summary.id, () => open(summary.id));
}

/** Tells of a trigger's alert; the page itself shows it too, so the browser does only where nobody sees the page. */
export function announceAlert(alert: Alert, isVisible: boolean, open: () => void): void {
  if (!claim(alert.id)) return;
  if (preferences.get().sound) playChime();
  if (!isVisible) notify(nameOf(alert.visitor), alert.text, alert.id, open);
}

function notify(title: string, text: string, tag: string, open: () => void): void {
  if (!preferences.get().notifications || !canNotify()) return;
  if (Notification.permission !== "granted") return;
  const notification = new Notification(title, {
    body: text.slice(0, NOTIFIED_TEXT_MAX),
    tag,
    icon: "/favicon.svg",
    silent: true,
  });
  notification.addEventListener("click", () => {
    window.focus();
    notification.close();
    open();
  });
}

export const canNotify = (): boolean => "Notification" in window;

/** Asks the browser's permission; only ever from a button. */
export async function askToNotify(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === "granted";
}
