import { orderIdOf, ordersWithout, type Orders } from "../../domain/commerce/cart.ts";
import { joinEstates, type Estate } from "../../domain/identity/joining.ts";
import { EVENT_PREFIX, type VisitorDraft } from "../../domain/visitors/state.ts";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import { EVENTS } from "../../protocol/facts.ts";
import { asId, type VisitorId } from "../../protocol/ids.ts";
import { VISITOR_EVENT_NAMES_MAX } from "../../protocol/limits.ts";
import type { HeldDelivery, Inheritance } from "../contracts.ts";
import type { Journal } from "../runtime/journal.ts";
import { occurrenceOf, parseItems } from "./history.ts";
import type { Turn } from "./turn.ts";

/** What a joined visitor leaves, as one reads it out and the other one takes it over. */

/** Rows of the log, and characters, that one part carries: it becomes one row, and a row may have 2 MB. */
const PART_ROWS_MAX = 200;
const PART_CHARS_MAX = 500_000;

const STATE_KEYS = [
  "seen",
  "claims",
  "contact",
  "session",
  "page",
  "searches",
  "cart",
  "wishlist",
  "orders",
  "firings",
  "capped",
  "shown",
  "goals",
  "effects",
  "unanswered",
  "conversations",
] as const satisfies (keyof Estate)[];

/** How far a visitor has inherited from another one. */
export type Inherited = { through: number; isDone: boolean };
const INHERITED_PREFIX = "~joined:";
const NOTHING: Inherited = { through: 0, isDone: false };

export function inheritedFrom(journal: Journal, visitor: VisitorId): Inherited {
  return (journal.get(INHERITED_PREFIX + visitor) ?? NOTHING) as Inherited; // written only below
}

/** The next rows of the log, as many as one part carries, and up to which number that is. */
export function nextItems(journal: Journal, after: number): Pick<Inheritance, "through" | "items"> {
  let chars = 0;
  let through = after;
  const items: Inheritance["items"] = [];
  for (const row of journal.after(after, PART_ROWS_MAX)) {
    if (through > after && chars + row.entry.length > PART_CHARS_MAX) break;
    chars += row.entry.length;
    through = row.seq;
    items.push(...parseItems(row.entry));
  }
  return { through, items };
}

export function estateOf(
  draft: VisitorDraft,
  propertyKeys: readonly string[],
  deliveries: readonly HeldDelivery[],
): Estate {
  const estate: Estate = { properties: {}, triggers: {}, exposedAt: {} };
  for (const key of STATE_KEYS) {
    const value = draft.get(key);
    if (value !== undefined) Object.assign(estate, { [key]: value });
  }
  for (const key of propertyKeys) {
    const held = draft.property(key);
    if (held !== undefined) estate.properties[key] = held;
  }
  for (const id of draft.triggers()) {
    const held = draft.trigger(id);
    if (held !== null) estate.triggers[id] = held;
  }
  for (const { trigger, version, state, decidedAt } of deliveries) {
    if (state === "skipped") continue;
    const exposure = `${trigger}:${version}`;
    estate.exposedAt[exposure] = Math.min(decidedAt, estate.exposedAt[exposure] ?? decidedAt);
  }
  return estate;
}

/** Everything that a visitor has inherited from others itself. */
export function allInherited(journal: Journal): NonNullable<Inheritance["rest"]>["inherited"] {
  return journal.newestKeys(INHERITED_PREFIX, Number.MAX_SAFE_INTEGER).map((key) => {
    const from = asId("vis", key.slice(INHERITED_PREFIX.length));
    return { from, ...inheritedFrom(journal, from) };
  });
}

/** Visitors that were joined into this one, the newest at most. */
export function joinedHere(journal: Journal, limit: number): VisitorId[] {
  return journal
    .newestKeys(INHERITED_PREFIX, limit)
    .map((key) => asId("vis", key.slice(INHERITED_PREFIX.length)));
}

/** Takes a part over into a turn: what happened counts once, here. */
export function takePart(
  turn: Turn,
  part: Inheritance,
  own: {
    propertyKeys: readonly string[];
    deliveries: readonly HeldDelivery[];
    /** Orders that were placed, those first that came into the log last: whatever was inherited before its own. */
    placed: () => Iterable<Occurrence>;
  },
): void {
  const { from, through, items, rest } = part;
  for (const item of items) {
    turn.items.push(item);
    const occurrence = occurrenceOf(item);
    if (occurrence === null) continue;
    turn.occurrences.push(occurrence);
    const { name, at } = occurrence;
    const isKnown = turn.draft.event(name) !== undefined;
    if (isKnown || turn.draft.count(EVENT_PREFIX) < VISITOR_EVENT_NAMES_MAX)
      turn.draft.countEvent(name, at);
  }
  note(turn, from, { through, isDone: rest !== null });
  if (rest === null) return;
  const { draft, deliveries } = turn;
  const theirs = withoutCounted(withJoinedConversations(rest.estate), draft.get("orders"), () => [
    ...items.toReversed().flatMap((item) => occurrenceOf(item) ?? []),
    ...own.placed(),
  ]);
  const joined = joinEstates(estateOf(draft, own.propertyKeys, own.deliveries), theirs);
  for (const key of STATE_KEYS) {
    const value = joined[key];
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(draft.get(key)))
      draft.changes.set(key, value);
  }
  for (const [key, { value, at }] of Object.entries(joined.properties))
    if (draft.property(key)?.at !== at) draft.setProperty(key, value, at);
  for (const id of Object.keys(rest.estate.triggers).map((id) => asId("trg", id))) {
    const held = joined.triggers[id];
    if (held !== undefined) draft.setTrigger(id, held);
  }
  for (const held of rest.deliveries) if (deliveries.get(held.id) === null) deliveries.set(held);
  for (const { from: other, ...inherited } of rest.inherited) note(turn, other, inherited);
  turn.items.push({ type: "joined", at: rest.at, visitor: from, why: rest.why });
  turn.isIntroduced = true;
}

function withJoinedConversations(estate: Estate): Estate {
  const { conversations } = estate;
  if (conversations === undefined) return estate;
  const list = conversations.list.map((held) => ({ ...held, isJoined: true as const }));
  return { ...estate, conversations: { ...conversations, list } };
}

/** Whoever was on both devices may have been told of one order on both: it counts once. */
function withoutCounted(
  estate: Estate,
  counted: Orders | undefined,
  placed: () => readonly Occurrence[],
): Estate {
  const { orders } = estate;
  const twice = new Set(orders?.ids.filter((id) => counted?.ids.includes(id)));
  if (orders === undefined || twice.size === 0) return estate;
  const events: Occurrence["props"][] = [];
  for (const { name, props } of placed()) {
    const id = name === EVENTS.orderCompleted ? orderIdOf(props) : null;
    if (id !== null && twice.delete(id)) events.push(props);
  }
  return { ...estate, orders: ordersWithout(orders, events) };
}

function note(turn: Turn, from: VisitorId, inherited: Inherited): void {
  turn.changes.set(INHERITED_PREFIX + from, inherited);
}
