import type { Condition, LeafCondition } from "../../protocol/conditions.ts";

/** Ids of the segments that a tree refers to. */
export function segmentsIn(condition: Condition): string[] {
  return leavesOf(condition).flatMap((leaf) => (leaf.type === "segment" ? [leaf.segment] : []));
}

/** Ids of the triggers that a tree refers to. */
export function triggersIn(condition: Condition): string[] {
  return leavesOf(condition).flatMap((leaf) => (leaf.type === "reaction" ? [leaf.trigger] : []));
}

function leavesOf(condition: Condition): LeafCondition[] {
  if (condition.type === "all" || condition.type === "any") return condition.of.flatMap(leavesOf);
  return condition.type === "not" ? leavesOf(condition.of) : [condition];
}
