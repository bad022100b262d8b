import { CLOSE } from "../chat/icons.ts";
import { element, icon } from "../element.ts";
import type { reachTexts } from "../languages/reach-texts.ts";
import { fill, type Texts } from "../languages/texts.ts";
import type { wroteTexts } from "../languages/wrote-texts.ts";
import type { ReachState } from "./state.ts";

export type ReachTexts = Texts & typeof wroteTexts & typeof reachTexts;

type Acts = {
  submit(value: string): unknown;
  dismiss(): unknown;
  change(): void;
  everything(is: boolean): unknown;
};

type Shown = { state: Exclude<ReachState, "none">; email: string; isEverything: boolean };

/** One row of the thread: a sentence, and what can be done about it. What is wrong stands under the field. */
export function createRow(texts: ReachTexts, acts: Acts, { state, email, isEverything }: Shown) {
  const words = element("p", { id: "reach-words", role: "status" });
  const flaw = element("p", { class: "flaw", id: "reach-flaw", role: "alert" });
  const isCode = state === "code";
  const isAsking = state === "question" || isCode;
  const field = element("input", {
    "aria-label": isCode ? texts.code : texts.emailAddress,
    "aria-describedby": "reach-words reach-flaw",
    placeholder: isCode ? texts.code : texts.emailAddress,
    type: isCode ? "text" : "email",
    autocomplete: isCode ? "one-time-code" : "email",
    inputmode: isCode ? "numeric" : "email",
    enterkeyhint: "done",
  });
  const box: HTMLInputElement = element("input", {
    type: "checkbox",
    change: () => acts.everything(box.checked),
  });
  box.checked = isEverything;
  const sentence = {
    question: texts.reachAsk,
    given: texts.reachGiven,
    code: texts.reachCode,
    proven: texts.reachProven,
  }[state];
  words.textContent = fill(sentence, { email: `\u2068${email}\u2069` });
  const button = (label: string, click: () => unknown) =>
    element("button", { type: "button", class: "link", click }, label);
  const node = element(
    "form",
    {
      class: "reach",
      novalidate: true,
      submit: (event: Event) => {
        event.preventDefault();
        acts.submit(field.value);
      },
    },
    words,
    ...(state === "question" || state === "proven"
      ? [
          element(
            "button",
            { type: "button", class: "shut", "aria-label": texts.dismiss, click: acts.dismiss },
            icon(CLOSE),
          ),
        ]
      : []),
    ...(isAsking
      ? [
          element(
            "div",
            {},
            field,
            element(
              "button",
              { type: "submit", class: "go" },
              isCode ? texts.reachConfirm : texts.reachSave,
            ),
          ),
        ]
      : []),
    ...(state === "proven"
      ? [
          element("label", {}, box, element("span", {}, texts.reachEverything)),
          element("p", { class: "quiet" }, texts.reachUnread),
        ]
      : []),
    flaw,
    ...(isCode || state === "given" ? [button(texts.reachChange, acts.change)] : []),
  );
  return {
    node,
    /** Whether the person has typed something into it. */
    isTyping: () => field.value !== "",
    focus(): void {
      (isAsking ? field : box).focus();
    },
    setBusy(on: boolean): void {
      node.ariaBusy = `${on}`;
      if (!on) return;
      flaw.textContent = "";
      field.ariaInvalid = null;
    },
    fail(text: string): void {
      flaw.textContent = text;
      field.ariaInvalid = "true";
      box.checked = isEverything;
      this.focus();
      // It has grown, and the composer stands below it.
      node.scrollIntoView({ block: "nearest" });
    },
  };
}
