import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asId, newId } from "../../protocol/ids.ts";
import { CAP_MESSAGES_MAX, PENDING_MAX, VISITOR_PROPERTIES_MAX } from "../../protocol/limits.ts";
import type { Conversations, HeldTrigger } from "../visitors/state.ts";
import { joinEstates, type Estate } from "./joining.ts";

const NOTHING: Estate = { properties: {}, triggers: {}, exposedAt: {} };
const TRIGGER = asId("trg", "trg_1");
const AT = 1_700_000_000_000;

const instant = fc.integer({ min: AT, max: AT + 1_000 });
const few = { maxLength: 6 };
/** Instants of one estate that no other one has: at the very same instant either value may stay. */
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const money = fc.record({
  currency: fc.constantFrom("EUR", "USD"),
  amountMinor: fc.integer({ min: 0, max: 10_000 }),
});

/** The `of`th of several people, whose ids and instants no other one shares. */
function estate(of: number): fc.Arbitrary<Estate> {
  const own = instant.map((at) => at * 8 + of);
  const conversation = own.map((at) => ({
    state: {
      id: newId("cnv", Math.floor(at / 8), new Uint8Array(10).fill(of)),
      status: "open" as const,
      through: 1,
      read: 0,
      unread: 1,
      preview: null,
      wrote: 1,
      answered: null,
    },
    version: 1,
  }));
  return fc
    .record({
      seen: optional(
        fc.record({
          firstAt: own,
          lastAt: own,
          sessions: fc.nat(9),
          firstSource: fc.constant(`source ${of}`),
        }),
      ),
      claims: optional(fc.record({ name: fc.constant(`name ${of}`) })),
      contact: optional(
        own.map((at) => ({
          address: { value: `${of}@corp.example`, at },
          everything: { value: of % 2 === 0, at },
          declinedAt: at,
        })),
      ),
      cart: optional(
        own.map((changedAt) => ({ items: [], currency: null, totalMinor: 0, changedAt })),
      ),
      page: optional(own.map((since) => ({ url: `https://a.test/${of}`, title: null, since }))),
      searches: optional(
        fc.array(
          fc.record({ query: fc.constantFrom("a", "b", "c"), results: fc.constant(null), at: own }),
          few,
        ),
      ),
      orders: optional(
        fc.record({
          count: fc.nat(9),
          totals: fc.uniqueArray(money, { selector: ({ currency }) => currency }),
          lastAt: own,
          ids: fc.uniqueArray(
            fc.nat(99).map((n) => `${of}-${n}`),
            few,
          ),
        }),
      ),
      capped: optional(fc.array(own, { maxLength: CAP_MESSAGES_MAX })),
      conversations: optional(
        conversation.map((one): Conversations => ({ open: one.state.id, list: [one] })),
      ),
      properties: fc.dictionary(
        fc.constantFrom("plan", "size", "taste"),
        fc.record({ value: fc.constant(`value ${of}`), at: own }),
      ),
    })
    .map((made) => ({
      ...NOTHING,
      ...Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)),
    }));
}

/** Where an order stands for nothing. */
const sorted = (joined: Estate) => ({
  ...joined,
  ...(joined.orders === undefined
    ? {}
    : {
        orders: {
          ...joined.orders,
          totals: joined.orders.totals.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
        },
      }),
});

describe("two estates", () => {
  test("joined in any grouping are the same", () => {
    fc.assert(
      fc.property(estate(1), estate(2), estate(3), (a, b, c) => {
        expect(sorted(joinEstates(joinEstates(a, b), c))).toEqual(
          sorted(joinEstates(a, joinEstates(b, c))),
        );
      }),
    );
  });

  test("add up to the sums of what happened", () => {
    const total = (of: Estate, currency: string) =>
      of.orders?.totals.find((one) => one.currency === currency)?.amountMinor ?? 0;
    fc.assert(
      fc.property(estate(1), estate(2), (a, b) => {
        const joined = joinEstates(a, b);
        expect(joined.seen?.sessions ?? 0).toBe((a.seen?.sessions ?? 0) + (b.seen?.sessions ?? 0));
        expect(joined.orders?.count ?? 0).toBe((a.orders?.count ?? 0) + (b.orders?.count ?? 0));
        for (const currency of ["EUR", "USD"])
          expect(total(joined, currency)).toBe(total(a, currency) + total(b, currency));
        const firsts = [a, b].flatMap(({ seen }) => (seen === undefined ? [] : [seen.firstAt]));
        if (firsts.length > 0) expect(joined.seen?.firstAt).toBe(Math.min(...firsts));
        for (const [key, held] of Object.entries(joined.properties)) {
          const newest = Math.max(a.properties[key]?.at ?? 0, b.properties[key]?.at ?? 0);
          expect(held.at).toBe(newest);
        }
      }),
    );
  });

  test("with nothing change nothing, on either side", () => {
    fc.assert(
      fc.property(estate(1), (a) => {
        const once = joinEstates(a, NOTHING);
        expect(sorted(joinEstates(once, NOTHING))).toEqual(sorted(once));
        expect(sorted(joinEstates(NOTHING, a))).toEqual(sorted(once));
      }),
    );
  });
});

const held = (over: Partial<HeldTrigger> = {}): HeldTrigger => ({
  assigned: [],
  exposures: 0,
  lastAt: null,
  isRefused: false,
  at: {},
  skippedAt: {},
  ...over,
});

