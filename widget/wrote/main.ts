import { actOnProof, askAuth, askProof, type AuthAnswer } from "../auth/answer.ts";
import { drawSecret } from "../auth/next.ts";
import { addStyles } from "../colors.ts";
import type { Core, Wrote } from "../core.ts";
import { fill } from "../languages/texts.ts";
import { wroteTexts } from "../languages/wrote-texts.ts";
import { CODE_PAUSE_MS } from "../limits.ts";
import { guard } from "../loader/events.ts";
import { FOUND } from "./found.ts";
import { createForm } from "./form.ts";
import { flawOf, readAddress, readAsked, readCode, writeAsked, type Asked } from "./steps.ts";
import css from "./wrote.css";

/** The address and the time of the last code that was asked for. */
const ASKED = ":asked";

/** "I wrote before": an address, a code from a mail to it, and this browser has that person's conversation. */
export default function start(core: Core): Wrote {
  return (core.wrote ??= create(core));
}

function create(core: Core): Wrote {
  let end: (() => void) | undefined;
  addStyles(core.root, css);
  core.parts.push({
    changed(isAnew) {
      if (isAnew) end?.();
    },
  });
  return {
    hide: () => end?.(),
    show(panel, words, memory, left) {
      if (end) return;
      const texts = { ...wroteTexts, ...words.texts };
      let asked = readAsked(memory.recall(ASKED), Date.now());
      let ticking: ReturnType<typeof setInterval> | undefined;
      const form = createForm(texts, {
        async address(value) {
          const email = readAddress(value);
          if (email) await send(email);
          else form.fail("badAddress");
        },
        async code(value) {
          const code = readCode(value);
          if (!asked) return;
          if (!code) return form.fail("badCode");
          const { email, asker } = asked;
          const answer = await ask(() => askProof(core, { email, code, asker }));
          if (!answer || answer.error) return form.fail(flawOf(answer?.error?.code));
          const isMoving = answer.visitor !== core.visitor;
          memory.keep(ASKED);
          actOnProof(core, answer);
          memory.keep(FOUND, "1");
          // Else it ends with what the loader finds at the place that it comes to.
          if (!isMoving) end?.();
          else form.wait();
        },
        again: () => asked && send(asked.email),
        other() {
          const typed = asked?.email;
          remember(undefined);
          form.showAddress(typed);
        },
        back: () => end?.(),
      });

      /** Nothing came of it where asking again may help. A token that is gone has its browser booted anew. */
      async function ask(
        run: () => Promise<AuthAnswer | undefined>,
      ): Promise<AuthAnswer | undefined> {
        if (!core.token) return undefined;
        form.setBusy(true);
        try {
          return await run();
        } catch {
          return undefined;
        } finally {
          form.setBusy(false);
        }
      }

      async function send(email: string) {
        const { token } = core;
        const asker = asked?.asker ?? drawSecret();
        const answer = await ask(() => askAuth(core.host, "auth/code", { token, email, asker }));
        if (!answer || answer.error) return form.fail(flawOf(answer?.error?.code));
        remember({ email, at: Date.now(), asker });
        form.showCode(fill(texts.codeSent, { email: `\u2068${email}\u2069` }));
        tick();
      }

      function remember(next: Asked | undefined) {
        asked = next;
        memory.keep(ASKED, next && writeAsked(next));
      }

      /** Counts down to when another code can be asked for. */
      function tick() {
        clearInterval(ticking);
        const count = guard(() => {
          const left = Math.ceil(((asked?.at ?? 0) + CODE_PAUSE_MS - Date.now()) / 1_000);
          form.pause(left > 0 ? fill(texts.newCodeIn, { n: left }) : undefined);
          if (left <= 0) clearInterval(ticking);
        });
        count();
        ticking = setInterval(count, 1_000);
      }

      end = () => {
        end = undefined;
        clearInterval(ticking);
        panel.classList.remove("asking");
        form.node.remove();
        left();
      };
      panel.classList.add("asking");
      panel.append(form.node);
      if (asked) {
        form.showCode(fill(texts.codeSent, { email: `\u2068${asked.email}\u2069` }));
        tick();
      } else form.showAddress();
    },
  };
}
