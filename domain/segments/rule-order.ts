import type { Condition } from "../../protocol/conditions.ts";
import type { DefinitionSet } from "./definitions.ts";
import type { RuleId } from "./evaluation.ts";
import { segmentsIn } from "./references.ts";

/** A rule as it is defined. */
export type Definition = {
  id: RuleId;
  condition: Condition;
  /** When it went live as it is now, and the definitions' version that brought it, with every segment it refers to. */
  liveAt: number;
  sinceVersion: number;
  /** How many rules stand below it in the longest chain of references. */
  level: number;
};

/**
 * Segments and triggers' `who`, each after the segments that it refers to. A change of a segment is one of everything
 * that refers to it: nobody has entered or left because a definition was edited.
 */
export function ruleOrder(set: DefinitionSet): Definition[] {
  const given = new Map<string, Omit<Definition, "level">>();
  for (const { id, condition, liveAt, sinceVersion } of set.segments)
    given.set(id, { id, condition, liveAt, sinceVersion });
  for (const { id, definition, liveAt, sinceVersion } of set.triggers)
    if (definition.who !== null)
      given.set(id, { id, condition: definition.who, liveAt, sinceVersion });
  const placed = new Map<string, Definition | null>();
  const place = (id: string): Definition | null => {
    const known = placed.get(id);
    if (known !== undefined) return known;
    const rule = given.get(id);
    if (rule === undefined) return null;
    // Until it is placed it stands for nothing, so that a circle ends.
    placed.set(id, null);
    const placing: Definition = { ...rule, level: 0 };
    for (const reference of segmentsIn(rule.condition)) {
      const below = place(reference);
      if (below === null) continue;
      placing.level = Math.max(placing.level, below.level + 1);
      if (below.sinceVersion <= placing.sinceVersion) continue;
      placing.sinceVersion = below.sinceVersion;
      placing.liveAt = below.liveAt;
    }
    placed.set(id, placing);
    return placing;
  };
  return [...given.keys()].flatMap((id) => place(id) ?? []).sort((a, b) => a.level - b.level);
}
