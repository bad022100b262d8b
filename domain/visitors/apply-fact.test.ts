import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batch, fact as factSchema } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import {
  BATCH_MAX_FACTS,
  EVENT_MAX_BYTES,
  EVENT_NAME_MAX,
  PROPERTIES_MAX,
  SESSION_GAP_MS,
  STREAM_ID_MAX,
  TITLE_MAX,
  URL_MAX,
  VISITOR_EVENT_NAMES_MAX,
  VISITOR_PROPERTIES_MAX,
} from "../../protocol/limits.ts";
import {
  applyFact,
  type FactContext,
  type FactOfState as Fact,
  type FactOutcome,
} from "./apply-fact.ts";
import { VisitorDraft } from "./state.ts";

const AT = 1_700_000_000_000;
const CONTEXT: FactContext = {
  device: { kind: "desktop", browser: "Firefox", os: "Linux" },
  country: "DE",
  language: "de",
  timeZone: "Europe/Berlin",
  isProven: false,
};

/** A visitor whose facts are applied one by one, each on what the ones before have left. */
function someone() {
  const stored = new Map<string, Json>();
  const reader = {
    get: (key: string) => stored.get(key),
    keys: (prefix: string) => [...stored.keys()].filter((key) => key.startsWith(prefix)),
  };
  const apply = (fact: Fact, at = AT): FactOutcome => {
    const draft = new VisitorDraft(reader);
    const outcome = applyFact(draft, fact, at, CONTEXT);
    if (outcome.ok) for (const [key, value] of draft.changes) stored.set(key, value);
    return outcome;
  };
  return { apply, draft: () => new VisitorDraft(reader) };
}

const track = (name: string, props: Record<string, Json> = {}): Fact => ({
  type: "track",
  n: 1,
  at: AT,
  name,
  props,
});
const page = (url = "https://shop.test/", more: object = {}): Fact => ({
  type: "page",
  n: 1,
  at: AT,
  url,
  ...more,
});
const properties = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

describe("sessions", () => {
  test.each([
    [SESSION_GAP_MS - 1, 1],
    [SESSION_GAP_MS, 1],
    [SESSION_GAP_MS + 1, 2],
  ])("a gap of %d ms makes %d of them", (gap, sessions) => {
    const visitor = someone();
    visitor.apply(page());
    visitor.apply(track("Liked"), AT + gap);
    expect(visitor.draft().get("seen")?.sessions).toBe(sessions);
  });

  test("time on the page keeps a session alive and is added up", () => {
    const visitor = someone();
    visitor.apply(page());
    visitor.apply({ type: "time", n: 1, at: AT, ms: 60_000 }, AT + SESSION_GAP_MS);
    visitor.apply(track("Liked"), AT + 2 * SESSION_GAP_MS);
    expect(visitor.draft().get("seen")?.sessions).toBe(1);
    expect(visitor.draft().get("session")?.activeMs).toBe(60_000);
  });

  test("where the first one came from is remembered for good", () => {
    const visitor = someone();
    visitor.apply(page("https://shop.test/?utm_source=first"));
    visitor.apply(page("https://shop.test/?utm_source=second"), AT + SESSION_GAP_MS + 1);
    expect(visitor.draft().get("seen")?.firstSource).toBe("first");
    expect(visitor.draft().get("session")?.source).toBe("second");
  });
});

