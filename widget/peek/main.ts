import { addStyles, dress } from "../colors.ts";
import type { Core, Part } from "../core.ts";
import { element, icon } from "../element.ts";
import { face } from "../face.ts";
import { labelLauncher } from "../label.ts";
import { chooseWords } from "../languages/choose.ts";
import { english, fill } from "../languages/texts.ts";
import { guard } from "../loader/events.ts";
import { memoryOf } from "../memory.ts";
import { tellNews } from "../news.ts";
import { createReactions } from "../reactions.ts";
import css from "./peek.css";

const DISMISSED = ":dismissed";
const CLOSE = "M6 6l12 12M18 6L6 18";

/** What shows that messages wait while the chat is closed: the number on the launcher, and the newest one beside it. */
export default function start(core: Core): Promise<Part> {
  return (core.peek ??= create(core));
}

async function create(core: Core): Promise<Part> {
  const { texts, locale } = await chooseWords(core, english);
  const memory = memoryOf(core);
  const reactions = createReactions(core, memory);
  const badge = element("b", { "aria-hidden": "true" });
  const bubble = element("div", {
    class: "peek",
    role: "status",
    lang: locale,
    dir: texts.dir,
    hidden: true,
  });
  let shown = 0;
  addStyles(core.root, css);
  core.toggler.append(badge);
  core.root.append(bubble);

  function dismiss() {
    memory.keep(DISMISSED, `${shown}`);
    part.changed();
    core.toggler.focus();
  }

  const part: Part = {
    changed() {
      const { conversation, isOpen } = core;
      const preview = conversation?.preview;
      const unread = (!isOpen && conversation?.waits) || 0;
      tellNews(core, memory);
      labelLauncher(core, texts);
      dress(bubble, core);
      badge.textContent = unread > 99 ? "99+" : `${unread}`;
      badge.hidden = unread === 0;
      bubble.hidden =
        !unread ||
        !conversation?.unread ||
        !preview ||
        core.isTaken === true ||
        preview.at <= Number(memory.recall(DISMISSED) ?? 0);
      reactions.look(
        preview?.delivery && !bubble.hidden && !document.hidden ? [preview.delivery] : [],
      );
      if (bubble.hidden || !preview) {
        shown = 0;
        bubble.replaceChildren();
        return;
      }
      if (preview.at === shown) return;
      shown = preview.at;
      const { author, text } = preview;
      bubble.replaceChildren(
        element(
          "button",
          { type: "button", class: "words", click: () => core.toggler.click() },
          face(core.host, author),
          element(
            "span",
            {},
            element("span", { class: "from" }, fill(texts.messageFrom, { name: author.name })),
            element("strong", { "aria-hidden": "true" }, author.name),
            element("span", { class: "text", dir: "auto" }, text),
          ),
        ),
        element(
          "button",
          { type: "button", class: "dismiss", "aria-label": texts.dismiss, click: dismiss },
          icon(CLOSE),
        ),
      );
    },
  };
  core.parts.push(part);
  part.changed();
  document.addEventListener(
    "visibilitychange",
    guard(() => part.changed()),
  );
  return part;
}
