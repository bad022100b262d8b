import type { LeafCondition, TimeTest } from "../../../protocol/conditions.ts";
import { eventLabel, STANDARD_EVENTS } from "./event-words.ts";
import { IDENTITY_LABELS, SESSION_NUMBER_LABELS, SESSION_TEXT_LABELS } from "./labels.ts";

/** Every kind of condition that can be added: what the list calls it, and the row that it begins with. */
export type Kind = { id: string; label: string; make(): LeafCondition };
export type KindSection = { title: string; kinds: Kind[] };

/** A week back: what most conditions about a time ask for. */
const LAST_WEEK: TimeTest = { op: "within", span: { n: 7, unit: "day" } };

/** A number or an instant that is not filled in yet. */
export const UNKNOWN = Number.NaN;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const didEvent = (name: string): LeafCondition => ({
  type: "event",
  name,
  times: { op: "at_least", n: 1 },
});

/** Sections of the list, with the events and currency that really occur. */
export function kindSections(
  events: readonly string[],
  properties: readonly string[],
  currency: string,
): KindSection[] {
  const names = events.length === 0 ? STANDARD_EVENTS : events;
  return [
    {
      title: "What they did",
      kinds: [
        ...names.slice(0, 8).map((name) => ({
          id: `event:${name}`,
          label: capital(eventLabel(name)),
          make: () => didEvent(name),
        })),
        { id: "event", label: "Another event", make: () => didEvent("") },
        {
          id: "event_time",
          label: "First or last time of an event",
          make: () => ({ type: "event_time", name: "", which: "last", is: LAST_WEEK }),
        },
      ],
    },
    {
      title: "The person",
      kinds: [
        ...Object.entries(IDENTITY_LABELS).map(([key, label]) => ({
          id: `property:${key}`,
          label: capital(label),
          make: (): LeafCondition => ({
            type: "property",
            key,
            is: { type: "text", test: { op: "exists" } },
          }),
        })),
        ...properties
          .filter((key) => !Object.hasOwn(IDENTITY_LABELS, key))
          .slice(0, 12)
          .map((key) => ({
            id: `property:${key}`,
            label: key,
            make: (): LeafCondition => ({
              type: "property",
              key,
              is: { type: "text", test: { op: "is", value: "" } },
            }),
          })),
        {
          id: "property",
          label: "A property",
          make: () => ({
            type: "property",
            key: "",
            is: { type: "text", test: { op: "is", value: "" } },
          }),
        },
        {
          id: "property_time",
          label: "A property that is a date",
          make: () => ({ type: "property_time", key: "", is: LAST_WEEK }),
        },
        {
          id: "segment",
          label: "In another segment",
          make: () => ({ type: "segment", segment: "", is: true }),
        },
      ],
    },
    { title: "Visits", kinds: visitKinds() },
    {
      title: "Cart",
      kinds: [
        {
          id: "cart_total",
          label: "Cart total",
          make: () => ({ type: "cart_total", is: { op: "gt", value: UNKNOWN }, currency }),
        },
        {
          id: "cart_items",
          label: "Things in the cart",
          make: () => ({ type: "cart_items", is: { op: "gte", value: 1 } }),
        },
        {
          id: "cart_product",
          label: "A product in the cart",
          make: () => ({ type: "cart_product", is: { op: "contains", value: "" } }),
        },
        {
          id: "cart_changed",
          label: "When the cart was last changed",
          make: () => ({
            type: "cart_changed",
            is: { op: "before_span", span: { n: 30, unit: "minute" } },
          }),
        },
      ],
    },
    {
      title: "Orders",
      kinds: [
        {
          id: "orders_count",
          label: "Number of orders",
          make: () => ({ type: "orders_count", is: { op: "gte", value: 1 } }),
        },
        {
          id: "orders_total",
          label: "Total of all orders",
          make: () => ({ type: "orders_total", is: { op: "gt", value: UNKNOWN }, currency }),
        },
        {
          id: "orders_average",
          label: "Average order",
          make: () => ({ type: "orders_average", is: { op: "gt", value: UNKNOWN }, currency }),
        },
        {
          id: "orders_last",
          label: "When they last ordered",
          make: () => ({ type: "orders_last", is: LAST_WEEK }),
        },
      ],
    },
    {
      title: "Conversations and messages",
      kinds: [
        {
          id: "conversation",
          label: "Has a conversation",
          make: () => ({ type: "conversation", is: "open" }),
        },
        {
          id: "conversation_answered",
          label: "When they were last answered",
          make: () => ({ type: "conversation_answered", is: LAST_WEEK }),
        },
        {
          id: "conversation_operator",
          label: "Who last answered them",
          make: () => ({ type: "conversation_operator", is: { op: "is", value: "" } }),
        },
        {
          id: "reaction",
          label: "Reaction to an automatic message",
          make: () => ({ type: "reaction", trigger: "", what: "seen", is: LAST_WEEK }),
        },
      ],
    },
  ];
}

function visitKinds(): Kind[] {
  const seen = (which: "first" | "last"): Kind => ({
    id: `seen:${which}`,
    label: `When they were ${which} seen`,
    make: () => ({ type: "seen", which, is: LAST_WEEK }),
  });
  return [
    ...keysOf(SESSION_TEXT_LABELS).map((field) => ({
      id: `session_text:${field}`,
      label: capital(SESSION_TEXT_LABELS[field]),
      make: (): LeafCondition => ({
        type: "session_text",
        field,
        is: { op: CONTAINING.has(field) ? "contains" : "is", value: "" },
      }),
    })),
    ...keysOf(SESSION_NUMBER_LABELS).map((field) => ({
      id: `session_number:${field}`,
      label: capital(SESSION_NUMBER_LABELS[field]),
      make: (): LeafCondition => ({
        type: "session_number",
        field,
        is: { op: "gte", value: 2 },
      }),
    })),
    seen("first"),
    seen("last"),
  ];
}

/** Fields that hold addresses and titles: a part of them is what people know. */
const CONTAINING: ReadonlySet<string> = new Set(["page", "title", "landing", "referrer"]);

// Object.keys forgets the keys' type; these records hold exactly their own.
const keysOf = <Key extends string>(record: Record<Key, string>): Key[] =>
  Object.keys(record) as Key[];
