import type { TriggerId, VisitorId } from "../../protocol/ids.ts";
import { ARMED_MAX } from "../../protocol/limits.ts";
import type { ArmedRule } from "../../protocol/triggers.ts";
import type { LiveTrigger } from "../segments/definitions.ts";
import { mayRepeat } from "./decide.ts";
import { deliveryId } from "./delivery-id.ts";
import type { TriggerRecord } from "./firing.ts";

/**
 * The page rules that a person's pages wait for, the most important first: held-out people's alike, and nothing of what
 * they would say. A rule's delivery is known before it fires, and is another one after every exposure.
 */
export function armedRules(input: {
  triggers: readonly LiveTrigger[];
  holdsWho: (trigger: LiveTrigger) => boolean;
  record: (trigger: TriggerId) => TriggerRecord | null;
  visitor: VisitorId;
  now: number;
}): { rule: ArmedRule; trigger: LiveTrigger; key: string }[] {
  const { triggers, holdsWho, record, visitor, now } = input;
  return triggers
    .filter((trigger) => {
      const held = record(trigger.id);
      return !held?.isRefused && mayRepeat(trigger.definition, held, now) && holdsWho(trigger);
    })
    .toSorted((a, b) => b.definition.limits.priority - a.definition.limits.priority)
    .slice(0, ARMED_MAX)
    .flatMap((trigger) => {
      const { when } = trigger.definition;
      if (when.type !== "page") return [];
      const key = `p${record(trigger.id)?.exposures ?? 0}.${trigger.version}`;
      const delivery = deliveryId(visitor, trigger.id, key, trigger.liveAt);
      const { page, moment } = when;
      return [{ rule: { delivery, trigger: trigger.id, page, moment }, trigger, key }];
    });
}
