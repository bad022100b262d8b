import type { TriggerSummary } from "../../../protocol/triggers-api.ts";
import type { PageMoment, When } from "../../../protocol/triggers.ts";
import { eventWords } from "../conditions/event-words.ts";
import type { Names } from "../conditions/names.ts";
import { filterSentence } from "../conditions/sentence.ts";
import { TEXT_OPS } from "../conditions/labels.ts";
import { spanWords } from "./spans.ts";

/** A trigger in plain English: what starts it and what it does. */

const ACTION_NOUNS = {
  chat: "a chat message",
  popup: "a pop-up",
  alert: "an alert to the team",
} as const;

/** "When somebody put something into the cart, after 30 minutes: a pop-up". */
export function triggerSentence(
  { when, waitMs, action }: Pick<TriggerSummary, "when" | "waitMs" | "action">,
  names: Names,
): string {
  const wait = waitMs > 0 ? `, after ${spanWords(waitMs)}` : "";
  return `When somebody ${whenWords(when, names)}${wait}: ${ACTION_NOUNS[action]}`;
}

/** What follows "when somebody". */
export function whenWords(when: When, names: Names): string {
  switch (when.type) {
    case "event":
      if (when.event === "") return "does …";
      return `${eventWords(when.event).did}${filterSentence(when.where, names)}`;
    case "segment": {
      const name = names.segments.get(when.segment);
      const which = when.segment === "" ? "…" : name === undefined ? "that is gone" : `“${name}”`;
      return `${when.on === "enter" ? "comes into" : "leaves"} the segment ${which}`;
    }
    case "page":
      return `${momentWords(when.moment)} ${pageWords(when.page)}`;
  }
}

function pageWords(page: Extract<When, { type: "page" }>["page"]): string {
  if (page === null) return "on any page";
  const op = `on a page whose address ${TEXT_OPS[page.op]}`;
  if ("value" in page) return `${op} “${page.value === "" ? "…" : page.value}”`;
  return "values" in page ? `${op} ${page.values.map((value) => `“${value}”`).join(", ")}` : op;
}

function momentWords(moment: PageMoment): string {
  switch (moment.on) {
    case "time":
      return moment.seconds === 0 ? "arrives" : `has been for ${secondsWords(moment.seconds)}`;
    case "scroll":
      return `has scrolled ${moment.percent} % down`;
    case "exit":
      return "is about to leave";
    case "inactivity":
      return `has done nothing for ${secondsWords(moment.seconds)}`;
    case "click":
      return `clicks “${moment.selector === "" ? "…" : moment.selector}”`;
  }
}

function secondsWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return "… seconds";
  if (seconds > 0 && seconds % 60 === 0) return spanWords(seconds * 1_000);
  return `${seconds.toLocaleString()} ${seconds === 1 ? "second" : "seconds"}`;
}
