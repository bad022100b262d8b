import fc from "fast-check";
import {
  REACTIONS,
  SESSION_NUMBERS,
  SESSION_TEXTS,
  type Condition,
  type EventFilter,
  type LeafCondition,
  type NumberTest,
  type Span,
  type TextTest,
  type TimeTest,
  type ValueTest,
} from "../../../protocol/conditions.ts";
import { EVENTS } from "../../../protocol/facts.ts";
import { asId } from "../../../protocol/ids.ts";
import type { Json } from "../../../protocol/json.ts";
import { trackFact, type Step } from "./person.ts";

/** Random conditions and histories that meet one another often: few names, few values, instants close together. */

export const TIME_ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];
export const timeZone = fc.constantFrom(...TIME_ZONES);

export const SEGMENT_IDS = ["seg_a", "seg_b", "seg_c"].map((id) => asId("seg", id));
export const TRIGGER_IDS = ["trg_a", "trg_b"].map((id) => asId("trg", id));

const MINUTE = 60_000;
const TEXTS = ["Pro", "pro", "PRO plan", "Ärger", "ärger", "free", "kettle", "100%_", "o"];
const KEYS = ["plan", "tags", "age", "vip", "born", "price", "name", "email", "currency"];
const NAMES = [EVENTS.productAdded, "add_to_cart", EVENTS.orderCompleted, "Lesson Done", "search"];
const CURRENCIES = ["EUR", "JPY", "USD"];

const text = fc.constantFrom(...TEXTS);
const small = fc.constantFrom(0, 1, 2, 3, 12.5, 49.9, 100, -1);

/** Around the spring and autumn changes of the zones above, so that days of 23 and 25 hours occur. */
const start = fc.constantFrom(
  Date.parse("2026-03-28T20:00:00Z"),
  Date.parse("2026-03-07T20:00:00Z"),
  Date.parse("2026-10-24T20:00:00Z"),
  Date.parse("2026-10-31T20:00:00Z"),
  Date.parse("2026-04-04T10:00:00Z"),
  Date.parse("2026-06-15T12:00:00Z"),
);

const gap = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 10 * MINUTE }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, MINUTE, 2 * MINUTE, 60 * MINUTE, 60 * MINUTE + 1) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 30 * 60 * MINUTE }) },
);

export const textTest: fc.Arbitrary<TextTest> = fc.oneof(
  fc.record({
    op: fc.constantFrom("is", "is_not", "contains", "contains_not", "starts", "ends"),
    value: text,
  }),
  fc.record({
    op: fc.constantFrom("in", "not_in"),
    values: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ op: fc.constantFrom("exists", "exists_not") }),
);

export const numberTest: fc.Arbitrary<NumberTest> = fc.record({
  op: fc.constantFrom("eq", "ne", "lt", "lte", "gt", "gte"),
  value: small,
});

const span: fc.Arbitrary<Span> = fc.record({
  n: fc.constantFrom(1, 1, 2, 3, 10),
  unit: fc.constantFrom("minute", "hour", "day", "calendar_day", "calendar_day"),
});

export const timeTest: fc.Arbitrary<TimeTest> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant("within"), span }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("before_span"), span }) },
  fc.record({ op: fc.constantFrom("before", "after"), at: start }),
  fc.record({ op: fc.constantFrom("ever", "never") }),
);

const currency = fc.constantFrom(...CURRENCIES);

export const valueTest: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({ type: fc.constant("text"), test: textTest }),
  fc.record({ type: fc.constant("number"), test: numberTest }),
  fc.record({ type: fc.constant("flag"), value: fc.boolean() }),
  fc.record({ type: fc.constant("amount"), test: numberTest, currency }),
);

const filter: fc.Arbitrary<EventFilter> = fc.record({
  key: fc.constantFrom("product_id", "price", "tags", "gift", "total"),
  is: valueTest,
});
const where = fc.option(fc.array(filter, { maxLength: 2 }), { nil: undefined, freq: 1 });
const eventName = fc.constantFrom(...NAMES, EVENTS.pageViewed, EVENTS.sessionStarted);

