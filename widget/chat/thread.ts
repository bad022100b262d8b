import type { DeliveryId } from "../../protocol/ids.ts";
import type { Thread } from "../core.ts";
import { element } from "../element.ts";
import { fill, type Texts } from "../languages/texts.ts";
import type { createConversation } from "./conversation.ts";
import type { createMessageList } from "./message-list.ts";
import { answersTo, messagesOf, rowsOf } from "./rows.ts";
import type { Times } from "./times.ts";

/** What is said in answer to a delivery, shown outside the chat: messages, their state, and who is typing. */
export function createThread(
  conversation: ReturnType<typeof createConversation>,
  messages: ReturnType<typeof createMessageList>,
  times: Times,
  texts: Texts,
  delivery: DeliveryId,
): Omit<Thread, "end"> & { show(): void } {
  const typing = element("div", { class: "typing", role: "status" });
  const node = element("div", { class: "thread" }, messages.list, typing);
  messages.list.role = "log";
  const held = () =>
    answersTo(
      delivery,
      messagesOf(conversation.entries(), conversation.outgoing(), conversation.marks().team),
    );
  let last = "";
  return {
    node,
    send(text) {
      conversation.send(text, held()[0] ? undefined : delivery);
    },
    sayTyping: (on) => conversation.sayTyping(on),
    show() {
      const shown = held();
      const operator = shown[0] && conversation.typing();
      messages.show(
        rowsOf(shown, times.dayOf).filter(({ type }) => type === "message"),
        Date.now(),
      );
      typing.hidden = !operator;
      typing.textContent = operator ? fill(texts.typing, { name: operator.name }) : "";
      const newest = shown.at(-1);
      if (!newest) return;
      if (!document.hidden) conversation.read(newest.seq);
      if (last !== newest.key) node.scrollTop = node.scrollHeight;
      last = newest.key;
    },
  };
}