describe("what triggers did", () => {
  test("stays assigned as it was exposed first, whoever is joined into whom", () => {
    const early: Estate = {
      ...NOTHING,
      triggers: {
        [TRIGGER]: held({ assigned: [{ version: 1, variant: "a" }], exposures: 1, lastAt: 5 }),
      },
      exposedAt: { [`${TRIGGER}:1`]: 5 },
    };
    const late: Estate = {
      ...NOTHING,
      triggers: {
        [TRIGGER]: held({
          assigned: [{ version: 1, variant: null }],
          exposures: 2,
          lastAt: 9,
          isRefused: true,
          at: { seen: 9 },
        }),
      },
      exposedAt: { [`${TRIGGER}:1`]: 9 },
    };
    for (const joined of [joinEstates(early, late), joinEstates(late, early)])
      expect(joined.triggers[TRIGGER]).toMatchObject({
        assigned: [{ version: 1, variant: "a" }],
        exposures: 3,
        lastAt: 9,
        isRefused: true,
        at: { seen: 9 },
      });
  });

  test("goes on waiting under numbers of its own; a page rule keeps its key", () => {
    const firing = (n: number, key = `${n}`) => ({
      n,
      trigger: TRIGGER,
      version: 1,
      key,
      at: 1,
      event: null,
      dueAt: 2,
    });
    const joined = joinEstates(
      { ...NOTHING, firings: { last: 7, waiting: [firing(7)] } },
      { ...NOTHING, firings: { last: 9, waiting: [firing(7), firing(9, "p0.1")] } },
    );
    expect(joined.firings).toMatchObject({
      last: 9,
      waiting: [
        { n: 7, key: "7" },
        { n: 8, key: "8" },
        { n: 9, key: "p0.1" },
      ],
    });
    const full = Array.from({ length: PENDING_MAX }, (_, index) => firing(index + 1));
    const beyond = joinEstates(
      { ...NOTHING, firings: { last: PENDING_MAX, waiting: full } },
      { ...NOTHING, firings: { last: 1, waiting: [firing(1)] } },
    );
    expect(beyond.firings?.waiting).toHaveLength(PENDING_MAX);
    expect(beyond.firings?.last).toBe(PENDING_MAX + 1);
  });

  test("counts towards the cap from both", () => {
    const joined = joinEstates({ ...NOTHING, capped: [3, 9] }, { ...NOTHING, capped: [1, 5] });
    expect(joined.capped).toEqual([1, 3, 5, 9]);
  });
});

describe("conversations", () => {
  const one = (id: string, status: "open" | "closed", at: number) => ({
    state: {
      id: asId("cnv", id),
      status,
      through: 1,
      read: 0,
      unread: 0,
      preview: null,
      wrote: 1,
      answered: { at: at * 1_000, by: asId("opr", "opr_1") },
    },
    version: 1,
  });
  const open = (held: ReturnType<typeof one>): Conversations => ({
    open: held.state.id,
    list: [held],
  });

  test("are all there, and the one that was open and moved last stays the open one", () => {
    for (const [a, b, expected] of [
      [one("cnv_0a", "open", 5), one("cnv_0b", "open", 9), "cnv_0b"],
      [one("cnv_0a", "open", 9), one("cnv_0b", "open", 5), "cnv_0a"],
      [one("cnv_0a", "open", 5), one("cnv_0b", "closed", 9), "cnv_0a"],
      [one("cnv_0a", "closed", 5), one("cnv_0b", "open", 4), "cnv_0b"],
    ] as const) {
      const joined = joinEstates(
        { ...NOTHING, conversations: open(a), unanswered: [{ id: asId("dlv", "dlv_a"), seq: 1 }] },
        { ...NOTHING, conversations: open(b), unanswered: [{ id: asId("dlv", "dlv_b"), seq: 1 }] },
      );
      expect(joined.conversations?.open).toBe(expected);
      expect(joined.conversations?.list).toHaveLength(2);
      expect(joined.unanswered?.[0]?.id).toBe(expected === "cnv_0a" ? "dlv_a" : "dlv_b");
    }
  });
});

test("properties that one visitor may hold are not exceeded; those of the visitor that stays come first", () => {
  const many = (prefix: string, count: number): Estate => ({
    ...NOTHING,
    properties: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${prefix}${index}`, { value: 1, at: 1 }]),
    ),
  });
  const joined = joinEstates(many("a", VISITOR_PROPERTIES_MAX - 1), many("b", 2));
  expect(Object.keys(joined.properties)).toHaveLength(VISITOR_PROPERTIES_MAX);
  expect(joined.properties).toHaveProperty(["a0"]);
  expect(joined.properties).not.toHaveProperty(["b1"]);
});

test("of one conversation that both know of, the newer state stays", () => {
  const id = asId("cnv", "cnv_0a");
  const at = (version: number): Estate => ({
    ...NOTHING,
    conversations: {
      open: id,
      list: [
        {
          state: {
            id,
            status: version === 1 ? "open" : "closed",
            through: version,
            read: 0,
            unread: 0,
            preview: null,
            wrote: 1,
            answered: null,
          },
          version,
        },
      ],
    },
  });
  for (const joined of [joinEstates(at(1), at(2)), joinEstates(at(2), at(1))])
    expect(joined.conversations?.list).toMatchObject([
      { version: 2, state: { status: "closed", through: 2 } },
    ]);
});

test("of two claims that say different things the one of the visitor that stays stays", () => {
  const own = { ...NOTHING, claims: { name: "Ann" } };
  const other = { ...NOTHING, claims: { name: "Anna", email: "ann@example.com" } };
  expect(joinEstates(own, other).claims).toEqual({ name: "Ann", email: "ann@example.com" });
});
