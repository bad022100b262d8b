import { addStyles } from "../colors.ts";
import type { Answer, Core, Threads } from "../core.ts";
import { element } from "../element.ts";
import { threadsTexts } from "../languages/threads-texts.ts";
import { withFirst, withMore, type Held } from "./held.ts";
import { createRows } from "./rows.ts";
import css from "./threads.css";

/** Lines that stand for the list until it is here. */
const SKELETONS = 3;

/** All of the person's conversations, in place of the one that the chat shows. */
export default function start(core: Core): Threads {
  return (core.threads ??= create(core));
}

function create(core: Core): Threads {
  let end: (() => void) | undefined;
  let follow: (() => void) | undefined;
  let held: Held | undefined;
  addStyles(core.root, css);
  core.parts.push({
    changed(isAnew) {
      if (isAnew) held = undefined;
      if (isAnew) end?.();
      else follow?.();
    },
  });
  return {
    hide: () => end?.(),
    show(panel, { texts: own, locale }, chosen) {
      // The button that opened it closes it too.
      if (end) return end();
      const texts = { ...threadsTexts, ...own };
      const drawRow = createRows(core, texts, locale);
      const opener = panel.querySelector("[aria-controls=threads]");
      const list = element("ul", { keydown: step });
      const more = element("button", { type: "button", class: "more" }, texts.moreConversations);
      const word = element("p", { role: "status" });
      const again = element("button", { type: "button", class: "more" }, texts.tryAgain);
      const node = element(
        "section",
        { class: "threads", id: "threads", tabindex: "-1", "aria-label": texts.yourConversations },
        element("h3", {}, texts.yourConversations),
        word,
        again,
        list,
        more,
      );
      /** What the page was told when the list was asked for: each time it is told something else, it is asked anew. */
      let askedFor: Core["conversation"];

      function ask(before?: string) {
        if (!before) askedFor = core.conversation;
        node.ariaBusy = "true";
        const isSent = core.page.ask({ t: "conversations", before }, (answer) => {
          take(answer, before);
        });
        if (!isSent) take(undefined, before);
      }

      function take(answer: Answer, before?: string) {
        node.ariaBusy = "false";
        const page = answer?.t === "ack" && "conversations" in answer ? answer : undefined;
        const { conversations, next = null } = page ?? {};
        if (conversations) {
          const found = { conversations, next };
          held = before && held ? withMore(held, found) : withFirst(held, found);
        } else if (!before) askedFor = undefined;
        const isHere = conversations !== undefined;
        const isEmpty = held?.rows.length === 0;
        word.textContent = isHere ? (isEmpty ? texts.noConversations : "") : texts.listFailed;
        again.hidden = isHere;
        draw();
      }

      function draw() {
        const focused = buttons()[focusedAt()]?.value;
        const now = Date.now();
        list.replaceChildren(
          ...(held
            ? held.rows.map((row) => drawRow(row, now, () => leave(row.id)))
            : again.hidden
              ? Array.from({ length: SKELETONS }, () =>
                  element("li", { class: "skeleton", "aria-hidden": "true" }),
                )
              : []),
        );
        more.hidden = !held?.next;
        // Somebody who stands on one stays on it, wherever it goes.
        if (focused)
          buttons()
            .find(({ value }) => value === focused)
            ?.focus();
      }

      const buttons = () => [...list.querySelectorAll("button")];
      const focusedAt = () => buttons().findIndex((one) => one === core.root.activeElement);

      function step(event: KeyboardEvent) {
        const all = buttons();
        const at = focusedAt();
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
        const next = to === undefined ? undefined : all[to];
        if (!next) return;
        event.preventDefault();
        next.focus();
      }

      function leave(id?: Parameters<typeof chosen>[0]) {
        end = follow = undefined;
        panel.classList.remove("listing");
        opener?.setAttribute("aria-expanded", "false");
        node.remove();
        chosen(id);
      }

      end = leave;
      follow = () => {
        if (core.conversation !== askedFor) ask();
      };
      more.addEventListener("click", () => ask(held?.next ?? undefined));
      again.addEventListener("click", () => ask());
      again.hidden = true;
      draw();
      panel.classList.add("listing");
      opener?.setAttribute("aria-expanded", "true");
      panel.append(node);
      node.focus();
      ask();
    },
  };
}
