import type { CompiledRules } from "../../domain/segments/compile.ts";
import type { LiveTrigger } from "../../domain/segments/definitions.ts";
import { canonicalName } from "../../domain/events/names.ts";
import { isTimeZone } from "../../domain/time/zone.ts";
import type { PersonView } from "../../domain/segments/person-view.ts";
import { armedRules } from "../../domain/triggers/armed.ts";
import { withExposure } from "../../domain/triggers/assignment.ts";
import { decide } from "../../domain/triggers/decide.ts";
import { deliveryId } from "../../domain/triggers/delivery-id.ts";
import type { Decision, Firing, Team } from "../../domain/triggers/firing.ts";
import type { DeliveryId, VisitorId } from "../../protocol/ids.ts";
import { CAP_MESSAGES_MAX, MOMENT_LIFETIME_MS } from "../../protocol/limits.ts";
import type { ArmedRule, SkipReason } from "../../protocol/triggers.ts";
import type { HeldDelivery } from "../contracts.ts";
import { dueFirings } from "./firings.ts";
import { heldTrigger, noteReaction, openGoals } from "./reactions.ts";
import type { Turn } from "./turn.ts";

/** The same trigger skipped for the same reason within this time is told once. */
export const SKIP_AGAIN_MS = 3_600_000;

/** Skips that are not told and still remembered: as many as may lie between a version and its arrival. */
const UNTOLD_KEPT = 20;

/** Firings decided in one turn. What is left is decided in the next. */
const DECIDED_MAX = 50;

/** Pop-ups that wait to be seen, and exposures whose goal is still open: of more the oldest are given up. */
const SHOWN_KEPT = 50;
const GOALS_OPEN_MAX = 200;

/** Everything that decisions are made with, as of one turn. */
export type Deciding = {
  visitor: VisitorId;
  compiled: CompiledRules;
  view: PersonView;
  holdsWho: (trigger: LiveTrigger) => boolean;
  team: Team;
};

/** Decides every firing that is due, the most important first. */
export function decideDue(turn: Turn, deciding: Deciding): void {
  const due = dueFirings(turn.draft.get("firings") ?? { last: 0, waiting: [] }, turn.now);
  const priority = ({ trigger }: Firing) =>
    deciding.compiled.trigger(trigger)?.definition.limits.priority ?? -1;
  const order = due.toSorted((a, b) => priority(b) - priority(a) || a.at - b.at || a.n - b.n);
  for (const firing of order.slice(0, DECIDED_MAX)) settle(turn, deciding, firing);
}

/** A page rule came true in a page. Nothing happens when it is not armed any more, or was decided already. */
export function decideFired(turn: Turn, deciding: Deciding, id: DeliveryId): void {
  const armed = armedFor(turn, deciding).find((one) => one.rule.delivery === id);
  if (armed === undefined) return;
  const { trigger, key } = armed;
  const firings = turn.draft.get("firings") ?? { last: 0, waiting: [] };
  const n = firings.last + 1;
  const { now } = turn;
  const { waitMs } = trigger.definition;
  const firing: Firing = {
    n,
    trigger: trigger.id,
    version: trigger.version,
    key,
    at: now,
    event: null,
    dueAt: now + waitMs,
  };
  turn.draft.set("firings", { last: n, waiting: [...firings.waiting, firing] });
  if (waitMs === 0) settle(turn, deciding, firing);
}

/** The page rules that this person's pages wait for. One that fired and waits is not armed again. */
export function armedFor(
  turn: Pick<Turn, "draft" | "now">,
  { visitor, compiled, holdsWho }: Pick<Deciding, "visitor" | "compiled" | "holdsWho">,
): { rule: ArmedRule; trigger: LiveTrigger; key: string }[] {
  if (compiled.pageTriggers.length === 0) return [];
  const waiting = turn.draft.get("firings")?.waiting ?? [];
  return armedRules({
    triggers: compiled.pageTriggers,
    holdsWho,
    record: (id) => turn.draft.trigger(id),
    visitor,
    now: turn.now,
  }).filter(
    ({ trigger, key }) => !waiting.some((one) => one.trigger === trigger.id && one.key === key),
  );
}

function settle(turn: Turn, deciding: Deciding, firing: Firing): void {
  const { compiled, view, visitor, team } = deciding;
  const trigger = compiled.trigger(firing.trigger) ?? null;
  const held = heldTrigger(turn, firing.trigger);
  const id = idOf(visitor, firing, trigger);
  const decision = decide({
    firing,
    trigger,
    record: held,
    capTimes: turn.draft.get("capped") ?? [],
    cap: compiled.set.cap,
    holdsWho: trigger !== null && deciding.holdsWho(trigger),
    view,
    visitor,
    deliveryId: id,
    timeZone: zoneOf(view, compiled.set.timeZone),
    team,
    isInConversation: view.isConversationOpen,
    now: turn.now,
  });
  const firings = turn.draft.get("firings") ?? { last: 0, waiting: [] };
  const others = firings.waiting.filter((one) => one.n !== firing.n);
  if (decision.kind === "wait") {
    const waiting = [...others, { ...firing, dueAt: decision.until }];
    turn.draft.set("firings", { ...firings, waiting });
    return;
  }
  turn.draft.set("firings", { ...firings, waiting: others });
  // A page rule that was skipped is still waited for, under the same name.
  const earlier = turn.deliveries.get(id);
  if (earlier !== null && earlier.state !== "skipped") return;
  if (decision.kind === "skip") skip(turn, id, firing, trigger, decision);
  else if (trigger !== null) expose(turn, id, firing, trigger, decision);
}

