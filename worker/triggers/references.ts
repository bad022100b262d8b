import type { Condition, LeafCondition } from "../../protocol/conditions.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";

/** Ids of other things that a trigger needs to be there. */
export type References = { segments: string[]; triggers: string[]; operators: string[] };

/** Everything that a definition names, each once. */
export function referencesOf(definition: TriggerDefinition): References {
  const segments = new Set<string>();
  const triggers = new Set<string>();
  const operators = new Set<string>();
  if (definition.when.type === "segment") segments.add(definition.when.segment);
  for (const leaf of definition.who === null ? [] : leavesOf(definition.who)) {
    if (leaf.type === "segment") segments.add(leaf.segment);
    if (leaf.type === "reaction") triggers.add(leaf.trigger);
  }
  for (const { action } of definition.variants) {
    if (action.type !== "alert" && action.from.type === "operator")
      operators.add(action.from.operator);
  }
  return { segments: [...segments], triggers: [...triggers], operators: [...operators] };
}

function leavesOf(condition: Condition): LeafCondition[] {
  if (condition.type === "all" || condition.type === "any") return condition.of.flatMap(leavesOf);
  return condition.type === "not" ? leavesOf(condition.of) : [condition];
}
