import type { CompiledRules } from "../../domain/segments/compile.ts";
import { matchesFilters } from "../../domain/segments/compile.ts";
import type { LiveTrigger } from "../../domain/segments/definitions.ts";
import type { Flip } from "../../domain/segments/evaluation.ts";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import type { Firing } from "../../domain/triggers/firing.ts";
import type { Firings } from "../../domain/visitors/state.ts";
import { PENDING_MAX } from "../../protocol/limits.ts";

/** An event that is told later than this is history: it is kept and sets nothing off. */
export const LATE_EVENT_MS = 10 * 60_000;

/** What happened, as far as triggers care. */
export type Happening = { occurrences: readonly Occurrence[]; flips: readonly Flip[]; now: number };

/**
 * The firings with those that a happening adds, and the triggers that fired beyond what may wait. Who a trigger is not
 * for does not fire it.
 */
export function withFirings(
  before: Firings,
  compiled: CompiledRules,
  holdsWho: (trigger: LiveTrigger) => boolean,
  { occurrences, flips, now }: Happening,
): { firings: Firings; beyond: Firing[] } {
  const found: Omit<Firing, "n" | "key">[] = [];
  const add = (trigger: LiveTrigger, at: number, event: Firing["event"]) => {
    if (!holdsWho(trigger)) return;
    const { id, version, definition } = trigger;
    found.push({ trigger: id, version, at, event, dueAt: at + definition.waitMs });
  };
  for (const occurrence of occurrences) {
    const { name, at, props } = occurrence;
    if (at < now - LATE_EVENT_MS) continue;
    for (const trigger of compiled.triggersByEvent.get(name) ?? []) {
      const { when } = trigger.definition;
      if (at < trigger.liveAt || when.type !== "event") continue;
      if (matchesFilters(when.where, occurrence)) add(trigger, at, { name, props: { ...props } });
    }
  }
  for (const { rule, isIn, at } of flips) {
    for (const trigger of compiled.triggersBySegment.get(rule) ?? []) {
      const { when } = trigger.definition;
      if (when.type === "segment" && (when.on === "enter") === isIn) add(trigger, at, null);
    }
  }
  const firings = { last: before.last, waiting: [...before.waiting] };
  const beyond: Firing[] = [];
  for (const one of found) {
    const n = ++firings.last;
    const firing: Firing = { ...one, n, key: `${n}` };
    if (firings.waiting.length < PENDING_MAX) firings.waiting.push(firing);
    else beyond.push(firing);
  }
  return { firings, beyond };
}

export function dueFirings({ waiting }: Firings, now: number): Firing[] {
  return waiting.filter((firing) => firing.dueAt <= now);
}

/** When the next waiting firing is due; null when none waits. */
export function nextDueAt({ waiting }: Firings, now: number): number | null {
  const later = waiting.filter((firing) => firing.dueAt > now).map((firing) => firing.dueAt);
  return later.length === 0 ? null : Math.min(...later);
}
