import type { SegmentId, TriggerId } from "../../protocol/ids.ts";

/** A saved segment, or a trigger's `who`, which is evaluated like one. */
export type RuleId = SegmentId | TriggerId;

/** What a visitor keeps of the evaluation, beside accumulators under keys of their own. */
export type StoredEvaluation = {
  /** Version of the definitions that this was evaluated with. */
  version: number;
  /** Rules that hold, and since when. */
  members: { [rule: string]: number };
  /** The next moment at which time alone may change something; null when it cannot. */
  nextAt: number | null;
};

/** A rule that began or ceased to hold. */
export type Flip = { rule: RuleId; isIn: boolean; at: number };
