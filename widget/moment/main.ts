import type { Moment, MomentContent } from "../../protocol/triggers.ts";
import { addStyles, dress } from "../colors.ts";
import type { AnswerField, Core, Part } from "../core.ts";
import { element } from "../element.ts";
import { chooseWords } from "../languages/choose.ts";
import { popupTexts } from "../languages/moment-texts.ts";
import type { Texts } from "../languages/texts.ts";
import { emit, guard, hear } from "../loader/events.ts";
import { memoryOf } from "../memory.ts";
import { createReactions } from "../reactions.ts";
import { choose } from "./choose.ts";
import css from "./moment.css";
import { createPopup } from "./popup.ts";

/** What may be a web address, which the card's part turns into a link. */
const ADDRESS = /:\/\/|www\./i;

/** A pop-up on the page. */
type Shown = {
  moment: Moment;
  dialog: HTMLDialogElement;
  answer: AnswerField | undefined;
};

/** Pop-ups: one at a time, never over an open chat. */
export default function start(core: Core): Promise<Part> {
  return (core.moment ??= create(core));
}

async function create(core: Core): Promise<Part> {
  const words = await chooseWords(core, popupTexts as Texts); // pop-ups say nothing else
  const { texts } = words;
  const { preview } = core.options;
  const memory = memoryOf(core);
  const reactions = createReactions(core, memory);
  const done = new Set<string | Moment>();
  let shown: Shown | undefined;
  /** Says what appears beside the page's own content, where the focus does not go. */
  const aloud = element("div", { class: "aloud", role: "status" });
  core.root.append(aloud);
  addStyles(core.root, css);

  const isDone = (moment: Moment) =>
    // A preview that is shown again is another object.
    done.has(preview ? moment : moment.delivery) ||
    (["closed", "refused", "clicked", "answered"] as const).some((did) =>
      reactions.has(moment.delivery, did),
    );

  function finish(did?: "closed" | "refused") {
    if (!shown) return;
    const { moment } = shown;
    done.add(preview ? moment : moment.delivery);
    if (did) reactions.react(moment.delivery, did);
    core.changed();
  }

  /** Fetches what a pop-up is made of; true when all of it is here. */
  function isReady({ text, imageUrl, card, button, canAnswer }: MomentContent): boolean {
    const needsCard = imageUrl || card || button || ADDRESS.test(text);
    const missing = [
      ...(needsCard && !core.card ? (["card"] as const) : []),
      ...(canAnswer && !core.answer ? (["answer"] as const) : []),
    ];
    if (missing[0])
      guard(async () => {
        await Promise.all(missing.map((name) => core.loadPart(name)));
        part.changed();
      })();
    return !missing[0];
  }

  function show(moment: Moment) {
    const { delivery, content } = moment;
    const before = shown;
    const clicked = (opensChat: boolean, event: Event) => {
      if (preview) {
        event.preventDefault();
        return;
      }
      reactions.react(delivery, "clicked");
      if (opensChat) guard(async () => (await core.loadPart("chat")).open(false, delivery))();
      finish();
    };

    const answer = content.canAnswer
      ? core.answer?.create(texts, memory, reactions, delivery)
      : undefined;
    const dialog = createPopup(
      core,
      words,
      moment,
      {
        close: () => finish("closed"),
        refuse: () => finish("refused"),
      },
      core.card?.draw(content, words, clicked) ?? [],
      answer?.nodes ?? [],
    );
    if (before) dialog.classList.add("still");
    // Whoever writes what is previewed goes on writing.
    dialog.inert = !!preview;
    const hadFocus = hide();
    shown = { moment, dialog, answer };
    core.root.append(dialog);
    if (content.place === "centre") dialog.showModal();
    else dialog.open = true;
    if (content.place === "centre" || hadFocus) dialog.focus();
    answer?.fit();
    aloud.textContent = `${content.heading} ${content.text}`;
    if (!preview) emit("popup", { delivery });
  }

  /** Takes it away; true where the focus was in it and went to the launcher. */
  function hide() {
    if (!shown) return false;
    const { moment, dialog, answer } = shown;
    const hadFocus = moment.content.place !== "centre" && dialog.contains(core.root.activeElement);
    answer?.end();
    // Closing a modal one gives the focus back to where it came from.
    dialog.close();
    dialog.remove();
    if (hadFocus) core.toggler.focus();
    aloud.textContent = "";
    shown = undefined;
    return hadFocus;
  }

  const part: Part = {
    changed(isAnew) {
      if (isAnew) {
        hide();
        memory.clear();
        done.clear();
      }
      const current = shown?.moment;
      const isKept = shown?.answer?.isGoing() && current && !done.has(current.delivery);
      const next = core.isOpen
        ? undefined
        : isKept
          ? current
          : choose(core.moments?.shown ?? [], current?.delivery, isDone);
      if (!next) hide();
      else if (
        (preview ? next !== current : next.delivery !== current?.delivery) &&
        isReady(next.content)
      )
        show(next);
      if (shown) dress(shown.dialog, core);
      reactions.look(shown && !document.hidden ? [shown.moment.delivery] : []);
      if (!!shown !== !!core.isTaken) {
        core.isTaken = !!shown;
        core.changed();
      }
    },
  };
  core.parts.push(part);
  part.changed();
  // Wherever the focus is, unless the page itself has something to close.
  hear("keydown", ({ key, defaultPrevented, isComposing }) => {
    if (key === "Escape" && !defaultPrevented && !isComposing && !document.querySelector(":modal"))
      finish("closed");
  });
  document.addEventListener(
    "visibilitychange",
    guard(() => part.changed()),
  );
  return part;
}
