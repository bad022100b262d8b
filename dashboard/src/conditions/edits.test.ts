import fc from "fast-check";
import { expect, test } from "vitest";
import type { Condition } from "../../../protocol/conditions.ts";
import {
  conditionOf,
  depthOf,
  groupOf,
  withChange,
  withDuplicate,
  withItem,
  withoutItem,
} from "./edits.ts";

const open: Condition = { type: "conversation", is: "open" };
const ever: Condition = { type: "conversation", is: "ever" };
const unread: Condition = { type: "conversation", is: "unread" };

test("a condition that is no group is shown as one of all", () => {
  expect(groupOf(open)).toEqual({ mode: "all", items: [open] });
});

test("none is written as the opposite of any, and read back as none", () => {
  const none = conditionOf({ mode: "none", items: [open, ever] });
  expect(none).toEqual({ type: "not", of: { type: "any", of: [open, ever] } });
  expect(groupOf(none)).toEqual({ mode: "none", items: [open, ever] });
  expect(groupOf({ type: "not", of: open })).toEqual({ mode: "none", items: [open] });
});

test("none of one condition is its opposite, without a group between", () => {
  expect(conditionOf({ mode: "none", items: [open] })).toEqual({ type: "not", of: open });
  const any: Condition = { type: "any", of: [ever] };
  expect(groupOf(conditionOf({ mode: "none", items: [any] })).items).toEqual([any]);
});

test("what is not all of something is none of one group", () => {
  const all: Condition = { type: "all", of: [open, ever] };
  expect(groupOf({ type: "not", of: all })).toEqual({ mode: "none", items: [all] });
});

test("rows are added at the end, changed and removed in place, and copied beside themselves", () => {
  const group = groupOf({ type: "any", of: [open, ever] });
  expect(withItem(group, unread).items).toEqual([open, ever, unread]);
  expect(withChange(group, 0, unread).items).toEqual([unread, ever]);
  expect(withoutItem(group, 0).items).toEqual([ever]);
  const copied = withDuplicate(group, 0).items;
  expect(copied).toEqual([open, open, ever]);
  expect(copied[1]).not.toBe(copied[0]);
});

const tree: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(open, ever, unread),
    fc.record({
      type: fc.constantFrom("all" as const, "any" as const),
      of: fc.array(tie("node"), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant("not" as const), of: tie("node") }),
  ),
})).node;

test("showing a condition as a group and writing it again changes nothing of what is shown", () => {
  fc.assert(
    fc.property(tree, (condition) => {
      const again = conditionOf(groupOf(condition));
      expect(conditionOf(groupOf(again))).toEqual(again);
      expect(groupOf(again)).toEqual(groupOf(condition));
    }),
  );
});

test("depth counts groups, not the rows in them", () => {
  expect(depthOf(open)).toBe(0);
  expect(depthOf({ type: "all", of: [] })).toBe(1);
  expect(
    depthOf({ type: "all", of: [open, { type: "not", of: { type: "any", of: [open] } }] }),
  ).toBe(3);
});
