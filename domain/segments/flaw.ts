import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId } from "../../protocol/ids.ts";
import { CONDITION_DEPTH_MAX, CONDITIONS_MAX } from "../../protocol/limits.ts";
import { segmentsIn, triggersIn } from "./references.ts";

/** Why a value that was not checked yet is no tree of conditions of a sane size, in plain words; null if it may be. Goes through it without recursion. */
export function flawOfCondition(value: unknown): string | null {
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let count = 1;
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { value: condition, depth } = one;
    if (typeof condition !== "object" || condition === null || Array.isArray(condition))
      return "a condition must be an object";
    const type = ownField(condition, "type");
    if (type !== "all" && type !== "any" && type !== "not") continue;
    if (depth >= CONDITION_DEPTH_MAX)
      return `groups may stand in one another ${CONDITION_DEPTH_MAX} deep at most`;
    const of = ownField(condition, "of");
    if (type === "not") {
      count++;
      waiting.push({ value: of, depth: depth + 1 });
    } else if (Array.isArray(of)) {
      count += of.length;
      if (count <= CONDITIONS_MAX)
        for (const part of of) waiting.push({ value: part, depth: depth + 1 });
    } else return "a group needs a list of conditions";
    if (count > CONDITIONS_MAX) return `there may be ${CONDITIONS_MAX} conditions at most`;
  }
  return null;
}

function ownField(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** What a tree may refer to. */
type Known = { segments: ReadonlyMap<SegmentId, Condition>; triggers: ReadonlySet<string> };

/**
 * Why a tree cannot be saved, in plain words: it names a segment or a trigger that is not there, or leads back to
 * itself. Null when it can.
 * @param self The segment that the tree is to become, whose former tree does not count.
 */
export function flawOfTree(condition: Condition, known: Known, self?: SegmentId): string | null {
  const segments = new Set<string>(known.segments.keys());
  if (triggersIn(condition).some((id) => !known.triggers.has(id)))
    return "it names a trigger that is not there";
  if (segmentsIn(condition).some((id) => id !== self && !segments.has(id)))
    return "it names a segment that is not there";
  return leadsBack(condition, known, self)
    ? "segments may not refer to one another in a circle"
    : null;
}

function leadsBack(
  condition: Condition,
  { segments }: Known,
  self: SegmentId | undefined,
): boolean {
  const trees = new Map<string, Condition>(segments);
  const target = self ?? null;
  if (self !== undefined) trees.set(self, condition);
  const open = new Set<string>();
  const done = new Set<string>();
  const steps: { id: string | null; next: string[] }[] = [
    { id: target, next: segmentsIn(condition) },
  ];
  if (target !== null) open.add(target);
  for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
    const id = step.next.pop();
    if (id === undefined) {
      steps.pop();
      if (step.id !== null) {
        open.delete(step.id);
        done.add(step.id);
      }
    } else if (open.has(id)) return true;
    else if (!done.has(id)) {
      open.add(id);
      const tree = trees.get(id);
      steps.push({ id, next: tree === undefined ? [] : segmentsIn(tree) });
    }
  }
  return false;
}
