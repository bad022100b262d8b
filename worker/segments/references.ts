import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId, TriggerId } from "../../protocol/ids.ts";
import type { SegmentRow, TriggerUse } from "../d1/segments.ts";

/** What a condition names beside people: other segments, and triggers. */
export type Named = { segments: Set<SegmentId>; triggers: Set<TriggerId> };

export function namedIn(condition: Condition): Named {
  const named: Named = { segments: new Set(), triggers: new Set() };
  gather(condition, named);
  return named;
}

// The schema has checked the shapes of ids; their brands exist only for the compiler.
function gather(condition: Condition, named: Named): void {
  switch (condition.type) {
    case "all":
    case "any":
      for (const one of condition.of) gather(one, named);
      break;
    case "not":
      gather(condition.of, named);
      break;
    case "segment":
      named.segments.add(condition.segment as SegmentId);
      break;
    case "reaction":
      named.triggers.add(condition.trigger as TriggerId);
      break;
    default:
  }
}

/** Names of the live triggers and segments that use each segment. */
export function usesOf(
  segments: readonly Pick<SegmentRow, "id" | "name" | "condition">[],
  triggers: readonly TriggerUse[],
): Map<SegmentId, string[]> {
  const uses = new Map<SegmentId, string[]>();
  const note = (segment: SegmentId, name: string) => {
    uses.set(segment, [...(uses.get(segment) ?? []), name]);
  };
  for (const { name, who, when } of triggers) {
    const used = who === null ? new Set<SegmentId>() : namedIn(who).segments;
    if (when.type === "segment") used.add(when.segment);
    for (const id of used) note(id, name);
  }
  for (const { id, name, condition } of segments) {
    for (const used of namedIn(condition).segments) if (used !== id) note(used, name);
  }
  return uses;
}
