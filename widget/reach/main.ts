import { actOnProof, askAuth, askProof, type AuthAnswer } from "../auth/answer.ts";
import { addStyles } from "../colors.ts";
import type { Core, Reach } from "../core.ts";
import { reachTexts } from "../languages/reach-texts.ts";
import { wroteTexts } from "../languages/wrote-texts.ts";
import { memoryOf } from "../memory.ts";
import { isSamePerson } from "../same-person.ts";
import { FOUND } from "../wrote/found.ts";
import { flawOf, readAddress, readCode } from "../wrote/steps.ts";
import css from "./reach.css";
import { createRow, type ReachTexts } from "./row.ts";
import { stateOf } from "./state.ts";

/** Answers by mail: the chat asks for an address, takes the code that proves it, and lets the person choose. */
export default function start(core: Core): Reach {
  return (core.reach ??= create(core));
}

const OLD_CODES = /expired|used|tries/;

function create(core: Core): Reach {
  let slot: HTMLElement;
  let texts: ReachTexts;
  let row: ReturnType<typeof createRow> | undefined;
  let shown = "";
  let isBusy = false;
  let isDue = false;
  let isWanted = false;
  let isChanging = false;
  let whose = core.visitor;
  addStyles(core.root, css);
  core.parts.push({
    changed(isAnew) {
      if (isAnew && !isSamePerson(core, whose)) isWanted = isChanging = false;
      whose = core.visitor;
    },
  });

  async function ask(run: (token: string) => Promise<AuthAnswer | undefined>) {
    const { token } = core;
    if (isBusy || !token) return undefined;
    isBusy = true;
    row?.setBusy(true);
    try {
      return await run(token);
    } catch {
      return undefined;
    } finally {
      isBusy = false;
      row?.setBusy(false);
    }
  }

  async function choose(change: object) {
    const answer = await ask((token) => askAuth(core.host, "contact", { token, ...change }));
    if (!answer?.contact) return row?.fail(texts[flawOf(answer?.error?.code)]);
    core.contact = answer.contact;
    isChanging = false;
    core.changed();
  }

  async function prove(typed: string) {
    const code = readCode(typed);
    if (!code) return row?.fail(texts.badCode);
    const answer = await ask(() => askProof(core, { email: core.contact?.address, code }));
    const error = answer?.error?.code;
    if (!answer || error)
      return row?.fail(error && OLD_CODES.test(error) ? texts.reachOldCode : texts[flawOf(error)]);
    memoryOf(core).keep(FOUND, "1");
    // What there is to choose now is shown, whether the page has heard of the proof already or hears of it later.
    isWanted = true;
    actOnProof(core, answer);
    draw();
    core.changed();
  }

  function draw() {
    const { contact } = core;
    const isTyping = row?.isTyping() === true && shown.startsWith("question");
    const state = stateOf(contact, { isDue: isDue || isTyping, isWanted, isChanging });
    const email = contact?.address ?? "";
    const isEverything = contact?.isEverything === true;
    const next = `${state} ${email} ${isEverything}`;
    if (next === shown) return;
    const had = slot.contains(core.root.activeElement);
    shown = next;
    row = undefined;
    slot.replaceChildren();
    if (state === "none") return;
    row = createRow(
      texts,
      {
        submit: (value) => {
          // Pressed twice: the first is still on its way.
          if (isBusy) return;
          if (state === "code") return prove(value);
          const address = readAddress(value);
          return address ? choose({ address }) : row?.fail(texts.badAddress);
        },
        dismiss: () => {
          const isAsked = !isWanted && !isChanging;
          isWanted = isChanging = false;
          if (isAsked) return choose({ isDeclined: true });
          core.changed();
        },
        change: () => {
          isChanging = true;
          draw();
          row?.focus();
        },
        everything: (is) => choose({ isEverything: is }),
      },
      { state, email, isEverything },
    );
    slot.append(row.node);
    if (had) row.focus();
  }

  return {
    show(place, words, due, opened) {
      slot = place;
      texts = { ...wroteTexts, ...reachTexts, ...words.texts };
      isDue = due;
      isWanted ||= !!opened;
      draw();
      if (opened) row?.focus();
    },
  };
}
