import type { EventFilter, LeafCondition } from "../../protocol/conditions.ts";
import type { Json } from "../../protocol/json.ts";
import type { Occurrence } from "./person-view.ts";
import { matchesFilters } from "./values.ts";

export type EventLeaf = Extract<LeafCondition, { type: "event" | "event_time" }>;

/** What is kept of events that pass a condition's filters: count, first and last, and the newest instants, newest first. */
export type Tally = {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly recent: readonly number[];
};

/** Whether a condition asks for more than the count, the first and the last time of the event as a whole. */
export function needsTally(leaf: EventLeaf): boolean {
  if (leaf.where !== undefined && leaf.where.length > 0) return true;
  return leaf.type === "event" && leaf.within !== undefined;
}

/** How many of the newest instants a condition needs. */
export function instantsNeeded(leaf: EventLeaf): number {
  return leaf.type === "event" && leaf.within !== undefined ? leaf.times.n + 1 : 0;
}

/** A tally with one more time counted in, which may be older than others. @param keep How many instants are kept. */
export function counted(tally: Tally | undefined, at: number, keep: number): Tally {
  if (tally === undefined)
    return { count: 1, firstAt: at, lastAt: at, recent: keep === 0 ? [] : [at] };
  const recent = [...tally.recent];
  const place = recent.findIndex((one) => one < at);
  if (place >= 0) recent.splice(place, 0, at);
  else if (recent.length < keep) recent.push(at);
  if (recent.length > keep) recent.pop();
  return {
    count: tally.count + 1,
    firstAt: Math.min(tally.firstAt, at),
    lastAt: Math.max(tally.lastAt, at),
    recent,
  };
}

/** The tally of everything that passes the filters. */
export function tallyOf(
  occurrences: Iterable<Occurrence>,
  where: readonly EventFilter[] | undefined,
  keep: number,
): Tally | undefined {
  let tally: Tally | undefined;
  for (const occurrence of occurrences)
    if (matchesFilters(where, occurrence)) tally = counted(tally, occurrence.at, keep);
  return tally;
}

/** A tally as it is stored: `[count, firstAt, lastAt, ...recent]`. */
export function storedTally({ count, firstAt, lastAt, recent }: Tally): Json {
  return [count, firstAt, lastAt, ...recent];
}

/** A stored tally, or undefined for anything else. */
export function readTally(stored: Json | undefined): Tally | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [count, firstAt, lastAt, ...recent] = stored.filter((item) => typeof item === "number");
  if (count === undefined || firstAt === undefined || lastAt === undefined) return undefined;
  return { count, firstAt, lastAt, recent };
}
