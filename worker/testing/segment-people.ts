import * as fc from "fast-check";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import {
  condition as conditionSchema,
  REACTIONS,
  SESSION_TEXTS,
  type Condition,
} from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import { asId, newId } from "../../protocol/ids.ts";
import type { PersonCard } from "../../protocol/person.ts";
import { visitorJob } from "./projection-jobs.ts";

/** People and conditions over few words, so that they meet. */

/** A person as an object holds them: the card and every time an event happened. */
export type Person = { card: PersonCard; history: Occurrence[]; isSpoken: boolean };

/** When these people are looked at. */
export const NOW = Date.UTC(2024, 4, 15, 12);
const DAY = 86_400_000;

const WORDS = [
  "gold",
  "GOLD",
  "Gold member",
  "go",
  "d",
  "%",
  "_",
  "\\",
  "'",
  '"',
  "é",
  "É",
  "\u{1F375}",
  "\u0000x",
  "x\u0000y",
  "a".repeat(199),
  "a".repeat(200),
  "a".repeat(201),
  `${"b".repeat(300)}gold`,
  "__proto__",
  "2024-05-01",
  "2024-02-30",
  "2024-05-10T10:00:00Z",
  "2024-05-10T24:00:00Z",
  "2024-05-10T10:00:00.250Z",
  "2024-05-10 10:00",
  "12",
  "2024-05-10T10:00:00+02:00",
  "now",
];
const KEYS = [
  "plan",
  "since",
  "name",
  "email",
  "phone",
  "user_id",
  "currency",
  "__proto__",
  "nothing",
];
const EVENT_NAMES = ["Page Viewed", "Order Completed", "x'--", "purchase"];
const TRIGGERS = ["trg_1", "trg_2"];
const word = fc.constantFrom(...WORDS);
const instant = fc.integer({ min: NOW - 40 * DAY, max: NOW + DAY });
const money = fc.record({
  amountMinor: fc.integer({ min: -500, max: 5_000 }),
  currency: fc.constantFrom("EUR", "JPY"),
});

const value: fc.Arbitrary<Exclude<PropertyValue, null>> = fc.oneof(
  word,
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(0.5, 1e15, NOW, NOW - 3 * DAY, -1.5),
  fc.boolean(),
  fc.array(word, { maxLength: 7 }),
);

const occurrence = fc.record({
  name: fc.constantFrom("Page Viewed", "Order Completed", "x'--"),
  at: instant,
  props: fc.dictionary(
    fc.constantFrom("plan", "n"),
    fc.oneof(word, fc.integer({ min: 0, max: 3 })),
  ),
});

export const person: fc.Arbitrary<Person> = fc
  .record({
    history: fc.array(occurrence, { maxLength: 8 }),
    properties: fc.uniqueArray(
      fc.record({ key: fc.constantFrom("plan", "since", "currency"), value }),
      {
        selector: ({ key }) => key,
      },
    ),
    many: fc.constantFrom(0, 0, 0, 99, 100, 120),
    name: fc.option(word),
    email: fc.option(word),
    seen: fc.tuple(instant, instant),
    sessions: fc.integer({ min: 1, max: 5 }),
    source: fc.option(word),
    page: fc.option(fc.record({ url: word, title: fc.option(word), since: instant })),
    visit: fc.option(
      fc.record({
        activeMs: fc.integer({ min: 0, max: 400_000 }),
        pages: fc.integer({ min: 0, max: 6 }),
        landing: fc.option(word),
        source: word,
        term: fc.option(word),
      }),
    ),
    cart: fc.option(
      fc.record({
        items: fc.array(
          fc.record({ productId: word, name: word, quantity: fc.integer({ min: 1, max: 4 }) }),
          {
            maxLength: 3,
          },
        ),
        currency: fc.option(fc.constantFrom("EUR", "JPY")),
        totalMinor: fc.integer({ min: 0, max: 5_000 }),
        changedAt: instant,
      }),
    ),
    orders: fc.record({
      count: fc.integer({ min: 0, max: 4 }),
      totals: fc.uniqueArray(money, { selector: ({ currency }) => currency, maxLength: 2 }),
      lastAt: fc.option(instant),
    }),
    isSpoken: fc.boolean(),
    conversation: fc.option(
      fc.record({
        unread: fc.integer({ min: 0, max: 2 }),
        answeredAt: fc.option(instant),
        isOpen: fc.boolean(),
      }),
    ),
    reactions: fc.uniqueArray(
      fc.record({
        trigger: fc.constantFrom(...TRIGGERS),
        at: fc.dictionary(fc.constantFrom(...REACTIONS), instant),
      }),
      { selector: ({ trigger }) => trigger },
    ),
  })
  .map((given): Person => {
    const id = newId("vis", NOW);
    const events = Map.groupBy(given.history, ({ name }) => name);
    const filler = Array.from({ length: given.many }, (_, index) => `filler ${index}`);
    const answeredAt = given.conversation?.answeredAt ?? null;
    const conversation = newId("cnv", NOW);
    return {
      history: given.history,
      isSpoken: given.conversation !== null && (given.isSpoken || answeredAt !== null),
      card: {
        ...visitorJob(asId("wsp", "wsp_0"), id, 1).person,
        name: given.name,
        identifiers:
          given.email === null ? [] : [{ kind: "email", value: given.email, isVerified: false }],
        properties: [
          ...filler.map((key) => ({ key, value: key, at: 1 })),
          ...given.properties.map((one) => ({ ...one, at: 1 })),
        ],
        firstSeenAt: Math.min(...given.seen),
        lastSeenAt: Math.max(...given.seen),
        sessions: given.sessions,
        firstSource: given.source,
        page: given.page,
        session: given.visit && {
          startedAt: NOW,
          lastAt: NOW,
          activeMs: given.visit.activeMs,
          pages: given.visit.pages,
          landing: given.visit.landing,
          referrer: null,
          source: given.visit.source,
          utm: given.visit.term === null ? null : { term: given.visit.term },
          device: "phone",
          browser: null,
          os: null,
          country: null,
          language: null,
          timeZone: null,
          isProven: false,
        },
        cart: given.cart && {
          ...given.cart,
          items: given.cart.items.map((item) => ({
            ...item,
            priceMinor: null,
            url: null,
            imageUrl: null,
          })),
        },
        orders: given.orders,
        events: [
          ...filler.map((name) => ({ name, count: 1, firstAt: 1, lastAt: 1 })),
          ...[...events].map(([name, times]) => ({
            name,
            count: times.length,
            firstAt: Math.min(...times.map(({ at }) => at)),
            lastAt: Math.max(...times.map(({ at }) => at)),
          })),
        ],
        conversations: given.conversation === null ? [] : [conversation],
        openConversation: given.conversation?.isOpen ? conversation : null,
        conversation: given.conversation && {
          unread: given.conversation.unread,
          answeredAt,
          operator: answeredAt === null ? null : asId("opr", "opr_1"),
        },
        reactions: given.reactions.map(({ trigger, at }) => ({
          trigger: asId("trg", trigger),
          at,
        })),
      },
    };
  });

