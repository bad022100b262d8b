import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { leafTester } from "../../domain/segments/leaf.ts";
import type { Occurrence, PersonView } from "../../domain/segments/person-view.ts";
import { compileBounds, type BoundsOptions } from "../../domain/segments/sql-bounds.ts";
import { treeOf, verdictOf } from "../../domain/segments/tree.ts";
import { calendarOf } from "../../domain/time/calendar.ts";
import { projectedCard } from "../../durable-objects/visitor/card.ts";
import {
  condition as conditionSchema,
  REACTIONS,
  SESSION_TEXTS,
  type Condition,
} from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import { asId, newId, type SegmentId, type WorkspaceId } from "../../protocol/ids.ts";
import { CONDITIONS_MAX, LIST_VALUES_MAX } from "../../protocol/limits.ts";
import type { PersonCard } from "../../protocol/person.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";

const NOW = Date.UTC(2024, 4, 15, 12);
const DAY = 86_400_000;
const workspace = newId("wsp", Date.now());
const options: BoundsOptions = { now: NOW, timeZone: "Europe/Vienna", segments: new Map() };

/** A person as an object holds them: the card and every time an event happened. */
type Person = { card: PersonCard; history: Occurrence[]; isSpoken: boolean };

afterEach(async () => {
  await env.DB.prepare("DELETE FROM visitors").run();
});

describe("bounds in D1", () => {
  it("hold the meaning of every condition between them, and are it where they say so", async () => {
    let exact = 0;
    let held = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const people = fc.sample(person, { numRuns: 40, seed: round });
      const conditions = fc.sample(tree, { numRuns: 100, seed: round });
      await write(people);
      for (const condition of conditions) {
        const { lower, upper, isExact } = await ask(condition);
        if (isExact) exact++;
        held += lower.size;
        for (const one of people) {
          const holds = meaning(condition, one);
          const shown = () => JSON.stringify({ condition, card: one.card, history: one.history });
          if (lower.has(one.card.id) && !holds) expect.fail(`lower is too wide: ${shown()}`);
          if (!upper.has(one.card.id) && holds) expect.fail(`upper is too narrow: ${shown()}`);
          if (isExact && lower.has(one.card.id) !== holds) expect.fail(`not exact: ${shown()}`);
        }
      }
    }
    // Bounds that always say "perhaps" would pass too.
    expect(exact).toBeGreaterThan(ROUNDS * 20);
    expect(held).toBeGreaterThan(ROUNDS * 500);
  }, 120_000);

  it("leave to time what time alone may change, and nothing else", async () => {
    for (let round = 0; round < 3; round++) {
      const people = fc.sample(person, { numRuns: 40, seed: round });
      await write(people);
      for (const condition of fc.sample(tree, { numRuns: 60, seed: 1_000 + round })) {
        const now = await ask(condition);
        const relaxed = await ask(condition, { relaxTime: true });
        for (const id of now.upper) expect(relaxed.upper).toContain(id);
        for (const id of relaxed.lower) expect(now.lower).toContain(id);
      }
    }
    const ever: Condition = { type: "orders_count", is: { op: "gte", value: 1 } };
    expect(compileBounds(ever, { ...options, relaxTime: true }).isExact).toBe(true);
  });

  it("take as many conditions as a tree may have, each kind of them", async () => {
    const [one] = fc.sample(person, { numRuns: 1, seed: 1 });
    if (one === undefined) throw new Error("nobody");
    await write([one]);
    for (const kind of fc.sample(leaf, { numRuns: 40, seed: 3 })) {
      const of = Array.from({ length: CONDITIONS_MAX - 1 }, (_, index) =>
        conditionSchema.parse("key" in kind ? { ...kind, key: `key ${index}` } : kind),
      );
      for (const type of ["all", "any"] as const) await ask({ type, of });
    }
    const texts = Array.from({ length: CONDITIONS_MAX - 1 }, (_, index): Condition => ({
      type: "session_text",
      field: "source",
      is: { op: "is", value: `source ${index}` },
    }));
    const { lower } = await ask({ type: "any", of: [...texts, isNamed(one.card.id)] });
    expect(lower.size).toBe(0);
  });

  it("take a list of ten thousand values", async () => {
    const people = fc.sample(person, { numRuns: 3, seed: 2 });
    await write(people.map((one) => ({ ...one, card: { ...one.card, name: `N ${one.card.id}` } })));
    const values = Array.from({ length: LIST_VALUES_MAX - 1 }, (_, index) => `value ${index}`);
    const wanted = people[1]?.card.id ?? "";
    const test = { op: "in" as const, values: [...values, `n ${wanted}`] };
    const { lower, isExact } = await ask({
      type: "property",
      key: "name",
      is: { type: "text", test },
    });
    expect(isExact).toBe(true);
    expect([...lower]).toEqual([wanted]);
  });

  it("leave undecided what is cut in D1", async () => {
    const [one] = fc.sample(person, { numRuns: 1, seed: 4 });
    if (one === undefined) throw new Error("nobody");
    const held = (value: PropertyValue) => [{ key: "plan", value, at: 1 }];
    const has = (value: string): Condition => ({
      type: "property",
      key: "plan",
      is: { type: "text", test: { op: "contains", value } },
    });
    const cases: [PropertyValue, string, boolean, boolean][] = [
      [`${"a".repeat(199)}z`, "z", true, true],
      [`${"a".repeat(198)}z`, "y", false, false],
      [`${"a".repeat(200)}z`, "z", false, true],
      [["a", "b", "c", "d"], "e", false, false],
      [["a", "b", "c", "d", "x", "e"], "e", false, true],
      ["x".repeat(2_000), "n".repeat(2_000), false, true],
    ];
    for (const [value, wanted, isLower, isUpper] of cases) {
      await write([{ ...one, card: { ...one.card, properties: held(value) } }]);
      const { lower, upper } = await ask(has(wanted));
      expect([lower.size === 1, upper.size === 1], JSON.stringify(value)).toEqual([
        isLower,
        isUpper,
      ]);
    }
  });

  it("are not widened to another workspace by anything that a condition says", async () => {
    const other = newId("wsp", Date.now());
    const people = fc.sample(person, { numRuns: 20, seed: 5 });
    await write([]);
    await write(people, other);
    const hostile = [
      "' OR 1=1 --",
      "') OR ('1'='1",
      "?1",
      "$[0]",
      "\\",
      "%",
      "_",
      "\u0000",
      "__proto__",
    ];
    const conditions = [
      ...fc.sample(tree, { numRuns: 100, seed: 6 }),
      ...hostile.flatMap((value): Condition[] => [
        { type: "property", key: value, is: { type: "text", test: { op: "is_not", value } } },
        { type: "event", name: value, times: { op: "at_most", n: 5 } },
        { type: "session_text", field: "source", is: { op: "not_in", values: [value] } },
      ]),
    ];
    for (const condition of conditions) {
      const { upper } = await ask({ type: "any", of: [condition, { type: "all", of: [] }] });
      expect(upper.size).toBe(0);
    }
  });

  it("read segments as their conditions, and end where those lead in a circle or grow without end", async () => {
    const [one] = fc.sample(person, { numRuns: 1, seed: 7 });
    if (one === undefined) throw new Error("nobody");
    await write([{ ...one, card: { ...one.card, name: "Ada" } }]);
    const segment = (id: string, is = true): Condition => ({ type: "segment", segment: id, is });
    const segments = new Map<SegmentId, Condition>([
      [asId("seg", "seg_ada"), isNamed("Ada")],
      [asId("seg", "seg_circle"), segment("seg_circle")],
      ...Array.from({ length: 20 }, (_, index): [SegmentId, Condition] => [
        asId("seg", `seg_${index}`),
        { type: "all", of: Array.from({ length: 150 }, () => segment(`seg_${index + 1}`)) },
      ]),
    ]);
    const sizes = async (condition: Condition) => {
      const { lower, upper } = await ask(condition, { segments });
      return [lower.size, upper.size];
    };
    expect(await sizes(segment("seg_ada"))).toEqual([1, 1]);
    expect(await sizes(segment("seg_ada", false))).toEqual([0, 0]);
    expect(await sizes(segment("seg_missing"))).toEqual([0, 0]);
    expect(await sizes(segment("seg_circle"))).toEqual([0, 1]);
    expect((await sizes({ type: "not", of: segment("seg_0") }))[0]).toBe(0);
  });
});

