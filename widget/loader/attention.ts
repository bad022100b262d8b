import { guard, hear } from "./events.ts";
import { now } from "./natives.ts";
import { add, beacon, hasMoved, follow, page, view, wake } from "./visit.ts";

/** What the person looks at and for how long. */

const SPENT_MS = 60_000;
/** A longer stretch without a sign of life means that the machine slept. */
const SPENT_MAX_MS = 120_000;
/** Minutes that the socket stays while nobody looks: an answer that comes meanwhile can still be heard. */
const HIDDEN_MINUTES = 5;

let shownAt = 0;
let hiddenMinutes = 0;

function spend() {
  if (shownAt) add({ type: "time", ms: Math.min(now() - shownAt, SPENT_MAX_MS) });
  shownAt &&= now();
}

function look() {
  spend();
  shownAt = hiddenMinutes = 0;
  if (!document.hidden) {
    shownAt = now();
    wake();
  }
}

const navigated = guard(() => {
  if (hasMoved()) {
    spend();
    view();
  }
});

/** Follows the address, the tab and the browser's back-forward cache. */
export function attend(): void {
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      navigated();
    };
  }
  hear("popstate", navigated);
  hear("online", wake);
  hear("storage", follow);
  hear("visibilitychange" as "focus", look); // bubbles up from the document
  hear("pagehide", () => {
    spend();
    shownAt = 0;
    beacon();
    page.close();
  });
  hear("pageshow", ({ persisted }) => {
    if (persisted) {
      view();
      look();
    }
  });
  setInterval(
    guard(() => {
      spend();
      if (!shownAt && ++hiddenMinutes > HIDDEN_MINUTES) page.close();
    }),
    SPENT_MS,
  );
  look();
}
