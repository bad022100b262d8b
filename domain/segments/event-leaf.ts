import type { LeafCondition } from "../../protocol/conditions.ts";
import type { Calendar } from "../time/calendar.ts";
import type { LeafContext } from "./leaf-context.ts";
import type { PersonView } from "./person-view.ts";
import { instantsNeeded, needsTally, tallyOf, type EventLeaf, type Tally } from "./tallies.ts";
import { ALWAYS, leavesAt, NEVER, timeVerdict, type Verdict } from "./times.ts";

type CountLeaf = Extract<LeafCondition, { type: "event" }>;
type Counted = Omit<Tally, "recent">;

/**
 * What a condition about an event means: how often it happened, within a span or ever, or when it first or last did.
 * The name is the canonical one; filters leave out what does not pass all of them.
 */
export function eventVerdict(leaf: EventLeaf, view: PersonView, context: LeafContext): Verdict {
  const { now, calendar } = context;
  if (leaf.type === "event" && leaf.within !== undefined)
    return windowVerdict(leaf, tallied(leaf, view, context)?.recent ?? [], now, calendar);
  const counted = countedOf(leaf, view, context);
  if (leaf.type === "event") {
    return passesTimes(leaf.times, counted?.count ?? 0) ? ALWAYS : NEVER;
  }
  const at = leaf.which === "first" ? counted?.firstAt : counted?.lastAt;
  return timeVerdict(leaf.is, at, now, calendar);
}

/** Count, first and last of what passes a condition's filters, whenever it happened. */
export function countedOf(
  leaf: EventLeaf,
  view: PersonView,
  context: Pick<LeafContext, "tally">,
): Counted | undefined {
  return needsTally(leaf) ? tallied(leaf, view, context) : view.event(leaf.name);
}

/** How many of the newest instants lie within a condition's span. */
export function countWithin(
  leaf: CountLeaf,
  view: PersonView,
  { now, calendar }: Pick<LeafContext, "now" | "calendar">,
): number {
  const { within } = leaf;
  if (within === undefined) return countedOf(leaf, view, {})?.count ?? 0;
  const recent = tallyOf(view.history(leaf.name), leaf.where, Infinity)?.recent ?? [];
  return recent.filter((at) => now < leavesAt(within, at, calendar)).length;
}

function tallied(
  leaf: EventLeaf,
  view: PersonView,
  { tally }: Pick<LeafContext, "tally">,
): Tally | undefined {
  if (tally !== undefined) return tally();
  if (view.event(leaf.name) === undefined) return undefined;
  return tallyOf(view.history(leaf.name), leaf.where, instantsNeeded(leaf));
}

function passesTimes({ op, n }: CountLeaf["times"], count: number): boolean {
  if (op === "at_least") return count >= n;
  return op === "at_most" ? count <= n : count === n;
}

/** Time only takes from a window: it changes something when the n-th newest leaves, or the one after it. */
function windowVerdict(
  { within, times: { op, n } }: CountLeaf,
  recent: readonly number[],
  now: number,
  calendar: Calendar,
): Verdict {
  const leaves = (place: number): number => {
    const at = recent[place];
    return at === undefined || within === undefined ? -Infinity : leavesAt(within, at, calendar);
  };
  if (op !== "at_least") {
    const until = leaves(n);
    if (now < until) return { holds: false, until };
    if (op === "at_most" || n === 0) return ALWAYS;
  }
  if (n === 0) return ALWAYS;
  const until = leaves(n - 1);
  return now < until ? { holds: true, until } : NEVER;
}