function idOf(visitor: VisitorId, firing: Firing, trigger: LiveTrigger | null): DeliveryId {
  const isPage = trigger?.definition.when.type === "page";
  return deliveryId(visitor, firing.trigger, firing.key, isPage ? trigger.liveAt : firing.at);
}

function skip(
  turn: Turn,
  id: DeliveryId,
  firing: Firing,
  trigger: LiveTrigger | null,
  { reason, detail, variant }: Extract<Decision, { kind: "skip" }>,
): void {
  const held = heldTrigger(turn, firing.trigger);
  const last = held.skippedAt[reason];
  const skippedAt: Partial<Record<SkipReason, number>> = { ...held.skippedAt, [reason]: turn.now };
  if (last !== undefined && turn.now - last < SKIP_AGAIN_MS) {
    const untold = [...(held.untold ?? []), firing.at].slice(-UNTOLD_KEPT);
    turn.draft.setTrigger(firing.trigger, { ...held, untold });
    return;
  }
  turn.draft.setTrigger(firing.trigger, { ...held, skippedAt });
  const delivery = newDelivery(turn, id, firing, trigger, variant);
  turn.deliveries.set({ ...delivery, state: "skipped", reason, detail });
  tell(turn, { ...delivery, state: "skipped", reason });
}

function expose(
  turn: Turn,
  id: DeliveryId,
  firing: Firing,
  trigger: LiveTrigger,
  decision: Extract<Decision, { kind: "send" | "held_out" }>,
): void {
  const { now, draft } = turn;
  const { definition } = trigger;
  const held = heldTrigger(turn, trigger.id);
  draft.setTrigger(trigger.id, {
    ...held,
    ...withExposure(held, trigger.version, decision.variant, now),
  });
  const blank = newDelivery(turn, id, firing, trigger, decision.variant);
  if (decision.kind === "held_out") {
    turn.deliveries.set({ ...blank, state: "held_out" });
    noteReaction(turn, trigger.id, "held_out", now);
    tell(turn, { ...blank, state: "held_out" });
  } else {
    const { content, alert, from, code } = decision;
    const sent: HeldDelivery = { ...blank, state: "sent", content, alert, from, code };
    turn.deliveries.set(sent);
    noteReaction(turn, trigger.id, "sent", now);
    tell(turn, sent);
    if (sent.action === "popup") {
      const shown = (draft.get("shown") ?? []).filter((one) => one.until > now);
      draft.set("shown", [...shown, { id, until: now + MOMENT_LIFETIME_MS }].slice(-SHOWN_KEPT));
    } else draft.set("effects", [...(draft.get("effects") ?? []), id]);
    if (definition.limits.isCapped && sent.action !== "alert") {
      // A cap that is set tomorrow, or becomes longer, counts what was sent today.
      draft.set("capped", [...(draft.get("capped") ?? []), now].slice(-CAP_MESSAGES_MAX));
    }
  }
  const { goal } = definition;
  if (goal !== null) {
    const open = openGoals(draft.get("goals") ?? [], now);
    const named = { ...goal, event: canonicalName(goal.event) };
    const until = now + goal.windowMs;
    const all = [...open, { id, trigger: trigger.id, at: now, until, goal: named }];
    draft.set("goals", all.slice(-GOALS_OPEN_MAX));
  }
}

function newDelivery(
  turn: Turn,
  id: DeliveryId,
  firing: Firing,
  trigger: LiveTrigger | null,
  variant: string | null,
): HeldDelivery {
  const definition = trigger?.definition;
  const chosen = definition?.variants.find((one) => one.id === variant);
  return {
    id,
    trigger: firing.trigger,
    version: trigger?.version ?? firing.version,
    name: definition?.name ?? "",
    variant: chosen?.id ?? null,
    variantName: chosen?.name ?? null,
    action: (chosen ?? definition?.variants[0])?.action.type ?? "chat",
    state: "skipped",
    reason: null,
    detail: null,
    firedAt: firing.at,
    decidedAt: turn.now,
    deliveredAt: null,
    seenAt: null,
    clickedAt: null,
    answeredAt: null,
    closedAt: null,
    goalAt: null,
    goalValue: null,
    goalOrder: null,
    code: null,
    content: null,
    alert: null,
    from: null,
  };
}

function tell(turn: Turn, delivery: HeldDelivery): void {
  const { id, trigger, name, variantName, action, state, reason } = delivery;
  const at = turn.now;
  turn.items.push({
    type: "delivery",
    at,
    delivery: id,
    trigger,
    name,
    variantName,
    action,
    state,
    reason,
  });
}

function zoneOf(view: PersonView, workspace: string): string {
  const own = view.session?.timeZone ?? null;
  return own !== null && isTimeZone(own) ? own : workspace;
}
