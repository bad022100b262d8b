import { TRIGGER_PREFIX } from "../../../../domain/visitors/state.ts";
import { asId, newId, type WorkspaceId } from "../../../../protocol/ids.ts";
import type { ProjectDeliveries } from "../../../../protocol/jobs.ts";
import type { ObjectBindings } from "../../../bindings.ts";
import { peersOf } from "../../../peers.ts";
import type { VisitorStore } from "../../store.ts";
import type { Turn } from "../../turn.ts";
import type { Faults } from "./weather.ts";

/** Ways in which the product could break the promise, one at a time: the storm has to find each of them. */
export const FAULTS: Record<
  string,
  (bindings: ObjectBindings, workspace: () => WorkspaceId) => Faults
> = {
  "an effect that is not named by its delivery": () => ({
    nameOf: () => newId("dlv", Date.now()),
  }),

  "firings that are lost with their job": () => ({
    spoil: everyNth(9, (_, turn) => {
      const { firings } = changed(turn);
      if (firings !== undefined) turn.draft.set("firings", { ...firings, waiting: [] });
    }),
  }),

  "an effect that leaves before its decision is written": (bindings, workspace) => ({
    spoil: (store, turn) => void sendEarly(bindings, workspace(), store, turn),
  }),

  "a firing that is decided again under another name": () => ({
    spoil: everyNth(3, (store, turn) => {
      const { firings } = changed(turn);
      const before = store.draft().get("firings")?.waiting ?? [];
      const decided = before.find(
        (one) => !one.key.startsWith("again") && !firings?.waiting.some(({ n }) => n === one.n),
      );
      if (firings === undefined || decided === undefined) return;
      const last = firings.last + 1;
      const again = { ...decided, n: last, key: `again ${decided.key}` };
      turn.draft.set("firings", { last, waiting: [...firings.waiting, again] });
    }),
  }),

  "a cursor of deliveries that moves before D1 has them": (bindings) => ({
    accepted: ({ workspace, visitor, version }: ProjectDeliveries) =>
      void peersOf(bindings).visitor(workspace, visitor).confirmDeliveries(version),
  }),

  "a goal that counts again": () => ({
    spoil: (store, turn) => {
      const before = store.draft().get("goals") ?? [];
      const { goals } = changed(turn);
      if (goals !== undefined && goals.length < before.length) turn.draft.set("goals", before);
    },
  }),

  "messages that the cap forgets": () => ({
    spoil: (_, turn) => {
      if (changed(turn).capped !== undefined) turn.draft.set("capped", []);
    },
  }),

  "exposures that the limits forget": () => ({
    spoil: everyNth(2, (_, turn) => {
      for (const { id, held } of exposed(turn))
        turn.draft.setTrigger(id, { ...held, exposures: 0, lastAt: null });
    }),
  }),

  "a hold-out that does not stick": () => ({
    spoil: everyNth(2, (_, turn) => {
      for (const { id, held } of exposed(turn)) {
        const assigned = held.assigned.map(({ version, variant }) => ({
          version,
          variant: variant === null ? "a" : null,
        }));
        turn.draft.setTrigger(id, { ...held, assigned });
      }
    }),
  }),
};

function everyNth(
  n: number,
  spoil: (store: VisitorStore, turn: Turn) => void,
): (store: VisitorStore, turn: Turn) => void {
  let turns = 0;
  return (store, turn) => {
    if (turn.draft.changes.has("firings") && ++turns % n === 0) spoil(store, turn);
  };
}

/** What a turn changes of these. */
function changed({ draft }: Turn) {
  const { changes } = draft;
  return {
    firings: changes.has("firings") ? draft.get("firings") : undefined,
    goals: changes.has("goals") ? draft.get("goals") : undefined,
    capped: changes.has("capped") ? draft.get("capped") : undefined,
  };
}

/** The triggers of which a turn changes something. */
function exposed({ draft }: Turn) {
  return [...draft.changes.keys()]
    .filter((key) => key.startsWith(TRIGGER_PREFIX))
    .map((key) => asId("trg", key.slice(TRIGGER_PREFIX.length)))
    .flatMap((id) => {
      const held = draft.trigger(id);
      return held === null ? [] : [{ id, held }];
    });
}

async function sendEarly(
  bindings: ObjectBindings,
  workspace: WorkspaceId,
  store: VisitorStore,
  turn: Turn,
): Promise<void> {
  const { open } = store.conversations;
  const before = store.draft().get("effects") ?? [];
  const decided = (turn.draft.get("effects") ?? []).filter((id) => !before.includes(id));
  for (const id of decided) {
    const held = turn.deliveries.get(id);
    if (open === null || held === null || held.content === null || held.from === null) continue;
    const { trigger, name, version, variantName, content, from } = held;
    const sent = { delivery: id, trigger, triggerName: name, version, content };
    await peersOf(bindings)
      .conversation(workspace, open)
      .deliver(from, { ...sent, variantName: variantName ?? "" })
      .catch(() => {}); // lost in the storm
  }
}
