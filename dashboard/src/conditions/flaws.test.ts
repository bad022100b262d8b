import { expect, test } from "vitest";
import { flawOfCondition } from "../../../domain/segments/flaw.ts";
import {
  condition as shape,
  type Condition,
  type LeafCondition,
} from "../../../protocol/conditions.ts";
import {
  CONDITION_DEPTH_MAX,
  CONDITIONS_MAX,
  LIST_VALUES_MAX,
  TIMES_MAX,
} from "../../../protocol/limits.ts";
import { flawOf, flawOfLeaf, isComplete } from "./flaws.ts";
import { kindSections } from "./kinds.ts";

const open: Condition = { type: "conversation", is: "open" };
const kinds = kindSections(["Product Viewed"], ["plan"], "EUR").flatMap(({ kinds }) => kinds);

test("what counts as complete is what the server's schema takes, for every kind as it is first added", () => {
  for (const kind of kinds) {
    const leaf = kind.make();
    expect([kind.id, isComplete(leaf)]).toEqual([kind.id, shape.safeParse(leaf).success]);
  }
});

test("every type of condition can be added", () => {
  const types = new Set(kinds.map((kind) => kind.make().type));
  expect([...types].sort()).toEqual([
    "cart_changed",
    "cart_items",
    "cart_product",
    "cart_total",
    "conversation",
    "conversation_answered",
    "conversation_operator",
    "event",
    "event_time",
    "orders_average",
    "orders_count",
    "orders_last",
    "orders_total",
    "property",
    "property_time",
    "reaction",
    "seen",
    "segment",
    "session_number",
    "session_text",
  ]);
});

test("an unfinished row says what it lacks", () => {
  const lacking: LeafCondition[] = [
    { type: "event", name: "", times: { op: "at_least", n: 1 } },
    { type: "event", name: "X", times: { op: "at_least", n: Number.NaN } },
    { type: "event", name: "X", times: { op: "exactly", n: TIMES_MAX + 1 } },
    { type: "property", key: "", is: { type: "flag", value: true } },
    { type: "property", key: "plan", is: { type: "text", test: { op: "in", values: [] } } },
    { type: "cart_total", is: { op: "gt", value: Number.NaN }, currency: "EUR" },
    { type: "seen", which: "last", is: { op: "before", at: Number.NaN } },
    { type: "orders_last", is: { op: "within", span: { n: 3_651, unit: "day" } } },
    { type: "segment", segment: "", is: true },
    { type: "reaction", trigger: "", what: "seen", is: { op: "ever" } },
  ];
  expect(lacking.map(flawOfLeaf)).toEqual([
    "Choose an event.",
    "Say how many times, from 0 to 1,000.",
    "Say how many times, from 0 to 1,000.",
    "Choose a property.",
    "Write at least one value.",
    "Write a number.",
    "Choose a date and a time.",
    "Say how long, from 1 to 3,650.",
    "Choose a segment.",
    "Choose a message.",
  ]);
});

test("a list holds its limit of values and not one more", () => {
  const list = (length: number): LeafCondition => ({
    type: "session_text",
    field: "country",
    is: { op: "in", values: Array.from({ length }, (_, index) => String(index)) },
  });
  expect(flawOfLeaf(list(LIST_VALUES_MAX - 1))).toBeNull();
  expect(flawOfLeaf(list(LIST_VALUES_MAX))).toBeNull();
  expect(flawOfLeaf(list(LIST_VALUES_MAX + 1))).toBe(
    "These are 10,001 values. At most 10,000 fit into one list.",
  );
});

const many = (count: number): Condition => ({
  type: "all",
  of: Array.from({ length: count }, () => open),
});
const deep = (levels: number): Condition =>
  levels === 0 ? open : { type: "any", of: [deep(levels - 1)] };

test("a tree holds its limit of conditions and of depth and not one more, as on the server", () => {
  // The group itself is one of them.
  const sizes = [CONDITIONS_MAX - 2, CONDITIONS_MAX - 1, CONDITIONS_MAX].map(many);
  expect(sizes.map(flawOf)).toEqual([
    null,
    null,
    "There are more than 200 conditions, groups included.",
  ]);
  const depths = [CONDITION_DEPTH_MAX - 1, CONDITION_DEPTH_MAX, CONDITION_DEPTH_MAX + 1].map(deep);
  expect(depths.map(flawOf)).toEqual([null, null, "Groups stand more than 5 deep in one another."]);
  for (const tree of [...sizes, ...depths])
    expect(isComplete(tree)).toBe(flawOfCondition(tree) === null);
});

test("an empty group is unfinished, wherever it stands", () => {
  expect(flawOf({ type: "all", of: [] })).toBe("Add a condition.");
  expect(flawOf({ type: "all", of: [open, { type: "not", of: { type: "any", of: [] } }] })).toBe(
    "Add a condition.",
  );
});
