import { element } from "../element.ts";
import type { Texts } from "../languages/texts.ts";
import type { wroteTexts } from "../languages/wrote-texts.ts";

type Acts = {
  address(value: string): unknown;
  code(value: string): unknown;
  again(): unknown;
  other(): void;
  back(): void;
};

/** The two steps as one form: what is wrong stands under the field that it is about, and is said aloud. */
export function createForm(texts: Texts & typeof wroteTexts, acts: Acts) {
  const flaw = element("p", { class: "flaw", id: "wrote-flaw", role: "alert" });
  const about = element("p", { id: "wrote-about" });
  const field = element("input", { "aria-describedby": "wrote-about wrote-flaw" });
  const name = element("span");
  const submit = element("button", { type: "submit", class: "go" });
  const again = element("button", { type: "button", click: once(acts.again) });
  const other = element("button", { type: "button", click: acts.other }, texts.otherAddress);
  let isCode = false;
  let isBusy = false;
  const node = element(
    "form",
    {
      class: "wrote",
      novalidate: true,
      submit: (event: Event) => {
        event.preventDefault();
        return once(() => (isCode ? acts.code : acts.address)(field.value))();
      },
    },
    element("h3", {}, texts.wroteBefore),
    about,
    element("label", {}, name, field),
    flaw,
    submit,
    again,
    other,
    element("button", { type: "button", click: acts.back }, texts.back),
  );

  /** While one answer is waited for, nothing else is asked. */
  function once(act: () => unknown) {
    return () => (isBusy ? undefined : act());
  }

  function turn(attributes: Record<string, string>) {
    field.value = "";
    for (const [key, value] of Object.entries(attributes)) field.setAttribute(key, value);
    again.hidden = other.hidden = !isCode;
    clear();
    field.focus();
  }

  function clear() {
    flaw.textContent = "";
    field.ariaInvalid = null;
  }

  return {
    node,
    /** `typed`: an address to correct. */
    showAddress(typed = ""): void {
      isCode = false;
      about.textContent = texts.wroteHow;
      name.textContent = texts.emailAddress;
      submit.textContent = texts.sendCode;
      turn({ type: "email", autocomplete: "email", inputmode: "email" });
      field.value = typed;
    },
    showCode(sent: string): void {
      isCode = true;
      about.textContent = sent;
      name.textContent = texts.code;
      submit.textContent = texts.showConversation;
      turn({ type: "text", autocomplete: "one-time-code", inputmode: "numeric" });
    },
    fail(text: keyof typeof wroteTexts): void {
      // What is said again is heard again.
      clear();
      flaw.textContent = texts[text];
      field.ariaInvalid = "true";
      field.focus();
    },
    setBusy(on: boolean): void {
      isBusy = on;
      node.ariaBusy = `${on}`;
      if (on) clear();
    },
    /** It worked, and what follows from it is on its way. */
    wait(): void {
      this.setBusy(true);
    },
    /** Instead of asking for another code: how long it takes until one may. */
    pause(text: string | undefined): void {
      again.disabled = text !== undefined;
      again.textContent = text ?? texts.newCode;
    },
  };
}
