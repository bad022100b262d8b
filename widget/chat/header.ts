import type { ConversationId } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import { element, icon } from "../element.ts";
import { face } from "../face.ts";
import type { Words } from "../languages/choose.ts";
import { fill } from "../languages/texts.ts";
import type { Memory } from "../memory.ts";
import { MUTED } from "../sound.ts";
import { CLOSE, DEVICE, LIST, MUTE, SOUND } from "./icons.ts";
import type { Times } from "./times.ts";

/** The way to all conversations where there are more, who is there and when, the sound switch, and the way out. */
export function createHeader(
  core: Core,
  { texts }: Words,
  times: Times,
  memory: Memory,
  goElsewhere: () => unknown,
  close: () => void,
  list: () => unknown,
) {
  const faces = element("div", { class: "faces" });
  // The site's own words may run the other way than the language's.
  const title = element("bdi");
  const greeting = element("p", { class: "greeting", dir: "auto" });
  const availability = element("p", {});
  const mute = element("button", {
    type: "button",
    click: () => {
      memory.keep(MUTED, memory.recall(MUTED) ? undefined : "1");
      showSound();
    },
  });
  const waiting = element("b", { "aria-hidden": "true" });
  const all = element(
    "button",
    {
      type: "button",
      class: "all",
      "aria-expanded": "false",
      "aria-controls": "threads",
      click: list,
    },
    icon(LIST),
    waiting,
  );
  const elsewhere = element(
    "button",
    {
      type: "button",
      title: texts.continueElsewhere,
      "aria-label": texts.continueElsewhere,
      "aria-expanded": "false",
      "aria-controls": "pass",
      click: goElsewhere,
    },
    icon(DEVICE),
  );
  const header = element(
    "header",
    {},
    all,
    faces,
    element("div", { class: "who" }, element("h2", {}, title), greeting, availability),
    elsewhere,
    mute,
    element("button", { type: "button", "aria-label": texts.closeChat, click: close }, icon(CLOSE)),
  );
  let shownFaces = "";

  function showSound() {
    const isMuted = memory.recall(MUTED) !== undefined;
    mute.setAttribute("aria-label", isMuted ? texts.soundOn : texts.soundOff);
    mute.title = isMuted ? texts.soundOn : texts.soundOff;
    mute.replaceChildren(icon(isMuted ? MUTE : SOUND));
  }

  showSound();
  return {
    header,
    /** `shown`: the conversation that the chat shows. */
    show(now: number, shown: ConversationId | undefined): void {
      const { team, settings, conversation } = core;
      const unread =
        (conversation?.waits ?? 0) - (conversation?.id === shown ? (conversation?.unread ?? 0) : 0);
      all.hidden = !conversation?.others;
      waiting.textContent = unread ? `${unread}` : "";
      all.title = texts.conversations;
      all.ariaLabel =
        texts.conversations + (unread ? `, ${fill(texts.unread, { n: unread })}` : "");
      const wanted = JSON.stringify(team.faces);
      if (wanted !== shownFaces)
        faces.replaceChildren(...team.faces.map((card) => face(core.host, card)));
      shownFaces = wanted;
      elsewhere.hidden = !core.conversation || core.options.preview !== undefined;
      title.textContent = settings.title;
      greeting.textContent = settings.greeting;
      availability.textContent = times.availability(team, now, texts);
      availability.className = team.isOnline ? "availability online" : "availability";
    },
  };
}
