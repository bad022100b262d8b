import { asId, type VisitorId } from "../../../protocol/ids.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import type { Action, TriggerDefinition, Variant } from "../../../protocol/triggers.ts";
import type { LiveTrigger } from "../../segments/definitions.ts";
import type { DecisionInput } from "../decide.ts";
import type { Firing } from "../firing.ts";
import { SAMPLE_PERSON } from "../sample-person.ts";

/** Parts of decisions that a test changes one thing of. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const NOON = Date.parse("2026-06-15T12:00:00Z");

export const ANNA: OperatorCard = {
  id: asId("opr", "opr_anna"),
  name: "Anna",
  title: "Support",
  photo: null,
};
export const BELA: OperatorCard = {
  id: asId("opr", "opr_bela"),
  name: "Bela",
  title: "Support",
  photo: null,
};

export function visitorNamed(n: number): VisitorId {
  return asId("vis", `vis_${n}`);
}

export function chatSaying(text: string): Extract<Action, { type: "chat" }> {
  return { type: "chat", from: { type: "free" }, text, button: null, card: null };
}

export function popup(over: Partial<Extract<Action, { type: "popup" }>> = {}): Action {
  return {
    type: "popup",
    place: "corner",
    from: { type: "free" },
    heading: "Hello",
    text: "",
    imageUrl: null,
    button: null,
    card: null,
    canAnswer: true,
    ...over,
  };
}

export function variant(id: string, action: Action = chatSaying("Hello"), weight = 1): Variant {
  return { id, name: `Variant ${id}`, weight, action };
}

export const LIMITS: TriggerDefinition["limits"] = {
  repeat: { type: "once" },
  quietHours: null,
  onlyWhenOnline: false,
  notInConversation: false,
  isCapped: true,
  priority: 50,
};

/** Limits that hold nothing back. */
export const UNLIMITED: TriggerDefinition["limits"] = {
  ...LIMITS,
  repeat: { type: "always" },
  isCapped: false,
};

/** A trigger on an event for everybody, without a hold-out, with what is different. */
export function definition(over: Partial<TriggerDefinition> = {}): TriggerDefinition {
  return {
    name: "A trigger",
    when: { type: "event", event: "Product Viewed", where: [] },
    who: null,
    waitMs: 0,
    limits: LIMITS,
    holdOut: 0,
    goal: null,
    variants: [variant("a")],
    ...over,
  };
}

export function live(
  over: Partial<TriggerDefinition> = {},
  id = "trg_a",
  version = 1,
): LiveTrigger {
  return {
    id: asId("trg", id),
    version,
    definition: definition(over),
    liveAt: NOON - HOUR,
    sinceVersion: version,
  };
}

export const FIRING: Firing = {
  n: 1,
  trigger: asId("trg", "trg_a"),
  version: 1,
  key: "1",
  at: NOON,
  event: null,
  dueAt: NOON,
};

export function input(over: Partial<DecisionInput> = {}): DecisionInput {
  return {
    firing: FIRING,
    trigger: live(),
    record: null,
    capTimes: [],
    cap: null,
    holdsWho: true,
    view: SAMPLE_PERSON,
    visitor: visitorNamed(1),
    deliveryId: asId("dlv", "dlv_1"),
    timeZone: "UTC",
    team: { online: [ANNA], others: [BELA] },
    isInConversation: false,
    now: NOON,
    ...over,
  };
}
