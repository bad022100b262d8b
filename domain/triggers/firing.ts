import type { OperatorCard } from "../../protocol/operators.ts";
import type { Json } from "../../protocol/json.ts";
import type { TriggerId } from "../../protocol/ids.ts";
import type { MomentContent, SkipReason } from "../../protocol/triggers.ts";

/** A trigger's `when` came true for an eligible person. Kept by the visitor until it is decided. */
export type Firing = {
  /** Number in the visitor's own count of firings. */
  n: number;
  trigger: TriggerId;
  /** The version that was live when it happened. */
  version: number;
  /** Names this firing among all of its trigger for this visitor: the log position, or the count of a page rule. */
  key: string;
  at: number;
  /** The event that set it off; null for segments and page rules. */
  event: { name: string; props: { [key: string]: Json } } | null;
  /** When to look at it: at once, after the trigger's wait, or after quiet hours. */
  dueAt: number;
};

/** What a visitor remembers of one trigger. */
export type TriggerRecord = {
  /** What was assigned at the first exposure to a version: a variant's id, or null for the hold-out. */
  assigned: { version: number; variant: string | null }[];
  /** Sent or held out so far, and when last. */
  exposures: number;
  lastAt: number | null;
  /** The person asked not to see it again. */
  isRefused: boolean;
};

/** Who can speak. `online` holds those with the dashboard open who are not away, the least busy first. */
export type Team = { online: OperatorCard[]; others: OperatorCard[] };

export type Decision =
  | { kind: "wait"; until: number }
  | { kind: "skip"; reason: SkipReason; detail: string | null; variant: string | null }
  | { kind: "held_out"; variant: null }
  | {
      kind: "send";
      variant: string;
      content: MomentContent | null;
      /** For an alert. */
      alert: string | null;
      from: OperatorCard | null;
      code: string | null;
    };
