import { address } from "../address.ts";
import type { Core, Part } from "../core.ts";
import { guard, hear } from "../loader/events.ts";
import { createRules } from "./rules.ts";
import { createUpward } from "./upward.ts";

/** Pointer this close to the top edge, in pixels, has left through it. */
const TOP_PX = 5;

/** Waits in the page for what triggers wait for, and tells the visitor's object when it comes true. */
export default function start(core: Core): Part {
  return (core.rules ??= create(core));
}

function create(core: Core): Part {
  /** Came true, and not answered yet; the page they came true on goes with them. */
  const unanswered = new Map<string, string>();
  const rules = createRules(
    (delivery) => {
      unanswered.set(delivery, address());
      ask();
    },
    {
      now: Date.now,
      setTimeout: (run, ms) => setTimeout(guard(run), ms),
      clearTimeout: (timer) => clearTimeout(timer as number), // as it was given
    },
  );
  const upward = createUpward();
  /** On their way over the socket that is open now. */
  const asked = new Set<string>();

  function ask() {
    for (const [delivery, page] of unanswered) {
      if (page !== address()) unanswered.delete(delivery);
      else if (
        !asked.has(delivery) &&
        core.page.ask({ t: "fired", delivery }, (answer) => {
          asked.delete(delivery);
          if (answer) unanswered.delete(delivery);
        })
      )
        asked.add(delivery);
    }
  }

  const part: Part = {
    changed(isAnew) {
      if (isAnew) unanswered.clear();
      rules.arm(core.moments?.armed ?? [], address());
      // Who came further before the rules did need not scroll again.
      if (document.scrollingElement) tellScroll(document.scrollingElement);
      ask();
    },
  };

  const look = guard(() => rules.look(!document.hidden));
  const act = guard(() => rules.act());

  function tellScroll({ scrollTop, scrollHeight, clientHeight }: Element) {
    const way = scrollHeight - clientHeight;
    if (way > 0) rules.scroll(Math.ceil((scrollTop / way) * 100));
  }

  function scrolled({ target }: Event) {
    const page = document.scrollingElement;
    const box = target instanceof Element ? target : page;
    if (!box || box.clientHeight < innerHeight / 2 || box.clientWidth < innerWidth / 2) return;
    tellScroll(box);
    if (upward.moved(box.scrollTop, Date.now()) && matchMedia("(pointer:coarse)").matches)
      rules.exit();
  }

  for (const name of ["pointerdown", "pointermove", "keydown", "scroll"])
    addEventListener(name, act, { capture: true, passive: true });
  addEventListener("scroll", guard(scrolled), { capture: true, passive: true });
  document.addEventListener("visibilitychange", look);
  // Who comes back to a page is on it anew, whether the browser has kept it or loads it again.
  hear("pageshow", ({ persisted }) => {
    if (!persisted) return;
    rules.arm([], "");
    part.changed();
  });
  hear("mouseout", ({ relatedTarget, clientY }) => {
    if (!relatedTarget && clientY < TOP_PX && matchMedia("(pointer:fine)").matches) rules.exit();
  });
  addEventListener(
    "click",
    guard((event: Event) => {
      // Of what a page keeps in shadow trees, the target names only the outermost.
      const path = event.composedPath().filter((node) => node instanceof Element);
      rules.click((selector) => {
        try {
          return path.some((node) => node.matches(selector));
        } catch {
          // What is no selector names nothing.
          return false;
        }
      });
    }),
    true,
  );
  core.parts.push(part);
  look();
  part.changed();
  return part;
}