const event: fc.Arbitrary<LeafCondition> = fc
  .record({
    name: eventName,
    where,
    within: fc.option(span, { nil: undefined }),
    times: fc.record({
      op: fc.constantFrom("at_least", "at_most", "exactly"),
      n: fc.integer({ min: 0, max: 3 }),
    }),
  })
  .map(({ name, where, within, times }) => ({
    type: "event",
    name,
    times,
    ...(where === undefined ? {} : { where }),
    ...(within === undefined ? {} : { within }),
  }));

const eventTime: fc.Arbitrary<LeafCondition> = fc
  .record({ name: eventName, where, which: fc.constantFrom("first", "last"), is: timeTest })
  .map(({ where, ...rest }) => ({
    type: "event_time",
    ...rest,
    ...(where === undefined ? {} : { where }),
  }));

/** One condition. @param segments Those that it may refer to. */
export function leafOf(segments: readonly string[]): fc.Arbitrary<LeafCondition> {
  const is = <T extends string>(type: T) => fc.constant(type);
  const others: fc.Arbitrary<LeafCondition>[] = [
    fc.record({ type: is("property"), key: fc.constantFrom(...KEYS), is: valueTest }),
    fc.record({ type: is("property_time"), key: fc.constantFrom("born", "plan"), is: timeTest }),
    fc.record({ type: is("session_text"), field: fc.constantFrom(...SESSION_TEXTS), is: textTest }),
    fc.record({
      type: is("session_number"),
      field: fc.constantFrom(...SESSION_NUMBERS),
      is: numberTest,
    }),
    fc.record({ type: is("seen"), which: fc.constantFrom("first", "last"), is: timeTest }),
    fc.record({ type: is("cart_total"), is: numberTest, currency }),
    fc.record({ type: is("cart_items"), is: numberTest }),
    fc.record({ type: is("cart_product"), is: textTest }),
    fc.record({ type: is("cart_changed"), is: timeTest }),
    fc.record({ type: is("orders_count"), is: numberTest }),
    fc.record({ type: is("orders_total"), is: numberTest, currency }),
    fc.record({ type: is("orders_average"), is: numberTest, currency }),
    fc.record({ type: is("orders_last"), is: timeTest }),
    fc.record({ type: is("conversation"), is: fc.constantFrom("open", "ever", "unread") }),
    fc.record({ type: is("conversation_answered"), is: timeTest }),
    fc.record({ type: is("conversation_operator"), is: textTest }),
    fc.record({
      type: is("reaction"),
      trigger: fc.constantFrom(...TRIGGER_IDS),
      what: fc.constantFrom(...REACTIONS),
      is: timeTest,
    }),
  ];
  return fc.oneof(
    { weight: 6, arbitrary: event },
    { weight: 4, arbitrary: eventTime },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
    ...(segments.length === 0
      ? []
      : [
          {
            weight: 3,
            arbitrary: fc.record({
              type: is("segment"),
              segment: fc.constantFrom(...segments),
              is: fc.boolean(),
            }),
          },
        ]),
  );
}

/** A tree. @param segments Those that it may refer to. */
export function conditionOf(segments: readonly string[] = []): fc.Arbitrary<Condition> {
  const { tree } = fc.letrec<{ tree: Condition; leaf: LeafCondition; group: Condition }>((tie) => ({
    leaf: leafOf(segments),
    group: fc.oneof(
      fc.record({
        type: fc.constantFrom("all", "any"),
        of: fc.array(tie("tree"), { maxLength: 3 }),
      }),
      fc.record({ type: fc.constant("not"), of: tie("tree") }),
    ),
    tree: fc.oneof({ maxDepth: 3, depthSize: "small" }, tie("leaf"), tie("group")),
  }));
  return tree;
}

