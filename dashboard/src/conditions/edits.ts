import type { Condition } from "../../../protocol/conditions.ts";

/** A group as the builder shows it. "None" is written as the opposite of "any". */
export type GroupMode = "all" | "any" | "none";
export type Group = { mode: GroupMode; items: readonly Condition[] };

/** Any condition as a group: one that is none stands alone in a group of all. */
export function groupOf(condition: Condition): Group {
  if (condition.type === "all" || condition.type === "any")
    return { mode: condition.type, items: condition.of };
  if (condition.type !== "not") return { mode: "all", items: [condition] };
  const { of } = condition;
  return { mode: "none", items: of.type === "any" ? of.of : [of] };
}

export function conditionOf({ mode, items }: Group): Condition {
  if (mode !== "none") return { type: mode, of: [...items] };
  const [only] = items;
  const isAlone = items.length === 1 && only !== undefined && only.type !== "any";
  return { type: "not", of: isAlone ? only : { type: "any", of: [...items] } };
}

export const withItem = (group: Group, item: Condition): Group => ({
  ...group,
  items: [...group.items, item],
});
export const withoutItem = (group: Group, index: number): Group => ({
  ...group,
  items: group.items.filter((_, at) => at !== index),
});
export const withChange = (group: Group, index: number, item: Condition): Group => ({
  ...group,
  items: group.items.map((held, at) => (at === index ? item : held)),
});
/** The copy stands right after its original. */
export const withDuplicate = (group: Group, index: number): Group => ({
  ...group,
  items: group.items.flatMap((held, at) => (at === index ? [held, structuredClone(held)] : [held])),
});

/** How many conditions are in it, every group counted as one more. */
export function countConditions(condition: Condition): number {
  if (condition.type === "not") return 1 + countConditions(condition.of);
  if (condition.type !== "all" && condition.type !== "any") return 1;
  return condition.of.reduce((sum, each) => sum + countConditions(each), 1);
}

/** How deep groups stand in one another; one condition alone has no depth. */
export function depthOf(condition: Condition): number {
  if (condition.type === "not") return 1 + depthOf(condition.of);
  if (condition.type !== "all" && condition.type !== "any") return 0;
  return 1 + condition.of.reduce((deepest, each) => Math.max(deepest, depthOf(each)), 0);
}

/** How many levels of depth one group takes. */
export const groupCost = (mode: GroupMode): number => (mode === "none" ? 2 : 1);