describe("what comes late or again", () => {
  test("a search made again moves to the front and is listed once", () => {
    const visitor = someone();
    for (const query of ["kettle", "matcha", "kettle"])
      visitor.apply(track("Products Searched", { query }));
    const searches = visitor.draft().get("searches") ?? [];
    expect(searches.map(({ query }) => query)).toEqual(["kettle", "matcha"]);
  });

  test("an order that is told again leaves the cart that was filled since", () => {
    const visitor = someone();
    const order = track("Order Completed", { order_id: "1", total: 5, currency: "EUR" });
    visitor.apply(order);
    visitor.apply(track("Product Added", { product_id: "new", name: "New" }));
    visitor.apply(order);
    expect(visitor.draft().get("cart")?.items).toHaveLength(1);
    expect(visitor.draft().get("orders")?.count).toBe(1);
  });

  test("a page that is told late is not where the person is now", () => {
    const visitor = someone();
    visitor.apply(page("https://shop.test/now"), AT + 10);
    visitor.apply(page("https://shop.test/before"), AT);
    expect(visitor.draft().get("page")?.url).toBe("https://shop.test/now");
  });

  test("a place that a property held is free again when it is unset, and unsetting nothing takes none", () => {
    const visitor = someone();
    const set = (op: "set" | "unset", key: string): Fact => ({
      type: "set",
      n: 1,
      at: AT,
      ops: [{ op, key, value: 1 }],
    });
    for (let i = 0; i < VISITOR_PROPERTIES_MAX; i++) visitor.apply(set("unset", `gone${i}`));
    for (let i = 0; i < VISITOR_PROPERTIES_MAX; i++) visitor.apply(set("set", `p${i}`));
    expect(visitor.apply(set("set", "plan")).ok).toBe(false);
    visitor.apply(set("unset", "p0"));
    expect(visitor.apply(set("set", "plan")).ok).toBe(true);
  });

  test("a page's name and properties are kept, within the limits of any event", () => {
    const visitor = someone();
    const outcome = visitor.apply(page("https://shop.test/", { name: "Home", props: { a: 1 } }));
    expect(outcome).toMatchObject({ ok: true, items: [{}, { name: "Home", props: { a: 1 } }] });
    const many = page("https://shop.test/", { props: properties(PROPERTIES_MAX + 1) });
    expect(visitor.apply(many)).toEqual({ ok: false, code: "too_large" });
  });

  test("first and last name make the name; one of them alone replaces none that is known", () => {
    const visitor = someone();
    const say = (traits: Record<string, Json>) => {
      visitor.apply({ type: "identify", n: 1, at: AT, traits });
      return visitor.draft().get("claims")?.name;
    };
    expect(say({ firstName: "Ada" })).toBe("Ada");
    expect(say({ first_name: "Ada", last_name: "Byron" })).toBe("Ada Byron");
    expect(say({ firstName: "Augusta" })).toBe("Ada Byron");
    expect(say({ name: "A. Lovelace", firstName: "Augusta" })).toBe("A. Lovelace");
  });

  test("claims that are what they were are no change", () => {
    const visitor = someone();
    const identify: Fact = { type: "identify", n: 1, at: AT, traits: { name: "Ann" } };
    visitor.apply(identify);
    const draft = visitor.draft();
    applyFact(draft, identify, AT, CONTEXT);
    expect(draft.changes.has("claims")).toBe(false);
  });
});

