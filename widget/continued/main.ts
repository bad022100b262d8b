import { keepNext } from "../auth/next.ts";
import { addStyles } from "../colors.ts";
import type { Core, Part } from "../core.ts";
import { element } from "../element.ts";
import { chooseWords } from "../languages/choose.ts";
import { continuedTexts } from "../languages/elsewhere-texts.ts";
import { english } from "../languages/texts.ts";
import { address, ticketIn, withoutTicket } from "./address.ts";
import css from "./continued.css";

const TEXTS = {
  opened: "continuedHere",
  own: "continuedOwn",
  gone: "continuedGone",
} as const;

/** A link has led to this page: the chat opens and says what became of it, and the address loses what it carried. */
export default function start(core: Core): Promise<Part> {
  return (core.continuing ??= create(core));
}

async function create(core: Core): Promise<Part> {
  const { continued: outcome = "gone" } = core;
  const ticket = ticketIn(address());
  // The address of a mail may be proven only after boot was answered, and other tabs have a former right.
  if (outcome === "opened" && ticket) keepNext(core, ticket);
  forgetTicket();
  addStyles(core.root, css);
  const words = await chooseWords(core, english);
  const texts = { ...continuedTexts, ...words.texts };
  const dismiss = element("button", { type: "button", click: close }, texts.dismiss);
  const node = element(
    "div",
    { class: "continued", role: "status" },
    element("p", {}, texts[TEXTS[outcome]]),
    ...(outcome === "opened"
      ? [element("button", { type: "button", click: startAnew }, texts.continuedNotMine)]
      : []),
    dismiss,
  );

  function close() {
    node.remove();
    core.root.querySelector<HTMLElement>("textarea")?.focus();
  }

  /** As the page itself ends a right. */
  function startAnew() {
    node.remove();
    (window as { parley?: (name: string) => void }).parley?.("reset");
  }

  const part: Part = {
    changed(isAnew) {
      if (isAnew) node.remove();
    },
  };
  const chat = await core.loadPart("chat");
  chat.open();
  core.root.querySelector(".panel > header")?.after(node);
  core.parts.push(part);
  return part;
}

/** By the browser's own way, so that nobody takes it for another page. */
function forgetTicket() {
  const url = withoutTicket(address());
  if (url !== address()) History.prototype.replaceState.call(history, history.state, "", url);
}
