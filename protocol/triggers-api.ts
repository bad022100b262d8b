import * as z from "zod";
import type { TriggerId } from "./ids.ts";
import type { OperatorCard } from "./operators.ts";
import type { Money } from "./person.ts";
import type { PersonRow } from "./segments-api.ts";
import {
  action,
  SKIP_REASONS,
  triggerDefinition,
  type Action,
  type Delivery,
  type MomentContent,
  type SkipReason,
  type TriggerDefinition,
  type TriggerStatus,
  type When,
} from "./triggers.ts";

/** Inputs and answers of `/api/*` about triggers, their figures and the people behind a number. */

export const triggerInput = z.strictObject({ definition: triggerDefinition });
/** `live` publishes the draft, or lets the paused version go on when nothing is unpublished. */
export const triggerStatusInput = z.strictObject({
  status: z.enum(["live", "paused", "archived", "draft"]),
});
/** `POST /api/triggers/preview`: what one person would be shown. Without a visitor, a made-up one. */
export const momentPreviewInput = z.strictObject({
  action,
  visitor: z.string().max(64).optional(),
});
export const FIGURES = [
  "eligible",
  "sent",
  "held_out",
  "skipped",
  "seen",
  "clicked",
  "answered",
  "closed",
  "goal",
  "goal_held_out",
] as const;
const version = z.coerce.number().int().min(1);
export const figuresQuery = z.strictObject({
  /** Only this version; all of them without it. */
  version: version.optional(),
  /** Days back from now, in the workspace's time zone. */
  days: z.coerce.number().int().min(1).max(366).default(30),
});
/** `GET /api/triggers/:id/people`: the people behind a number. */
export const figurePeopleQuery = z.strictObject({
  figure: z.enum(FIGURES),
  version: version.optional(),
  days: z.coerce.number().int().min(1).max(366).default(30),
  variant: z.string().max(12).optional(),
  reason: z.enum(SKIP_REASONS).optional(),
  cursor: z.string().max(200).optional(),
});

/** Of what was decided in the last 30 days, today included. */
export type TriggerTotals = {
  sent: number;
  seen: number;
  answered: number;
  goal: number;
  revenue: Money[];
};
export type TriggerSummary = {
  id: TriggerId;
  name: string;
  status: TriggerStatus;
  /** The newest published version; 0 before the first. */
  version: number;
  hasUnpublished: boolean;
  when: When;
  waitMs: number;
  action: Action["type"];
  updatedAt: number;
  totals: TriggerTotals;
};
/** `GET /api/triggers` */
export type TriggerList = { triggers: TriggerSummary[] };
/** `GET /api/triggers/:id` */
export type TriggerDetail = {
  id: TriggerId;
  status: TriggerStatus;
  version: number;
  hasUnpublished: boolean;
  draft: TriggerDefinition;
  versions: { version: number; definition: TriggerDefinition; publishedAt: number; by: string }[];
};
/** `POST /api/triggers/preview` */
export type MomentPreview = {
  /** Null where this person would be shown nothing. */
  content: MomentContent | null;
  /** Text of an alert. */
  alert: string | null;
  from: OperatorCard | null;
  /** Why there is nothing to show, and which place is empty. */
  problem: { reason: SkipReason; detail: string | null } | null;
};

/** Figures of one variant, or of the people who were held out. Counts are deliveries, rates are over people. */
export type FigureRow = {
  variant: string;
  name: string;
  sent: number;
  /** Different people among them. */
  people: number;
  seen: number;
  clicked: number;
  answered: number;
  closed: number;
  goal: number;
  goalPeople: number;
  revenue: Money[];
  /** Against the held-out people: the difference of the shares who reached the goal, and its 95 % interval. */
  effect: Effect | null;
};
export type Effect = {
  difference: number;
  from: number;
  to: number;
  /** `better` or `worse` only where the data allow it. */
  verdict: "better" | "worse" | "unclear" | "too_early";
};
/** `GET /api/triggers/:id/figures` */
export type TriggerFigures = {
  eligible: number;
  variants: FigureRow[];
  heldOut: { deliveries: number; people: number; goalPeople: number; revenue: Money[] };
  /** All variants together against the held-out. */
  effect: Effect | null;
  /** What the treated people bought beyond what the held-out ones would have; null without a hold-out. */
  incremental: { amount: Money; from: number; to: number }[] | null;
  /** People who were both treated and held out, left out of the comparison. */
  contradicting: number;
  skipped: { reason: SkipReason; count: number }[];
  days: {
    day: string;
    sent: number;
    heldOut: number;
    seen: number;
    answered: number;
    goal: number;
  }[];
  timeZone: string;
};
/** `GET /api/triggers/:id/people` */
export type FigurePeople = {
  people: (PersonRow & { delivery: Delivery })[];
  nextCursor: string | null;
};
/** `GET /api/visitors/:id/deliveries`, newest first. */
export type DeliveryList = { deliveries: Delivery[] };
