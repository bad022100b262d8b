import { expect, test } from "vitest";
import { condition, type Condition } from "../../protocol/conditions.ts";
import { asId } from "../../protocol/ids.ts";
import { CONDITION_DEPTH_MAX, CONDITIONS_MAX, LIST_VALUES_MAX } from "../../protocol/limits.ts";
import { flawOfCondition, flawOfTree } from "./flaw.ts";

const leaf = { type: "conversation", is: "open" } as const;
const inGroups = (depth: number): unknown => {
  let value: unknown = leaf;
  for (let i = 0; i < depth; i++)
    value = i % 2 === 0 ? { type: "all", of: [value] } : { type: "not", of: value };
  return value;
};
/** Groups count as well. */
const ofCount = (count: number) => ({
  type: "any",
  of: Array.from({ length: count - 1 }, () => leaf),
});

test.each([CONDITIONS_MAX - 1, CONDITIONS_MAX])("%i conditions may be in a tree", (count) => {
  expect(flawOfCondition(ofCount(count))).toBeNull();
  expect(condition.safeParse(ofCount(count)).success).toBe(true);
});

test("one condition more than the limit is refused, wherever they stand", () => {
  expect(flawOfCondition(ofCount(CONDITIONS_MAX + 1))).toContain(`${CONDITIONS_MAX}`);
  const halves = [ofCount(CONDITIONS_MAX / 2), ofCount(CONDITIONS_MAX / 2)];
  expect(flawOfCondition({ type: "all", of: halves })).toContain(`${CONDITIONS_MAX}`);
  expect(flawOfCondition(ofCount(2_000_000))).toContain(`${CONDITIONS_MAX}`);
});

test.each([0, CONDITION_DEPTH_MAX - 1, CONDITION_DEPTH_MAX])(
  "%i groups may stand in one another",
  (depth) => {
    expect(flawOfCondition(inGroups(depth))).toBeNull();
  },
);

test.each([CONDITION_DEPTH_MAX + 1, 50, 1_000_000])(
  "%i groups in one another are refused without recursion",
  (depth) => {
    expect(flawOfCondition(inGroups(depth))).toContain(`${CONDITION_DEPTH_MAX} deep`);
  },
);

test("a list may hold as many values as its limit and no more", () => {
  const list = (length: number) => ({
    type: "cart_product",
    is: { op: "in", values: Array.from({ length }, (_, i) => `p${i}`) },
  });
  expect(flawOfCondition(list(LIST_VALUES_MAX))).toBeNull();
  expect(condition.safeParse(list(LIST_VALUES_MAX)).success).toBe(true);
  expect(condition.safeParse(list(LIST_VALUES_MAX + 1)).success).toBe(false);
});

test.each([
  [null],
  [[]],
  ["all"],
  [{ type: "all" }],
  [{ type: "all", of: { length: 3 } }],
  [{ type: "not" }],
  [{ type: "not", of: [leaf] }],
  [{ type: "all", of: [null] }],
])("%j is no tree", (value) => {
  expect(flawOfCondition(value)).not.toBeNull();
});

test("names that objects inherit mean nothing", () => {
  expect(flawOfCondition(JSON.parse('{"__proto__":{"type":"all"},"constructor":1}'))).toBeNull();
  expect(flawOfCondition(JSON.parse('{"type":"all","of":{"__proto__":[]}}'))).not.toBeNull();
});

const [a, b, c] = ["seg_a", "seg_b", "seg_c"].map((id) => asId("seg", id));
const refers = (segment: string | undefined): Condition => ({
  type: "any",
  of: [leaf, { type: "not", of: { type: "segment", segment: segment ?? "", is: true } }],
});
const known = (segments: [typeof a, Condition][]) => ({
  segments: new Map(
    segments.flatMap(([id, tree]) => (id === undefined ? [] : [[id, tree] as const])),
  ),
  triggers: new Set(["trg_a"]),
});

test("a tree may name segments and triggers that are there", () => {
  expect(flawOfTree(refers(a), known([[a, leaf]]))).toBeNull();
  expect(flawOfTree(refers(a), known([]))).toContain("segment");
  const reaction = (trigger: string): Condition => ({
    type: "reaction",
    trigger,
    what: "seen",
    is: { op: "ever" },
  });
  expect(flawOfTree(reaction("trg_a"), known([]))).toBeNull();
  expect(flawOfTree(reaction("trg_b"), known([]))).toContain("trigger");
});

test("segments that lead back to themselves are refused; two ways to the same one are not", () => {
  const others = known([
    [a, leaf],
    [b, refers(a)],
    [c, refers(b)],
  ]);
  expect(flawOfTree(refers(a), others, a)).toContain("circle");
  expect(flawOfTree(refers(b), others, a)).toContain("circle");
  expect(flawOfTree(refers(c), others, a)).toContain("circle");
  expect(flawOfTree({ type: "all", of: [refers(b), refers(a)] }, others, c)).toBeNull();
  expect(flawOfTree({ type: "all", of: [refers(b), refers(c)] }, others)).toBeNull();
});
