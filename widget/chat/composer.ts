import { element, icon } from "../element.ts";
import type { answerTexts } from "../languages/moment-texts.ts";
import { fill } from "../languages/texts.ts";
import { MESSAGE_TEXT_MAX } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { SEND } from "./icons.ts";

/** How close to the limit the counter appears. */
const COUNTER_FROM = 500;

const DRAFT = ":draft:";

/** Where the person writes. The draft is kept per conversation. */
export function createComposer(
  texts: Omit<typeof answerTexts, "answer">,
  memory: Memory,
  send: (text: string) => void,
  writes: (on: boolean) => void,
) {
  /** Never empty: under that name the browser keeps its right. */
  let place = DRAFT;
  /** Nobody knows who is here: the draft rests, and what is written meanwhile is kept nowhere. */
  let isHidden = false;
  const field = element("textarea", {
    rows: "1",
    "aria-label": texts.write,
    placeholder: texts.write,
    enterkeyhint: "send",
    input: () => {
      changed();
      keep(field.value);
      writes(field.value.trim() !== "");
    },
    keydown: (event: KeyboardEvent) => {
      // An input method's Enter ends a composition and not the message; Safari tells only by the key code.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
        return;
      event.preventDefault();
      submit();
    },
  });
  const counter = element("span", { class: "counter", role: "status" });
  const button = element(
    "button",
    { type: "submit", class: "send", "aria-label": texts.send },
    icon(SEND),
  );
  const form = element(
    "form",
    {
      class: "composer",
      submit: (event: Event) => {
        event.preventDefault();
        submit();
      },
    },
    field,
    counter,
    button,
  );

  function changed() {
    const left = MESSAGE_TEXT_MAX - field.value.length;
    // Written text decides its direction itself; an empty field has the language's.
    field.dir = field.value ? "auto" : "";
    // Its own height first, or it would never shrink. The style sheet ends the growing at six lines.
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    counter.textContent =
      left < 0
        ? fill(texts.charactersTooMany, { n: -left })
        : left < COUNTER_FROM
          ? fill(texts.charactersLeft, { n: left })
          : "";
    counter.classList.toggle("over", left < 0);
    button.disabled = left < 0 || field.value.trim() === "";
  }

  function submit() {
    if (button.disabled) return;
    const text = field.value.trim();
    put("");
    field.focus();
    send(text);
  }

  function put(text: string) {
    field.value = text;
    keep(text);
    changed();
  }

  function keep(text: string) {
    if (!isHidden) memory.keep(place, text || undefined);
  }

  return {
    form,
    field,
    changed,
    put,
    /** The draft stays where it was written. */
    rest(): void {
      place = DRAFT;
      field.value = "";
    },
    /** The draft is out of sight until it is settled who is here. */
    hide(): void {
      isHidden = true;
      put("");
    },
    /** Nothing of the former person stays. What was written since they were hidden is not theirs. */
    clear(): void {
      const written = isHidden ? field.value : "";
      isHidden = false;
      put("");
      field.value = written;
      place = DRAFT;
    },
    /** Shows the draft of a conversation; a draft written before it began comes along. */
    turnTo(conversation: string): void {
      const next = DRAFT + conversation;
      if (next === place && !isHidden) return;
      const written = field.value || (isHidden && memory.recall(place));
      isHidden = false;
      memory.keep(place);
      place = next;
      put(written || (memory.recall(place) ?? ""));
    },
  };
}
