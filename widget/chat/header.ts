import type { Core } from "../core.ts";
import { element, icon } from "../element.ts";
import { face } from "../face.ts";
import type { Words } from "../languages/choose.ts";
import type { Memory } from "../memory.ts";
import { MUTED } from "../sound.ts";
import { CLOSE, MUTE, SOUND } from "./icons.ts";
import type { Times } from "./times.ts";

/** Who is there and when, the sound switch, and the way out. */
export function createHeader(
  core: Core,
  { texts }: Words,
  times: Times,
  memory: Memory,
  close: () => void,
) {
  const faces = element("div", { class: "faces" });
  const title = element("h2");
  const greeting = element("p", { class: "greeting", dir: "auto" });
  const availability = element("p", {});
  const mute = element("button", {
    type: "button",
    click: () => {
      memory.keep(MUTED, memory.recall(MUTED) ? undefined : "1");
      showSound();
    },
  });
  const header = element(
    "header",
    {},
    faces,
    element("div", { class: "who" }, title, greeting, availability),
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
    show(now: number): void {
      const { team, settings } = core;
      const wanted = JSON.stringify(team.faces);
      if (wanted !== shownFaces)
        faces.replaceChildren(...team.faces.map((card) => face(core.host, card)));
      shownFaces = wanted;
      title.textContent = settings.title;
      greeting.textContent = settings.greeting;
      availability.textContent = times.availability(team, now, texts);
      availability.className = team.isOnline ? "availability online" : "availability";
    },
  };
}
