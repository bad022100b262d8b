import type { Core } from "./core.ts";
import { emit } from "./loader/events.ts";
import type { Memory } from "./memory.ts";
import { ring } from "./sound.ts";

/** Tells the page what is new for the person, once, whichever part notices it first. */
export function tellNews(core: Core, memory: Memory): void {
  const { conversation, serverTime } = core;
  const preview = conversation?.preview;
  const unread = conversation?.waits ?? 0;
  const told = (core.told ??= { unread: 0, at: serverTime });
  if (unread !== told.unread) {
    told.unread = unread;
    emit("unread", { unread });
  }
  if (preview && preview.at > told.at) {
    told.at = preview.at;
    emit("message", { conversation: conversation.id, ...preview });
    ring(memory, preview.at);
  }
}
