import { element } from "../element.ts";
import { face } from "../face.ts";
import type { Words } from "../languages/choose.ts";
import { linkedText } from "./linked-text.ts";
import type { Message, Row } from "./rows.ts";
import type { Times } from "./times.ts";

type Moment = NonNullable<Message["moment"]>;

/**
 * The messages as elements: each is made once and kept while its row is there. `decorate` puts beneath the words what a
 * trigger sent with them.
 */
export function createMessageList(
  host: string,
  { texts }: Words,
  times: Times,
  retry: (key: string) => void,
  decorate: (slot: HTMLElement, moment: Moment) => void,
) {
  const list = element("div", { class: "messages" });
  let made = new Map<string, HTMLElement>();

  function bubble(text: string, at: number) {
    return element(
      "div",
      { class: "bubble", title: times.full(at) },
      element("div", { dir: "auto" }, ...linkedText(text)),
    );
  }

  function make(row: Row): HTMLElement {
    if (row.type === "day") return element("div", { class: "day" });
    const { operator, text, at, moment } = row.message;
    const extras = element("div");
    if (moment) decorate(extras, moment);
    return element(
      "div",
      {},
      ...(operator ? [face(host, operator)] : []),
      element(
        "div",
        { class: "body" },
        element("div", { class: "author" }, operator?.name ?? texts.you),
        bubble(text, at),
        extras,
        element("div", { class: "state" }),
      ),
    );
  }

  function refresh(node: HTMLElement, row: Row, now: number) {
    if (row.type === "day") {
      node.textContent = times.day(row.at, now);
      return;
    }
    const { message, isFirst, isLast, hasState } = row;
    const { operator, state, at } = message;
    const name = ["message", operator ? "theirs" : "own", state];
    if (isFirst) name.push("first");
    if (isLast) name.push("last");
    node.className = name.join(" ");
    const words =
      state === "refused"
        ? texts.notSent
        : { waiting: texts.sending, sent: texts.sent, seen: texts.seen }[state];
    const said = [
      ...(isLast && state !== "waiting" && state !== "refused" ? [times.time(at)] : []),
      ...(hasState && !operator ? [words] : []),
    ].join(" · ");
    const line = node.querySelector(".state");
    if (line && (line.textContent !== said || state === "refused")) {
      line.textContent = said;
      if (state === "refused")
        line.append(
          " ",
          element("button", { type: "button", click: () => retry(message.key) }, texts.tryAgain),
        );
    }
  }

  return {
    list,
    show(rows: readonly Row[], now: number): void {
      const kept = new Map<string, HTMLElement>();
      let after: ChildNode | null = list.firstChild;
      for (const row of rows) {
        const node = made.get(row.key) ?? make(row);
        refresh(node, row, now);
        kept.set(row.key, node);
        if (node === after) after = node.nextSibling;
        else list.insertBefore(node, after);
      }
      for (const [key, node] of made) if (!kept.has(key)) node.remove();
      made = kept;
    },
    /** Number of the last message whose text is above a line, in pixels from the top of the list's parent. */
    lastAbove(rows: readonly Row[], line: number): number {
      for (const row of [...rows].reverse()) {
        if (row.type === "day" || !row.message.seq) continue;
        const node = made.get(row.key);
        if (node && node.offsetTop + Math.min(node.offsetHeight, 48) <= line)
          return row.message.seq;
      }
      return 0;
    },
  };
}