function isNamed(value: string): Condition {
  return { type: "property", key: "name", is: { type: "text", test: { op: "is", value } } };
}

/** How many times a hundred conditions meet forty people. */
const ROUNDS = 6;

function meaning(condition: Condition, { card, history, isSpoken }: Person): boolean {
  const calendar = calendarOf(options.timeZone);
  const view: PersonView = {
    property(key) {
      if (key === "name") return card.name ?? undefined;
      const claimed = card.identifiers.find(({ kind }) => kind === key);
      if (claimed !== undefined) return claimed.value;
      return card.properties.find((one) => one.key === key)?.value ?? undefined;
    },
    event: (name) => card.events.find((one) => one.name === name),
    history: (name) => history.filter((one) => one.name === name),
    session: card.session ?? undefined,
    page: card.page ?? undefined,
    seen: {
      firstAt: card.firstSeenAt,
      lastAt: card.lastSeenAt,
      sessions: card.sessions,
      firstSource: card.firstSource,
    },
    cart: card.cart,
    orders: { ...card.orders, ids: [] },
    conversation: card.conversation,
    isConversationOpen: card.openConversation !== null && isSpoken,
    hasConversation: card.conversations.length > 0 && isSpoken,
    reaction: (trigger, what) => card.reactions.find((one) => one.trigger === trigger)?.at[what],
  };
  const verdict = (one: Condition): boolean =>
    verdictOf(treeOf(one, leafTester), (test) =>
      test(view, {
        now: NOW,
        calendar,
        segment: (id) => {
          const inner = options.segments.get(id);
          return { holds: inner !== undefined && verdict(inner), until: Infinity };
        },
      }),
    ).holds;
  return verdict(condition);
}

async function write(people: Person[], of: WorkspaceId = workspace): Promise<void> {
  await env.DB.prepare("DELETE FROM visitors WHERE workspace_id = ?").bind(of).run();
  const rows = people.map(({ card }) =>
    rowsOf({ ...visitorJob(of, card.id, 1), person: projectedCard(card) }),
  );
  await writeProjections(env.DB, rows);
}

async function ask(condition: Condition, more: Partial<BoundsOptions> = {}, of = workspace) {
  const { lower, upper, isExact } = compileBounds(condition, { ...options, ...more });
  const idsOf = async ({ sql, params }: typeof lower): Promise<Set<string>> => {
    const { results } = await env.DB.prepare(
      `SELECT v.id FROM visitors v WHERE v.workspace_id = ?1 AND ${sql}`,
    )
      .bind(of, ...params)
      .all<{ id: string }>();
    return new Set(results.map(({ id }) => id));
  };
  return { lower: await idsOf(lower), upper: await idsOf(upper), isExact };
}

/* People and conditions over few words, so that they meet. */

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

const person: fc.Arbitrary<Person> = fc
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
        ...visitorJob(workspace, id, 1).person,
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
const leaf = fc.oneof(
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
const tree: fc.Arbitrary<Condition> = fc
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