const props: fc.Arbitrary<{ [key: string]: Json }> = fc
  .record(
    {
      product_id: fc.oneof(text, fc.constant(7)),
      name: text,
      price: fc.oneof(small, fc.constant("12.50"), fc.constant("abc")),
      currency: fc.constantFrom("EUR", "eur", "JPY", "USD"),
      quantity: fc.integer({ min: 1, max: 3 }),
      tags: fc.array(fc.oneof(text, small), { maxLength: 3 }),
      gift: fc.oneof(fc.boolean(), fc.constant(null)),
      order_id: fc.constantFrom("o1", "o2", "o3"),
      total: fc.constantFrom(12.5, "49.9", 100),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ ...given }));

const context = fc.record({
  device: fc.record({
    kind: fc.constantFrom("desktop" as const, "phone" as const),
    browser: fc.constantFrom("Firefox", null),
    os: fc.constantFrom("Linux", null),
  }),
  country: fc.constantFrom("DE", null),
  language: fc.constantFrom("de", "en"),
  timeZone: fc.constantFrom("Europe/Berlin", null),
  isProven: fc.boolean(),
});

const propertyValue: fc.Arbitrary<Json> = fc.oneof(
  text,
  small,
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.constant("2026-03-29T00:30:00Z"),
  fc.constant(Date.parse("2026-10-25T00:30:00Z")),
  fc.constant("EUR"),
);

const fact: fc.Arbitrary<Extract<Step, { type: "fact" }>["fact"]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        name: fc.constantFrom(...NAMES, EVENTS.orderRefunded, EVENTS.productRemoved),
        props,
      })
      .map(({ name, props }) => trackFact(name, props)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        url: fc.constantFrom(
          "https://shop.test/",
          "https://shop.test/kettle?utm_source=Pro&utm_medium=free",
        ),
        title: text,
        referrer: fc.constantFrom("https://www.google.com/", ""),
      })
      .map((page) => ({ type: "page" as const, n: 1, at: 0, ...page })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        op: fc.constantFrom("set" as const, "unset" as const, "append" as const),
        key: fc.constantFrom(...KEYS),
        value: propertyValue,
      })
      .map((op) => ({ type: "set" as const, n: 1, at: 0, ops: [op] })),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: 3 * MINUTE })
      .map((ms) => ({ type: "time" as const, n: 1, at: 0, ms })),
  },
);

type Untimed = (now: number, at: number) => Step;
const happening: fc.Arbitrary<Untimed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ fact, context }).map(({ fact, context }): Untimed => (now, at) => ({
      type: "fact",
      now,
      at,
      fact,
      context,
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        unread: fc.integer({ min: 0, max: 1 }),
        isAnswered: fc.boolean(),
        isOpen: fc.boolean(),
      })
      .map(({ unread, isAnswered, isOpen }): Untimed => (now, at) => ({
        type: "conversation",
        now,
        isOpen,
        side: {
          unread,
          answeredAt: isAnswered ? at : null,
          operator: isAnswered ? asId("opr", "opr_pro") : null,
        },
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ trigger: fc.constantFrom(...TRIGGER_IDS), what: fc.constantFrom(...REACTIONS) })
      .map((reaction): Untimed => (now, at) => ({ type: "reaction", now, at, ...reaction })),
  },
);

/** How much earlier than it was taken something happened; a little later where clocks differ. */
const lateness = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 2_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 26 * 60 * MINUTE }) },
);

/** What happened to one person, as it was taken; some of it late and out of order. */
export const history: fc.Arbitrary<Step[]> = fc
  .record({
    start,
    happenings: fc.array(fc.record({ happening, gap, lateness }), { maxLength: 12 }),
  })
  .map(({ start, happenings }) => {
    let now = start;
    return happenings.map(({ happening, gap, lateness }) => {
      now += gap;
      return happening(now, now - lateness);
    });
  });

/** Pauses in which nothing happens. */
export const pause = gap;