const text = word.filter((one) => one !== "");
const textTest = fc.oneof(
  fc.record({
    op: fc.constantFrom("is", "is_not", "contains", "contains_not", "starts", "ends"),
    value: text,
  }),
  fc.record({
    op: fc.constantFrom("in", "not_in"),
    values: fc.array(text, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ op: fc.constantFrom("exists", "exists_not") }),
);
const numberTest = fc.record({
  op: fc.constantFrom("eq", "ne", "lt", "lte", "gt", "gte"),
  value: fc.oneof(fc.integer({ min: -2, max: 8 }), fc.constantFrom(0.5, 12.34, 1e15)),
});
const span = fc.record({
  n: fc.integer({ min: 1, max: 30 }),
  unit: fc.constantFrom("minute", "hour", "day", "calendar_day"),
});
const timeTest = fc.oneof(
  fc.record({ op: fc.constantFrom("within", "before_span"), span }),
  fc.record({ op: fc.constantFrom("before", "after"), at: instant }),
  fc.record({ op: fc.constantFrom("ever", "never") }),
);
const currency = fc.constantFrom("EUR", "JPY", "XXX");
const valueTest = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("text"), test: textTest }) },
  fc.record({ type: fc.constant("number"), test: numberTest }),
  fc.record({ type: fc.constant("flag"), value: fc.boolean() }),
  fc.record({ type: fc.constant("amount"), test: numberTest, currency }),
);
const where = fc.array(fc.record({ key: fc.constantFrom("plan", "n"), is: valueTest }), {
  maxLength: 2,
});
const key = fc.constantFrom(...KEYS);
const name = fc.constantFrom(...EVENT_NAMES);
export const leaf = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("property"), key, is: valueTest }) },
  fc.record({ type: fc.constant("property_time"), key, is: timeTest }),
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant("event"),
        name,
        where,
        within: span,
        times: fc.record({
          op: fc.constantFrom("at_least", "at_most", "exactly"),
          n: fc.integer({ min: 0, max: 4 }),
        }),
      },
      { requiredKeys: ["type", "name", "times"] },
    ),
  },
  fc.record(
    {
      type: fc.constant("event_time"),
      name,
      where,
      which: fc.constantFrom("first", "last"),
      is: timeTest,
    },
    { requiredKeys: ["type", "name", "which", "is"] },
  ),
  fc.record({
    type: fc.constant("session_text"),
    field: fc.constantFrom(...SESSION_TEXTS),
    is: textTest,
  }),
  fc.record({
    type: fc.constant("session_number"),
    field: fc.constantFrom("pages", "minutes", "visits"),
    is: numberTest,
  }),
  fc.record({ type: fc.constant("seen"), which: fc.constantFrom("first", "last"), is: timeTest }),
  fc.record({
    type: fc.constantFrom("cart_total", "orders_total", "orders_average"),
    is: numberTest,
    currency,
  }),
  fc.record({ type: fc.constantFrom("cart_items", "orders_count"), is: numberTest }),
  fc.record({ type: fc.constantFrom("cart_product", "conversation_operator"), is: textTest }),
  fc.record({
    type: fc.constantFrom("cart_changed", "orders_last", "conversation_answered"),
    is: timeTest,
  }),
  fc.record({ type: fc.constant("conversation"), is: fc.constantFrom("open", "ever", "unread") }),
  fc.record({
    type: fc.constant("reaction"),
    trigger: fc.constantFrom(...TRIGGERS),
    what: fc.constantFrom(...REACTIONS),
    is: timeTest,
  }),
);
export const tree: fc.Arbitrary<Condition> = fc
  .letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthIdentifier: "tree" },
      leaf,
      fc.record({
        type: fc.constantFrom("all", "any"),
        of: fc.array(tie("node"), { maxLength: 3, depthIdentifier: "tree" }),
      }),
      fc.record({ type: fc.constant("not"), of: tie("node") }),
    ),
  }))
  .node.map((one) => conditionSchema.parse(one));
