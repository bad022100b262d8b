import { segmentsIn } from "../../domain/segments/references.ts";
import type { SegmentRow, TriggerUse } from "../d1/segments.ts";

/** Names of the live triggers and segments that use each segment, by its id. */
export function usesOf(
  segments: readonly Pick<SegmentRow, "id" | "name" | "condition">[],
  triggers: readonly TriggerUse[],
): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const note = (used: Iterable<string>, name: string) => {
    for (const id of new Set(used)) uses.set(id, [...(uses.get(id) ?? []), name]);
  };
  for (const { name, who, when } of triggers) {
    const used = who === null ? [] : segmentsIn(who);
    note(when.type === "segment" ? [...used, when.segment] : used, name);
  }
  for (const { id, name, condition } of segments)
    note(
      segmentsIn(condition).filter((used) => used !== id),
      name,
    );
  return uses;
}
