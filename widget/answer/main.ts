import { createComposer } from "../chat/composer.ts";
import composerCss from "../chat/composer.css";
import { addStyles } from "../colors.ts";
import type { Answering, Core, Thread } from "../core.ts";
import { element } from "../element.ts";
import { answerTexts } from "../languages/moment-texts.ts";
import { guard } from "../loader/events.ts";
import css from "./answer.css";

/** Answers in pop-ups: the chat's own field, and above it the thread that the chat draws once somebody writes. */
export default function start(core: Core): Answering {
  return (core.answer ??= create(core));
}

function create(core: Core): Answering {
  addStyles(core.root, composerCss + css);
  return {
    create(texts, memory, reactions, delivery) {
      const { preview } = core.options;
      const words = { ...answerTexts, ...texts };
      const slot = element("div", { hidden: true });
      let thread: Thread | undefined;
      let isOver = false;

      /** Writing fetches the chat, which goes on reliably whatever becomes of the pop-up. */
      async function answerBy(use: (thread: Thread) => void) {
        const chat = await core.loadPart("chat");
        thread ??= chat.thread(delivery);
        slot.replaceWith(thread.node);
        use(thread);
        if (isOver) thread.end();
      }

      const composer = createComposer(
        { ...words, write: words.answer },
        memory,
        guard(async (text: string) => {
          if (preview) return;
          try {
            await answerBy(({ send }) => send(text));
            reactions.react(delivery, "answered");
          } catch (error) {
            composer.put(text);
            throw error;
          }
        }),
        guard((on: boolean) => preview || answerBy(({ sayTyping }) => sayTyping(on))),
      );
      composer.turnTo(delivery);
      return {
        nodes: [slot, composer.form],
        fit: composer.changed,
        isGoing: () => thread !== undefined,
        end() {
          isOver = true;
          thread?.end();
        },
      };
    },
  };
}
