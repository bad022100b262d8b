import type { VisitorLabel } from "../../protocol/conversation-frames.ts";
import type { SentByTrigger } from "../../protocol/entries.ts";
import type { ConversationId, DeliveryId, WorkspaceId } from "../../protocol/ids.ts";
import type { Peers } from "../peers.ts";
import type { HeldDelivery } from "../contracts.ts";
import type { VisitorStore } from "./store.ts";

/** Chat messages of triggers that are looked at for an answer. */
const UNANSWERED_MAX = 20;

/** Who carries out what was decided. */
export type EffectHost = {
  workspace: WorkspaceId;
  store: VisitorStore;
  peers: Peers;
  label(): VisitorLabel;
  /** The open conversation, made and begun if there is none. */
  begun(by: "trigger"): Promise<ConversationId>;
  now(): number;
};

/**
 * Carries out what was decided and is not done yet, in order. Each effect is named by its delivery where it arrives, so
 * that it happens once however often it is tried. Throws when one fails: the rest is tried again with it.
 */
export async function carryOut(host: EffectHost): Promise<void> {
  for (;;) {
    const [id] = host.store.draft().get("effects") ?? [];
    if (id === undefined || host.store.joined !== null) return;
    const held = host.store.turn(host.now()).deliveries.get(id);
    const seq = held === null ? null : await perform(host, held);
    note(host, id, seq);
  }
}

/** Puts what a delivery says into the thread, once; answers with its visible number. */
export async function putIntoThread(host: EffectHost, held: HeldDelivery): Promise<number | null> {
  const { content, from } = held;
  if (content === null || from === null) return null;
  const conversation = held.into ?? (await host.begun("trigger"));
  const sent: SentByTrigger = {
    delivery: held.id,
    trigger: held.trigger,
    triggerName: held.name,
    version: held.version,
    variantName: held.variantName ?? "",
    content,
  };
  const { seq } = await host.peers.conversation(host.workspace, conversation).deliver(from, sent);
  return seq;
}

async function perform(host: EffectHost, held: HeldDelivery): Promise<number | null> {
  if (held.action === "chat") return putIntoThread(host, held);
  if (held.action === "alert") {
    await host.peers.inbox(host.workspace).alert({
      id: held.id,
      at: held.decidedAt,
      visitor: host.label(),
      text: held.alert ?? "",
      trigger: held.trigger,
      triggerName: held.name,
    });
  }
  return null;
}

function note({ store, now }: EffectHost, id: DeliveryId, seq: number | null): void {
  const turn = store.turn(now());
  const effects = turn.draft.get("effects") ?? [];
  // Another run of the same steps may have been quicker.
  if (!effects.includes(id)) return;
  turn.draft.set(
    "effects",
    effects.filter((one) => one !== id),
  );
  const held = turn.deliveries.get(id);
  if (held !== null) turn.deliveries.set({ ...held, deliveredAt: held.deliveredAt ?? turn.now });
  if (seq !== null) {
    const unanswered = (turn.draft.get("unanswered") ?? []).filter((one) => one.id !== id);
    turn.draft.set("unanswered", [...unanswered, { id, seq }].slice(-UNANSWERED_MAX));
  }
  store.write(turn);
}
