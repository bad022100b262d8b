import { goalValue, orderOf, refundOf } from "../../domain/triggers/goal.ts";
import { matchesFilters } from "../../domain/segments/compile.ts";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import type { HeldTrigger, OpenGoal } from "../../domain/visitors/state.ts";
import type { Reaction } from "../../protocol/conditions.ts";
import { EVENTS } from "../../protocol/facts.ts";
import type { DeliveryId, TriggerId } from "../../protocol/ids.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import type { HeldDelivery } from "../contracts.ts";
import { LATE_EVENT_MS } from "./firings.ts";
import type { Turn } from "./turn.ts";

/** What becomes of deliveries: reactions, answers and goals. The first of each kind counts. */

export type PageReaction = "seen" | "clicked" | "closed" | "refused";

const NO_TRIGGER: HeldTrigger = {
  assigned: [],
  exposures: 0,
  lastAt: null,
  isRefused: false,
  at: {},
  skippedAt: {},
};

export function heldTrigger(turn: Turn, id: TriggerId): HeldTrigger {
  return turn.draft.trigger(id) ?? NO_TRIGGER;
}

/** Notes a reaction at an instant under its trigger, where conditions look for it. */
export function noteReaction(turn: Turn, trigger: TriggerId, what: Reaction, at: number): void {
  const held = heldTrigger(turn, trigger);
  const newest = Math.max(held.at[what] ?? 0, at);
  turn.draft.setTrigger(trigger, { ...held, at: { ...held.at, [what]: newest } });
}

/** What a page says of something that was sent. False when nothing of that name was sent to this person. */
export function applyReaction(turn: Turn, id: DeliveryId, did: PageReaction, at: number): boolean {
  const held = turn.deliveries.get(id);
  if (held === null || held.state !== "sent") return false;
  const isClosing = did === "closed" || did === "refused";
  const next: HeldDelivery = {
    ...held,
    deliveredAt: held.deliveredAt ?? at,
    seenAt: held.seenAt ?? (isClosing ? null : at),
    clickedAt: held.clickedAt ?? (did === "clicked" ? at : null),
    closedAt: held.closedAt ?? (isClosing ? at : null),
  };
  if (did !== "seen") takeAway(turn, id);
  const isRefusal = did === "refused" && !heldTrigger(turn, held.trigger).isRefused;
  if (JSON.stringify(next) === JSON.stringify(held) && !isRefusal) return true;
  turn.deliveries.set(next);
  if (next.seenAt !== held.seenAt) noteReaction(turn, held.trigger, "seen", at);
  if (did === "clicked") noteReaction(turn, held.trigger, "clicked", at);
  if (isClosing) noteReaction(turn, held.trigger, "closed", at);
  if (isRefusal)
    turn.draft.setTrigger(held.trigger, { ...heldTrigger(turn, held.trigger), isRefused: true });
  turn.items.push({ type: "reaction", at, delivery: id, name: held.name, did });
  return true;
}

/** The person is done with a pop-up: no other page shows it. */
function takeAway(turn: Turn, id: DeliveryId): void {
  const shown = turn.draft.get("shown") ?? [];
  const left = shown.filter((one) => one.id !== id);
  if (left.length < shown.length) turn.draft.set("shown", left);
}

export function applyAnswer(turn: Turn, id: DeliveryId, at: number): void {
  const held = turn.deliveries.get(id);
  if (held === null || held.state !== "sent" || held.answeredAt !== null) return;
  takeAway(turn, id);
  turn.deliveries.set({ ...held, seenAt: held.seenAt ?? at, answeredAt: at });
  if (held.seenAt === null) noteReaction(turn, held.trigger, "seen", at);
  noteReaction(turn, held.trigger, "answered", at);
  turn.items.push({ type: "reaction", at, delivery: id, name: held.name, did: "answered" });
}

/**
 * The person has written in a conversation: that answers the newest of a trigger's messages before it, if no operator
 * has written by hand since.
 */
export function applyWriting(turn: Turn, before: number, state: ConversationState): void {
  if (state.wrote <= before) return;
  const unanswered = turn.draft.get("unanswered") ?? [];
  if (unanswered.length === 0) return;
  const earlier = unanswered.filter((one) => one.seq < state.wrote);
  const newest = earlier.at(-1);
  if (newest === undefined) return;
  const held = turn.deliveries.get(newest.id);
  const isOperators = state.answered !== null && state.answered.at > (held?.deliveredAt ?? 0);
  if (!isOperators) applyAnswer(turn, newest.id, turn.now);
  turn.draft.set(
    "unanswered",
    unanswered.filter((one) => one.seq >= state.wrote),
  );
}

/**
 * Counts an event towards the goals it reaches, and takes a refund off what its order counted. An order that the person
 * had placed before (`placed`) is told again by a page that was loaded again: it reaches nothing.
 */
export function applyGoals(turn: Turn, occurrence: Occurrence, placed: readonly string[]): void {
  if (occurrence.name === EVENTS.orderRefunded) subtractRefund(turn, occurrence);
  const open = turn.draft.get("goals") ?? [];
  if (open.length === 0 || occurrence.at < turn.now - LATE_EVENT_MS) return;
  const order = orderOf(occurrence);
  if (occurrence.name === EVENTS.orderCompleted && order !== null && placed.includes(order)) return;
  const triggers = new Set(open.map((one) => one.trigger));
  for (const trigger of triggers) {
    const goals = turn.draft.get("goals") ?? [];
    const reached = goals.findLast(
      (one) =>
        one.trigger === trigger &&
        one.at <= occurrence.at &&
        occurrence.at <= one.until &&
        one.goal.event === occurrence.name &&
        matchesFilters(one.goal.where, occurrence),
    );
    if (reached === undefined) continue;
    if (order !== null && turn.deliveries.ofOrder(order).some((one) => one.trigger === trigger))
      continue;
    const held = turn.deliveries.get(reached.id);
    if (held === null) continue;
    turn.deliveries.set({
      ...held,
      goalAt: occurrence.at,
      goalValue: goalValue(reached.goal, occurrence),
      goalOrder: order,
    });
    turn.draft.set(
      "goals",
      openGoals(goals, turn.now).filter((one) => one.id !== reached.id),
    );
    noteReaction(turn, trigger, "goal", occurrence.at);
    const { at } = occurrence;
    turn.items.push({ type: "reaction", at, delivery: held.id, name: held.name, did: "goal" });
  }
}

/** Goals that can still be reached, by what is told late too. */
export function openGoals(goals: readonly OpenGoal[], now: number): OpenGoal[] {
  return goals.filter((one) => one.until >= now - LATE_EVENT_MS);
}

function subtractRefund(turn: Turn, occurrence: Occurrence): void {
  const order = orderOf(occurrence);
  const refund = refundOf(occurrence);
  if (order === null || refund === null) return;
  for (const held of turn.deliveries.ofOrder(order)) {
    const { goalValue: value } = held;
    if (value === null || value.currency !== refund.currency) continue;
    const amountMinor = Math.max(0, value.amountMinor - refund.amountMinor);
    turn.deliveries.set({ ...held, goalValue: { ...value, amountMinor } });
  }
}
