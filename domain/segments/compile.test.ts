import { describe, expect, test } from "vitest";
import type { Condition } from "../../protocol/conditions.ts";
import { asId } from "../../protocol/ids.ts";
import { encodedBytes } from "../../protocol/json.ts";
import { CONDITIONS_MAX, SEGMENTS_MAX } from "../../protocol/limits.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";
import { compileRules, matchesFilters } from "./compile.ts";
import { NO_DEFINITIONS, type DefinitionSet } from "./definitions.ts";
import { NOBODY } from "./draft-view.ts";
import { EVALUATION_KEY, Evaluator } from "./evaluator.ts";

const seg = (id: string) => asId("seg", `seg_${id}`);
const refers = (id: string): Condition => ({ type: "segment", segment: seg(id), is: true });
const bought = (name: string): Condition => ({
  type: "event",
  name,
  times: { op: "at_least", n: 1 },
});

function setOf(
  conditions: Record<string, Condition>,
  triggers: DefinitionSet["triggers"] = [],
): DefinitionSet {
  const segments = Object.entries(conditions).map(([id, condition]) => ({
    id: seg(id),
    name: id,
    version: 1,
    condition,
    liveAt: 0,
    sinceVersion: 1,
  }));
  return { ...NO_DEFINITIONS, version: 1, segments, triggers };
}

describe("compiled rules", () => {
  test("equal conditions are one, also under other products' names of an event", () => {
    const one = { ...bought("Order Completed"), where: [] };
    const { atoms, rulesWith } = compileRules(setOf({ a: bought("purchase"), b: one }));
    expect(atoms).toHaveLength(1);
    expect(rulesWith).toEqual([[0, 1]]);
  });

  test("a rule comes after those it refers to, and a circle ends", () => {
    const chain = compileRules(setOf({ a: refers("b"), b: refers("c"), c: bought("A") }));
    expect(chain.rules.map(({ id }) => id)).toEqual([seg("c"), seg("b"), seg("a")]);
    const circle = compileRules(setOf({ a: refers("b"), b: refers("a") }));
    expect(circle.rules).toHaveLength(2);
  });

  test("triggers are found by event, segment, page and goal", () => {
    const trigger = (id: string, when: TriggerDefinition["when"]) => ({
      id: asId("trg", `trg_${id}`),
      version: 1,
      liveAt: 0,
      sinceVersion: 1,
      definition: {
        name: id,
        when,
        who: bought("A"),
        waitMs: 0,
        limits: {
          repeat: { type: "always" as const },
          quietHours: null,
          onlyWhenOnline: false,
          notInConversation: false,
          isCapped: false,
          priority: 0,
        },
        holdOut: 0,
        goal: { event: "purchase", where: [], windowMs: 60_000, value: null },
        variants: [],
      },
    });
    const triggers = [
      trigger("a", { type: "event", event: "add_to_cart", where: [] }),
      trigger("b", { type: "segment", segment: seg("a"), on: "enter" }),
      trigger("c", { type: "page", page: null, moment: { on: "exit" } }),
    ];
    const compiled = compileRules(setOf({ a: bought("A") }, triggers));
    expect(compiled.triggersByEvent.get("Product Added")).toEqual([triggers[0]]);
    expect(compiled.triggersBySegment.get(seg("a"))).toEqual([triggers[1]]);
    expect(compiled.pageTriggers).toEqual([triggers[2]]);
    expect(compiled.goalsByEvent.get("Order Completed")).toEqual(triggers);
    expect(compiled.trigger("trg_a")).toBe(triggers[0]);
    expect(compiled.segment("seg_a")?.name).toBe("a");
    expect(compiled.rules).toHaveLength(4);
  });
});

test("filters ask only for an event's own properties, and all of them have to pass", () => {
  const exists = { type: "text", test: { op: "exists" } } as const;
  const occurrence = { name: "A", at: 0, props: { size: "L" } };
  expect(matchesFilters(undefined, occurrence)).toBe(true);
  expect(matchesFilters([{ key: "size", is: exists }], occurrence)).toBe(true);
  expect(matchesFilters([{ key: "toString", is: exists }], occurrence)).toBe(false);
  const both = ["size", "colour"].map((key) => ({ key, is: exists }));
  expect(matchesFilters(both, occurrence)).toBe(false);
});

test("a tree of as many conditions as there may be is evaluated", () => {
  const of = Array.from({ length: CONDITIONS_MAX - 1 }, (_, i) => bought(`Event ${i}`));
  const compiled = compileRules(setOf({ a: { type: "any", of } }));
  const evaluator = new Evaluator(compiled, null, () => undefined);
  evaluator.adopt({ view: NOBODY, viewAt: () => NOBODY, now: 1 });
  const name = `Event ${CONDITIONS_MAX - 2}`;
  const view = {
    ...NOBODY,
    event: (one: string) => (one === name ? { count: 1, firstAt: 2, lastAt: 2 } : undefined),
  };
  const occurrences = [{ name, at: 2, props: {} }];
  const { flips } = evaluator.take({ view, occurrences, touched: new Set(), now: 2 });
  expect(flips).toEqual([{ rule: seg("a"), isIn: true, at: 2 }]);
});

test("what is kept of somebody in one of twenty segments of a full workspace takes less than 4 KB", () => {
  const conditions = Object.fromEntries(
    Array.from({ length: SEGMENTS_MAX }, (_, i) => [
      i.toString(36).padStart(26, "0"),
      i % 20 === 0 ? ({ type: "not", of: bought("A") } as const) : bought("A"),
    ]),
  );
  const compiled = compileRules(setOf(conditions));
  const evaluator = new Evaluator(compiled, null, () => undefined);
  const now = 1_700_000_000_000;
  const { changes } = evaluator.adopt({ view: NOBODY, viewAt: () => NOBODY, now });
  expect(changes.map(([key]) => key)).toEqual([EVALUATION_KEY]);
  expect(encodedBytes(changes[0]?.[1])).toBeLessThanOrEqual(4_096);
});
