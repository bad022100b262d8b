import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId, TriggerId } from "../../protocol/ids.ts";
import type { IdentityMode } from "../../protocol/settings.ts";
import type { MessageCap, TriggerDefinition } from "../../protocol/triggers.ts";

/** A saved segment as objects evaluate it. `version` grows with every change of its condition. */
export type LiveSegment = {
  id: SegmentId;
  name: string;
  version: number;
  condition: Condition;
  /** When this version went live, by the product's clock. */
  liveAt: number;
  /** The definitions' version that brought it: whoever has looked at an older one meets it anew. */
  sinceVersion: number;
};

/** A trigger's live version. A paused trigger is not in the set. */
export type LiveTrigger = {
  id: TriggerId;
  version: number;
  definition: TriggerDefinition;
  liveAt: number;
  sinceVersion: number;
};

/** Everything of a workspace that decides about its visitors, as of one version. */
export type DefinitionSet = {
  /** Grows with every change of a segment, a trigger, the cap, the time zone or the mode of identity. */
  version: number;
  /** IANA name; counts calendar days, and quiet hours where a person's own zone is not known. */
  timeZone: string;
  /** The workspace-wide cap of automatic messages for each person. */
  cap: MessageCap | null;
  /** What becomes of identifiers that are claimed without a proof. */
  identityMode: IdentityMode;
  segments: LiveSegment[];
  triggers: LiveTrigger[];
};

export const NO_DEFINITIONS: DefinitionSet = {
  version: 0,
  timeZone: "UTC",
  cap: null,
  identityMode: "off",
  segments: [],
  triggers: [],
};
