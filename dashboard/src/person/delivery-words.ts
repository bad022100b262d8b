import type { Action, Delivery } from "../../../protocol/triggers.ts";
import { money } from "../words/money.ts";
import { agoWords, type Clock } from "../words/times.ts";
import { skipWords } from "./skip-words.ts";

/** What became of something that a trigger decided about one person, and why. */
type DeliveryWords = {
  tone: "good" | "plain" | "quiet";
  text: string;
};

export const ACTION_WORDS: Record<Action["type"], string> = {
  chat: "Chat message",
  popup: "Pop-up",
  alert: "Alert to the team",
};

/** @param others Everything that is known of this person's deliveries, to say when they got it before. */
export function deliveryWords(
  delivery: Delivery,
  others: readonly Delivery[],
  clock: Clock,
): DeliveryWords {
  switch (delivery.state) {
    case "held_out":
      return {
        tone: delivery.goalAt === null ? "quiet" : "good",
        text:
          delivery.goalAt === null
            ? "Held out: sent nothing, so that the effect can be measured"
            : `Held out, and ${goalWords(delivery)} without it`,
      };
    case "skipped":
      return { tone: "quiet", text: `Not sent: ${reasonWords(delivery, others, clock)}` };
    case "sent":
      return sentFate(delivery);
  }
}

function reasonWords(delivery: Delivery, others: readonly Delivery[], clock: Clock): string {
  if (delivery.reason !== "repeated") return skipWords(delivery.reason, delivery.detail);
  const before = others
    .filter(
      (other) =>
        other.trigger === delivery.trigger &&
        other.state !== "skipped" &&
        other.decidedAt <= delivery.decidedAt,
    )
    .reduce<Delivery | null>(
      (newest, other) => (newest === null || other.decidedAt > newest.decidedAt ? other : newest),
      null,
    );
  if (before === null) return skipWords("repeated", null);
  const ago = agoWords(before.decidedAt, clock);
  return before.state === "held_out" ? `was held out ${ago} already` : `already got it ${ago}`;
}

function sentFate(delivery: Delivery): DeliveryWords {
  const { action, deliveredAt, seenAt, clickedAt, answeredAt, closedAt, goalAt } = delivery;
  const steps = [
    answeredAt !== null ? "answered" : null,
    clickedAt !== null ? "clicked" : null,
    closedAt !== null && answeredAt === null && clickedAt === null ? "closed" : null,
    goalAt !== null ? goalWords(delivery) : null,
  ].filter((step) => step !== null);
  if (steps.length > 0) {
    const text = steps.join(", ");
    const isGood = goalAt !== null || answeredAt !== null || clickedAt !== null;
    return { tone: isGood ? "good" : "plain", text: text.charAt(0).toUpperCase() + text.slice(1) };
  }
  if (action === "alert") {
    return {
      tone: "plain",
      text: deliveredAt === null ? "On its way to the team" : "Told the team",
    };
  }
  if (seenAt !== null) return { tone: "plain", text: "Seen" };
  if (deliveredAt !== null) return { tone: "plain", text: "Sent, not seen yet" };
  return { tone: "plain", text: "Waits until they are on the site" };
}

function goalWords({ goalValue }: Delivery): string {
  return goalValue === null
    ? "reached the goal"
    : `reached the goal, ${money(goalValue.amountMinor, goalValue.currency)}`;
}
