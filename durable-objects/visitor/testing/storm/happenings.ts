import type { TriggerId } from "../../../../protocol/ids.ts";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";

/** What happened in one life, in order: all that the account is told. Instants are epoch milliseconds. */

/** A live version. `change` is the number of the publication that made it live. */
export type Live = {
  id: TriggerId;
  version: number;
  change: number;
  liveAt: number;
  definition: TriggerDefinition;
};

/** An event that was told at `at` and happened then, or before. */
export type ToldEvent = {
  type: "event";
  at: number;
  happenedAt: number;
  name: string;
  n: number;
  isLoud: boolean;
  order: string | null;
  /** Whole euros. */
  paid: number | null;
};

export type Happening =
  | ToldEvent
  | { type: "plan"; at: number; isGold: boolean }
  | { type: "cart"; at: number; isFull: boolean }
  /** Somebody publishes, pauses or resumes: this is live now. */
  | { type: "published"; at: number; live: Live[] }
  /** The object knows what is live. */
  | { type: "heard"; at: number }
  /** A tab is told which page rules it waits for. */
  | { type: "looked"; at: number; tab: number; armed: TriggerId[] }
  /** What a tab was told last comes true. */
  | { type: "fired"; at: number; tab: number; trigger: TriggerId }
  /** Everything due was decided. */
  | { type: "decided"; at: number; isOnline: boolean }
  /** The newest pop-up is closed, for good where it is refused. */
  | { type: "closed"; at: number; isRefused: boolean };
