import type { DeliveryId, VisitorId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Action, MessageCap, SkipReason, TriggerDefinition } from "../../protocol/triggers.ts";
import type { LiveTrigger } from "../segments/definitions.ts";
import type { PersonView } from "../segments/person-view.ts";
import { assign } from "./assignment.ts";
import { sayingOf } from "./content.ts";
import type { Decision, Firing, Team, TriggerRecord } from "./firing.ts";
import { quietUntil } from "./quiet-hours.ts";

export type DecisionInput = {
  firing: Firing;
  /** The trigger as it is live now; null when it is not. A firing is decided by the version that is live. */
  trigger: LiveTrigger | null;
  record: TriggerRecord | null;
  /** Instants of this person's messages that count towards the workspace's cap. */
  capTimes: readonly number[];
  cap: MessageCap | null;
  /** Whether the trigger is for this person now. */
  holdsWho: boolean;
  view: PersonView;
  visitor: VisitorId;
  deliveryId: DeliveryId;
  /** The person's time zone, or the workspace's where theirs is not known. */
  timeZone: string;
  team: Team;
  isInConversation: boolean;
  now: number;
};

/**
 * What becomes of one firing. Held-out people pass every check that treated ones pass, the filling in of what they
 * would have been shown included, so that the two can be compared.
 */
export function decide(input: DecisionInput): Decision {
  const { firing, trigger, record, view, visitor, deliveryId, now } = input;
  if (trigger === null) return skip("not_live");
  const { definition } = trigger;
  const dueAt = firing.at + definition.waitMs;
  if (now < dueAt) return { kind: "wait", until: dueAt };
  if (!input.holdsWho) return skip("no_longer_matches");
  if (record?.isRefused) return skip("refused");
  if (!mayRepeat(definition, record, now)) return skip("repeated");
  const { variant, isHeldOut } = assign(visitor, trigger, record);
  const held = heldBack(input, definition, variant.action, variant.id);
  if (held !== null) return held;
  const from = senderOf(variant.action, input.team);
  if (from === null && variant.action.type !== "alert")
    return skip("no_operator", null, variant.id);
  const said = sayingOf(variant.action, {
    view,
    event: firing.event,
    delivery: deliveryId,
  });
  if (!said.ok) return skip(said.reason, said.detail, variant.id);
  if (isHeldOut) return { kind: "held_out", variant: null };
  const { content, alert, code } = said;
  return { kind: "send", variant: variant.id, content, alert, from, code };
}

/** Whether a trigger's own rule lets it fire again for somebody. */
export function mayRepeat(
  { limits: { repeat } }: TriggerDefinition,
  record: TriggerRecord | null,
  now: number,
): boolean {
  if (record === null || record.lastAt === null || record.exposures === 0) return true;
  switch (repeat.type) {
    case "always":
      return true;
    case "once":
      return false;
    case "period":
      return now - record.lastAt >= repeat.ms;
  }
}

/** Who speaks: who was chosen, or the least busy of those online, or anybody; null when nobody is there. */
export function senderOf(action: Action, { online, others }: Team): OperatorCard | null {
  if (action.type === "alert") return null;
  const { from } = action;
  if (from.type === "operator")
    return [...online, ...others].find((one) => one.id === from.operator) ?? null;
  return online[0] ?? others[0] ?? null;
}

function heldBack(
  { timeZone, team, isInConversation, cap, capTimes, now }: DecisionInput,
  { limits }: TriggerDefinition,
  action: Action,
  variant: string,
): Decision | null {
  const isAlert = action.type === "alert";
  const until =
    limits.quietHours === null || isAlert ? null : quietUntil(limits.quietHours, timeZone, now);
  if (until !== null) return { kind: "wait", until };
  if (limits.onlyWhenOnline && team.online.length === 0)
    return skip("nobody_online", null, variant);
  if (limits.notInConversation && isInConversation) return skip("in_conversation", null, variant);
  if (!limits.isCapped || cap === null || isAlert) return null;
  const counted = capTimes.filter((at) => now - at < cap.ms).length;
  return counted >= cap.messages ? skip("capped", null, variant) : null;
}

function skip(
  reason: SkipReason,
  detail: string | null = null,
  variant: string | null = null,
): Decision {
  return { kind: "skip", reason, detail, variant };
}
