import type { Condition, LeafCondition } from "../../protocol/conditions.ts";
import type { Verdict } from "./times.ts";

/** A tree of conditions whose leaves are anything that has a verdict. */
export type Tree<Leaf> =
  | { type: "leaf"; leaf: Leaf }
  | { type: "all" | "any"; of: readonly Tree<Leaf>[] }
  | { type: "not"; of: Tree<Leaf> };

/** The same tree over other leaves. */
export function treeOf<Leaf>(
  condition: Condition,
  leafOf: (leaf: LeafCondition) => Leaf,
): Tree<Leaf> {
  if (condition.type === "all" || condition.type === "any")
    return { type: condition.type, of: condition.of.map((part) => treeOf(part, leafOf)) };
  if (condition.type === "not") return { type: "not", of: treeOf(condition.of, leafOf) };
  return { type: "leaf", leaf: leafOf(condition) };
}

/** What became of a tree. `all` of nothing holds, `any` of nothing does not. */
export function verdictOf<Leaf>(tree: Tree<Leaf>, verdict: (leaf: Leaf) => Verdict): Verdict {
  if (tree.type === "leaf") return verdict(tree.leaf);
  if (tree.type === "not") return negated(verdictOf(tree.of, verdict));
  const [only] = tree.of;
  if (only !== undefined && tree.of.length === 1) return verdictOf(only, verdict);
  return joined(
    tree.type,
    tree.of.map((part) => verdictOf(part, verdict)),
  );
}

export function negated({ holds, until }: Verdict): Verdict {
  return { holds: !holds, until };
}

/**
 * `all` that holds ends with the first part that does; `all` that does not can begin no sooner than the last of the
 * parts that do not. `any` is the same the other way round.
 */
export function joined(type: "all" | "any", parts: readonly Verdict[]): Verdict {
  const usual = type === "all";
  let first = Infinity;
  let lastOfOthers = -Infinity;
  for (const { holds, until } of parts) {
    if (holds !== usual) lastOfOthers = Math.max(lastOfOthers, until);
    else first = Math.min(first, until);
  }
  return lastOfOthers === -Infinity
    ? { holds: usual, until: first }
    : { holds: !usual, until: lastOfOthers };
}
