import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { READY_MADE_SEGMENTS } from "../../domain/segments/ready-made.ts";
import { compileBounds, type BoundsOptions } from "../../domain/segments/sql-bounds.ts";
import { projectedCard } from "../../durable-objects/visitor/card.ts";
import { condition as conditionSchema, type Condition } from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import { asId, newId, type SegmentId, type WorkspaceId } from "../../protocol/ids.ts";
import { CONDITIONS_MAX, LIST_VALUES_MAX } from "../../protocol/limits.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { meaning } from "../testing/condition-meaning.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { leaf, NOW, person, tree, type Person } from "../testing/segment-people.ts";

const workspace = newId("wsp", Date.now());
const options: BoundsOptions = { now: NOW, timeZone: "Europe/Vienna", segments: new Map() };

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
          const holds = meaning(condition, one, options);
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

  it("put everybody into exactly one ready-made stage", async () => {
    const people = fc.sample(person, { numRuns: 300, seed: 9 });
    await write(people);
    const stages = new Map<string, string[]>();
    for (const { id, condition } of READY_MADE_SEGMENTS) {
      const { lower, upper } = await ask(condition);
      // Nothing of these people that the stages ask for is cut in D1, but lists of events.
      expect(upper.size - lower.size, id).toBeLessThan(people.length / 2);
      for (const one of people.filter((each) => meaning(condition, each, options)))
        stages.set(one.card.id, [...(stages.get(one.card.id) ?? []), id]);
      for (const held of lower) expect(stages.get(held)).toContain(id);
    }
    expect(stages.size).toBe(people.length);
    for (const held of stages.values()) expect(held.length).toBe(1);
    expect(new Set([...stages.values()].flat()).size).toBe(READY_MADE_SEGMENTS.length);
  });

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