describe("limits, below, at and above", () => {
  test.each([
    [PROPERTIES_MAX - 1, true],
    [PROPERTIES_MAX, true],
    [PROPERTIES_MAX + 1, false],
  ])("an event with %d properties: taken %s", (count, ok) => {
    expect(someone().apply(track("Liked", properties(count))).ok).toBe(ok);
  });

  test.each([
    [EVENT_MAX_BYTES - 1, true],
    [EVENT_MAX_BYTES, true],
    [EVENT_MAX_BYTES + 1, false],
  ])("properties of %d bytes: taken %s", (bytes, ok) => {
    const text = "x".repeat(bytes - JSON.stringify({ k: "" }).length);
    expect(someone().apply(track("Liked", { k: text })).ok).toBe(ok);
  });

  test("different names of events", () => {
    const visitor = someone();
    // The session's own start is one of them.
    for (let i = 1; i < VISITOR_EVENT_NAMES_MAX; i++) {
      expect(visitor.apply(track(`E${i}`)).ok).toBe(true);
    }
    expect(visitor.apply(track("One more"))).toEqual({ ok: false, code: "limit_reached" });
    expect(visitor.apply(track("E1")).ok).toBe(true);
  });

  test("different properties of a person, all of a fact or none", () => {
    const visitor = someone();
    const set = (first: number, count: number): Fact => ({
      type: "set",
      n: 1,
      at: AT,
      ops: Array.from({ length: count }, (_, i) => ({
        op: "set" as const,
        key: `p${first + i}`,
        value: i,
      })),
    });
    for (let first = 0; first < VISITOR_PROPERTIES_MAX - 1; first++) visitor.apply(set(first, 1));
    expect(visitor.apply(set(VISITOR_PROPERTIES_MAX - 1, 2))).toEqual({
      ok: false,
      code: "limit_reached",
    });
    expect(visitor.draft().property(`p${VISITOR_PROPERTIES_MAX - 1}`)).toBeUndefined();
    expect(visitor.apply(set(VISITOR_PROPERTIES_MAX - 1, 1)).ok).toBe(true);
    expect(visitor.apply(set(VISITOR_PROPERTIES_MAX, 1)).ok).toBe(false);
    expect(visitor.apply(set(0, 1)).ok).toBe(true);
  });

  test("names of events, lengths of addresses and titles, streams and batches on the wire", () => {
    const named = (length: number) => factSchema.safeParse(track("n".repeat(length))).success;
    expect([named(EVENT_NAME_MAX - 1), named(EVENT_NAME_MAX), named(EVENT_NAME_MAX + 1)]).toEqual([
      true,
      true,
      false,
    ]);
    const long = factSchema.parse({
      ...page(`https://shop.test/${"u".repeat(URL_MAX)}`),
      title: "t".repeat(TITLE_MAX + 1),
    });
    expect(long).toMatchObject({ title: "t".repeat(TITLE_MAX) });
    expect(long.type === "page" && long.url.length).toBe(URL_MAX);
    const sent = (stream: number, facts: number) =>
      batch.safeParse({
        stream: "s".repeat(stream),
        sentAt: AT,
        facts: Array.from({ length: facts }, () => ({})),
      }).success;
    expect([sent(STREAM_ID_MAX, 1), sent(STREAM_ID_MAX + 1, 1), sent(0, 1)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([
      sent(1, BATCH_MAX_FACTS - 1),
      sent(1, BATCH_MAX_FACTS),
      sent(1, BATCH_MAX_FACTS + 1),
      sent(1, 0),
    ]).toEqual([true, true, false, false]);
  });
});

describe("whatever is sent", () => {
  const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)));
  const anyFact = fc.oneof(
    fc.record({
      type: fc.constant("track"),
      name: fc.string(),
      props: fc.dictionary(fc.string(), json),
    }),
    fc.record({
      type: fc.constant("identify"),
      userId: fc.string(),
      traits: fc.dictionary(fc.string(), json),
    }),
    fc.record({
      type: fc.constant("page"),
      url: fc.oneof(fc.webUrl(), fc.string()),
      title: fc.string(),
      referrer: fc.string(),
    }),
    fc.record({
      type: fc.constant("set"),
      ops: fc.array(
        fc.record({
          op: fc.constantFrom(
            "set",
            "set_once",
            "add",
            "append",
            "union",
            "remove",
            "unset",
            "drop",
          ),
          key: fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "name", "email")),
          value: json,
        }),
        { minLength: 1 },
      ),
    }),
    fc.record({ type: fc.constant("time"), ms: fc.integer() }),
  );

  test("is taken or rejected with a code: nothing throws, counters only grow, no prototype is touched", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const visitor = someone();
        let counted = 0;
        for (const raw of facts) {
          const parsed = factSchema.safeParse({ n: 1, at: AT, ...raw });
          if (!parsed.success || parsed.data.type === "reaction") continue;
          const outcome = visitor.apply(parsed.data);
          if (outcome.ok && (parsed.data.type === "track" || parsed.data.type === "page"))
            counted++;
        }
        const total = visitor
          .draft()
          .names()
          .filter((name) => name !== "Session Started")
          .reduce((sum, name) => sum + (visitor.draft().event(name)?.count ?? 0), 0);
        expect(total).toBe(counted);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
