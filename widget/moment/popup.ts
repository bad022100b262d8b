import type { Moment } from "../../protocol/triggers.ts";
import type { Core } from "../core.ts";
import { element, icon } from "../element.ts";
import { face } from "../face.ts";
import type { Words } from "../languages/choose.ts";
import { guard } from "../loader/events.ts";

const CLOSE = "M6 6l12 12M18 6L6 18";

/** What the person can do with a pop-up. */
export type Wishes = { close(): void; refuse(): void };

/** One pop-up as an element, with what its card draws, and below that what takes an answer. */
export function createPopup(
  { host, card }: Core,
  words: Words,
  { content, from }: Moment,
  { close, refuse }: Wishes,
  drawn: readonly HTMLElement[],
  answer: readonly HTMLElement[],
): HTMLDialogElement {
  const { texts, locale } = words;
  const { heading, text } = content;
  const main = element("div", { class: "main" });
  const said = element("div", { class: "said" });
  if (from) {
    const who = element("span", { class: "who-name", dir: "auto" }, from.name);
    if (from.title) who.append(element("span", { class: "quiet" }, ` · ${from.title}`));
    said.append(element("div", { class: "sender" }, face(host, from), who));
  }
  if (heading) said.append(element("h2", { dir: "auto" }, heading));
  if (text) said.append(element("p", { dir: "auto" }, ...(card?.linkedText(text) ?? [text])));
  const image = drawn.filter(({ className }) => className === "picture");
  main.append(said, ...drawn.filter((node) => !image.includes(node)), ...answer);
  const dialog = element(
    "dialog",
    {
      class: `moment ${content.place ?? "corner"}`,
      tabindex: "-1",
      lang: locale,
      dir: texts.dir,
      "aria-label": heading || text || from?.name,
      cancel: (event: Event) => {
        event.preventDefault();
        close();
      },
    },
    element(
      "div",
      { class: "scroll" },
      ...image,
      main,
      element("button", { type: "button", class: "refuse", click: refuse }, texts.refuse),
    ),
    element(
      "button",
      { type: "button", class: "close", "aria-label": texts.closeMessage, click: close },
      icon(CLOSE),
    ),
  );
  const hear = guard((event: KeyboardEvent) => {
    // Sites have shortcuts of one letter; from outside, typing an answer looks like typing on the page.
    event.stopPropagation();
    if (event.type !== "keydown" || event.key !== "Escape" || event.isComposing) return;
    // Else the browser would go on and close what of the page's own lies beneath.
    event.preventDefault();
    close();
  });
  for (const name of ["keydown", "keyup", "keypress"] as const) dialog.addEventListener(name, hear);
  return dialog;
}
