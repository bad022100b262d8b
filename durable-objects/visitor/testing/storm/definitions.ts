import { chatSaying } from "../../../../domain/triggers/testing/samples.ts";
import type { TriggerId } from "../../../../protocol/ids.ts";
import type { MessageCap, TriggerDefinition } from "../../../../protocol/triggers.ts";
import { SEGMENT, popup, trigger } from "../../../testing/definitions.ts";
import type { Dice } from "./dice.ts";

/** Triggers as the storm draws them: every kind of `when`, and every limit, wait, hold-out and goal. */

const MINUTE = 60_000;
export const TRIGGERS = 12;
/** Those whose `when` is a page rule. */
export const PAGE_RULES = [1, 5, 9] as const;

/** Zones of people; quiet hours begin and end where no zone's clocks jump. */
const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"] as const;
const HOURS = ["00:00", "06:00", "09:30", "13:00", "18:15", "22:00"] as const;

export const IS_GOLD = {
  type: "property",
  key: "plan",
  is: { type: "text", test: { op: "is", value: "gold" } },
} as const;
export const HAS_CART = { type: "segment", segment: SEGMENT, is: true } as const;
const IS_LOUD = { key: "isLoud", is: { type: "flag", value: true } } as const;

export function triggerId(index: number): TriggerId {
  return `trg_${index}` as TriggerId; // its shape is an id's
}

export function drawZone(dice: Dice): string {
  return dice.pick(ZONES);
}

export function drawCap(dice: Dice): MessageCap | null {
  if (dice.chance(0.2)) return null;
  return { messages: dice.whole(1, 4), ms: dice.pick([30, 60, 240]) * MINUTE };
}

/**
 * What one trigger says and when. All versions of one index wait for the same kind of thing, have a priority of their
 * own, and tell their version in their words.
 */
export function drawDefinition(dice: Dice, index: number, version: number): TriggerDefinition {
  const when = drawWhen(dice, index);
  const kind = dice.pick(["chat", "chat", "popup", "alert"] as const);
  const words = `t${index} v${version}`;
  const event = when.type === "event" ? " {{ event.n }}" : "";
  const variants = Array.from({ length: dice.whole(1, 2) }, (_, number) => {
    const id = "ab".charAt(number);
    const text = `${words} ${id}${event}`;
    const action =
      kind === "alert" ? { type: kind, text } : kind === "chat" ? chatSaying(text) : popup(text);
    return { id, name: id, weight: dice.whole(1, 3), action };
  });
  return trigger({
    name: words,
    when,
    who: dice.pick([null, null, IS_GOLD, HAS_CART]),
    waitMs: dice.pick([0, 0, 0, 7, 25, 90]) * MINUTE,
    limits: {
      repeat: dice.pick([
        { type: "always" },
        { type: "always" },
        { type: "once" },
        { type: "period", ms: 60 * MINUTE },
        { type: "period", ms: 5 * MINUTE },
      ]),
      quietHours: dice.chance(0.3) ? drawQuietHours(dice) : null,
      onlyWhenOnline: dice.chance(0.15),
      notInConversation: false,
      isCapped: dice.chance(0.5),
      priority: 10 * index + dice.whole(0, 9),
    },
    holdOut: dice.pick([0, 0, 20, 50]),
    goal: drawGoal(dice),
    variants,
  });
}

function drawWhen(dice: Dice, index: number): TriggerDefinition["when"] {
  switch (index % 4) {
    case 0:
      return {
        type: "segment",
        segment: SEGMENT,
        on: dice.pick(["enter", "leave"]),
      };
    case 1:
      // The seconds tell which trigger a page's rule stands for.
      return { type: "page", page: null, moment: { on: "time", seconds: index } };
    default:
      return {
        type: "event",
        event: dice.pick(["Bell Rung", "Door Knocked"]),
        where: dice.chance(0.3) ? [IS_LOUD] : [],
      };
  }
}

function drawQuietHours(dice: Dice): { from: string; to: string } {
  const [from = HOURS[0], to = HOURS[1]] = dice.shuffled(HOURS);
  return { from, to };
}

function drawGoal(dice: Dice): TriggerDefinition["goal"] {
  if (dice.chance(0.4)) return null;
  const value = dice.pick([
    null,
    { type: "fixed", amountMinor: 700, currency: "EUR" },
    { type: "property", key: "paid" },
  ] as const);
  const event = dice.pick(["Bill Paid", "Bill Paid", "Door Knocked"]);
  return { event, where: [], windowMs: dice.pick([10, 60, 600]) * MINUTE, value };
}
