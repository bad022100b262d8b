/** Every shortcut, once: the keys, what they do, and where the help lists them. */

export const SHORTCUTS = [
  { id: "next", keys: ["j"], words: "Next conversation", group: "Inbox" },
  { id: "previous", keys: ["k"], words: "Previous conversation", group: "Inbox" },
  { id: "open", keys: ["Enter"], words: "Open it", group: "Inbox", isNative: true },
  { id: "reply", keys: ["r"], words: "Write a reply", group: "Conversation" },
  { id: "note", keys: ["n"], words: "Write a note", group: "Conversation" },
  { id: "assign", keys: ["a"], words: "Assign or transfer", group: "Conversation" },
  { id: "close", keys: ["e"], words: "Close or reopen", group: "Conversation" },
  { id: "send", keys: ["Enter"], words: "Send", group: "Writing", isNative: true },
  { id: "sendAlso", keys: ["mod", "Enter"], words: "Send, too", group: "Writing", isNative: true },
  { id: "newLine", keys: ["Shift", "Enter"], words: "New line", group: "Writing", isNative: true },
  { id: "palette", keys: ["mod", "k"], words: "Go to anything", group: "Everywhere" },
  { id: "help", keys: ["?"], words: "Show these shortcuts", group: "Everywhere" },
  { id: "leave", keys: ["Escape"], words: "Leave what is open", group: "Everywhere" },
] as const satisfies readonly {
  id: string;
  keys: readonly string[];
  words: string;
  group: string;
  /** Handled where it happens, by the browser or the field; listed for the help only. */
  isNative?: true;
}[];

export type ShortcutId = (typeof SHORTCUTS)[number]["id"];

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The shortcut that a key press means, or null. While somebody types, only Escape and mod keys count. */
export function shortcutOf(
  press: Press,
  isTyping: boolean,
  hasSingleKeys: boolean,
): ShortcutId | null {
  const isMod = press.ctrlKey || press.metaKey;
  if (press.altKey) return null;
  for (const shortcut of SHORTCUTS) {
    if ("isNative" in shortcut) continue;
    const keys: readonly string[] = shortcut.keys;
    const needsMod = keys.includes("mod");
    if (needsMod !== isMod || keys.at(-1) !== (isMod ? press.key.toLowerCase() : press.key))
      continue;
    if (needsMod || shortcut.id === "leave") return shortcut.id;
    return isTyping || !hasSingleKeys ? null : shortcut.id;
  }
  return null;
}

const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** A key as people know it from their keyboard. */
export function keyLabel(key: string): string {
  if (key === "mod") return isApple() ? "⌘" : "Ctrl";
  if (key === "Escape") return "Esc";
  return key.length === 1 ? key.toUpperCase() : key;
}
