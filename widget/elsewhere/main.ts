import type { ContinueResponse } from "../../protocol/visitor-frames.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import { addStyles } from "../colors.ts";
import type { Core, Elsewhere } from "../core.ts";
import { element } from "../element.ts";
import { elsewhereTexts } from "../languages/elsewhere-texts.ts";
import { fill } from "../languages/texts.ts";
import { guard } from "../loader/events.ts";
import { drawCode } from "./code.ts";
import css from "./elsewhere.css";

const TIMEOUT_MS = 20_000;
const LOOK_MS = 1_000;
const MINUTE_MS = 60_000;

/** "Continue on another device": a link that works once, as a QR code and as words. */
export default function start(core: Core): Elsewhere {
  return (core.elsewhere ??= create(core));
}

function create(core: Core): Elsewhere {
  let end: (() => void) | undefined;
  addStyles(core.root, css);
  core.parts.push({
    changed(isAnew) {
      if (isAnew) end?.();
    },
  });
  return {
    hide: () => end?.(),
    show(panel, words, left) {
      if (end) return end();
      const texts = { ...elsewhereTexts, ...words.texts };
      /** By this browser's clock; 0 while there is no link. */
      let until = 0;
      let isBusy = false;
      let hasCode = true;
      const opener = panel.querySelector("[aria-controls=pass]");
      const how = element("p");
      const code = element("div", { class: "code" });
      const link = element("input", { readonly: true, "aria-describedby": "pass-left" });
      const copied = element("span", { class: "copied", role: "status" });
      const rest = element("p", { id: "pass-left" });
      const flaw = element("p", { class: "flaw", role: "alert" });
      const copy = element("button", { type: "button", class: "go", click: copyLink });
      const renew = element("button", { type: "button", click: make }, texts.elsewhereNew);
      const node = element(
        "div",
        { class: "pass", id: "pass" },
        element("h3", {}, texts.continueElsewhere),
        how,
        code,
        element("label", {}, element("span", {}, texts.elsewhereLink), link),
        copy,
        copied,
        rest,
        flaw,
        renew,
        element("button", { type: "button", click: () => end?.() }, texts.back),
      );
      link.addEventListener("focus", () => link.select());

      async function copyLink() {
        await navigator.clipboard.writeText(link.value);
        copied.textContent = texts.copied;
      }

      async function make() {
        if (isBusy) return;
        isBusy = true;
        flaw.textContent = "";
        const answer = await ask(core);
        isBusy = false;
        if (!end) return;
        if (answer?.link && answer.code) {
          until = Date.now() + (answer.expiresAt ?? 0) - (answer.serverTime ?? 0);
          link.value = answer.link;
          // A link may be too long for a code.
          hasCode = answer.code.length > 0;
          if (hasCode) code.replaceChildren(drawCode(answer.code, texts.elsewhereCode));
        } else flaw.textContent = texts.noAnswer;
        copied.textContent = "";
        look();
      }

      const look = guard(() => {
        const left = Math.ceil((until - Date.now()) / MINUTE_MS);
        const isLive = until > 0 && left > 0;
        code.hidden = !isLive || !hasCode;
        copy.hidden = !isLive;
        how.textContent = hasCode ? texts.elsewhereHow : texts.elsewhereOpen;
        link.disabled = !isLive;
        renew.hidden = isLive || isBusy;
        const words = isLive
          ? fill(texts.elsewhereLeft, { n: left })
          : until > 0 && !isBusy
            ? texts.elsewhereEnded
            : "";
        // Said aloud with the link; it changes once a minute.
        if (rest.textContent !== words) rest.textContent = words;
        // Somebody may be about to scan it.
        if (until > 0 && !isLive && core.isOpen && !document.hidden && !isBusy && !flaw.textContent)
          return make();
      });

      copy.textContent = texts.elsewhereCopy;
      const ticking = setInterval(look, LOOK_MS);
      end = () => {
        end = undefined;
        clearInterval(ticking);
        panel.classList.remove("passing");
        opener?.setAttribute("aria-expanded", "false");
        node.remove();
        left();
      };
      panel.classList.add("passing");
      opener?.setAttribute("aria-expanded", "true");
      panel.append(node);
      const making = make();
      look();
      return making;
    },
  };
}

/** @returns Nothing where asking again may help. */
async function ask({
  host,
  token,
}: Core): Promise<Partial<ContinueResponse & ErrorBody> | undefined> {
  if (!token) return undefined;
  try {
    const response = await fetch(`${host}/v1/continue`, {
      method: "POST",
      body: JSON.stringify({ token, page: location.href }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch {
    return undefined;
  }
}
