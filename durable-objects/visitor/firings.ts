import type { CompiledRules } from "../../domain/segments/compile.ts";
import { matchesFilters } from "../../domain/segments/compile.ts";
import type { LiveTrigger } from "../../domain/segments/definitions.ts";
import type { Flip } from "../../domain/segments/evaluation.ts";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import type { Firing } from "../../domain/triggers/firing.ts";
import type { Firings } from "../../domain/visitors/state.ts";
import type { Json } from "../../protocol/json.ts";
import { PENDING_MAX } from "../../protocol/limits.ts";

/** An event that is told later than this is history: it is kept and sets nothing off. */
export const LATE_EVENT_MS = 10 * 60_000;

/** What happened, as far as triggers care. */
export type Happening = { occurrences: readonly Occurrence[]; flips: readonly Flip[]; now: number };

/** Texts of an event that a firing carries along, and how long each may be: what a template may speak of. */
const PROPS_MAX = 40;
const PROP_TEXT_MAX = 500;

/**
 * The firings with those that a happening adds. Who a trigger may not fire for does not fire it; what fires beyond what
 * may wait is counted and left out.
 * @param mayFire Whether the trigger is for this person now, and not used up.
 */
export function withFirings(
  before: Firings,
  compiled: CompiledRules,
  mayFire: (trigger: LiveTrigger) => boolean,
  { occurrences, flips, now }: Happening,
): Firings {
  const found: Omit<Firing, "n" | "key">[] = [];
  const add = (trigger: LiveTrigger, at: number, event: Firing["event"]) => {
    if (!mayFire(trigger)) return;
    const { id, version, definition } = trigger;
    found.push({ trigger: id, version, at, event, dueAt: at + definition.waitMs });
  };
  for (const occurrence of occurrences) {
    const { name, at, props } = occurrence;
    if (at < now - LATE_EVENT_MS) continue;
    for (const trigger of compiled.triggersByEvent.get(name) ?? []) {
      const { when } = trigger.definition;
      if (at < trigger.liveAt || when.type !== "event") continue;
      if (matchesFilters(when.where, occurrence)) add(trigger, at, { name, props: spoken(props) });
    }
  }
  for (const { rule, isIn, at } of flips) {
    for (const trigger of compiled.triggersBySegment.get(rule) ?? []) {
      const { when } = trigger.definition;
      if (when.type === "segment" && (when.on === "enter") === isIn) add(trigger, at, null);
    }
  }
  const firings = { last: before.last, waiting: [...before.waiting] };
  for (const one of found) {
    const n = ++firings.last;
    if (firings.waiting.length < PENDING_MAX) firings.waiting.push({ ...one, n, key: `${n}` });
  }
  return firings;
}

/** An event's plain values: texts, numbers and flags, cut to what a message may say. */
function spoken(props: Occurrence["props"]): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([, value]) => value !== null && typeof value !== "object")
      .slice(0, PROPS_MAX)
      .map(([key, value]) => [
        key,
        typeof value === "string" ? value.slice(0, PROP_TEXT_MAX).toWellFormed() : value,
      ]),
  );
}

export function dueFirings({ waiting }: Firings, now: number): Firing[] {
  return waiting.filter((firing) => firing.dueAt <= now);
}

/** When the next waiting firing is due; null when none waits. */
export function nextDueAt({ waiting }: Firings, now: number): number | null {
  const later = waiting.filter((firing) => firing.dueAt > now).map((firing) => firing.dueAt);
  return later.length === 0 ? null : Math.min(...later);
}
