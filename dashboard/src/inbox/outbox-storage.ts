import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";
import { keyOf, type OutboxItem } from "./outbox.ts";

/**
 * Keeps unsent items over reloads and closed tabs: one key for each item, so that tabs never overwrite one
 * another. Where storage is blocked, the outbox lives in memory only.
 */

const prefixOf = (me: OperatorId): string => `parley.outbox.${me}.`;
const nameOf = (me: OperatorId, item: OutboxItem): string =>
  `${prefixOf(me)}${item.conversation}.${keyOf(item)}`;

export function keepItem(me: OperatorId, item: OutboxItem): void {
  try {
    localStorage.setItem(nameOf(me, item), JSON.stringify(item));
  } catch {
    // Blocked or full: the item stays in memory and is sent from there.
  }
}

export function forgetItem(me: OperatorId, item: OutboxItem): void {
  try {
    localStorage.removeItem(nameOf(me, item));
  } catch {
    // Nothing was kept.
  }
}

/** Everything kept for this operator, oldest first. */
export function keptItems(me: OperatorId): OutboxItem[] {
  const items: OutboxItem[] = [];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i);
      if (name?.startsWith(prefixOf(me))) {
        const item = readItem(localStorage.getItem(name));
        if (item !== null) items.push(item);
      }
    }
  } catch {
    return [];
  }
  return items.sort((a, b) => a.writtenAt - b.writtenAt || a.n - b.n);
}

/** Calls back when another tab has settled an item of this operator. */
export function onForgotten(
  me: OperatorId,
  forgotten: (conversation: ConversationId, key: string) => void,
): () => void {
  const listen = (event: StorageEvent): void => {
    if (event.key?.startsWith(prefixOf(me)) !== true || event.newValue !== null) return;
    const item = readItem(event.oldValue);
    if (item !== null) forgotten(item.conversation, keyOf(item));
  };
  addEventListener("storage", listen);
  return () => removeEventListener("storage", listen);
}

function readItem(text: string | null): OutboxItem | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    const isItem =
      typeof value === "object" &&
      value !== null &&
      "stream" in value &&
      "n" in value &&
      "text" in value &&
      "conversation" in value;
    // Only this module writes these keys; the shape is checked as far as sending needs it.
    return isItem ? (value as OutboxItem) : null;
  } catch {
    return null;
  }
}
