import { vi } from "vitest";
import { ConversationObject } from "../../../durable-objects/conversation/object.ts";
import { VisitorStore } from "../../../durable-objects/visitor/store.ts";
import { VisitorObject } from "../../../durable-objects/visitor/object.ts";
import type { Turn } from "../../../durable-objects/visitor/turn.ts";
import { EVENT_PREFIX } from "../../../domain/visitors/state.ts";
import type { Batch } from "../../../protocol/facts.ts";
import type { DeviceId } from "../../../protocol/ids.ts";
import { env } from "../operator-browser.ts";

/** Ways in which the product could break its promises, one at a time: each of them has to be noticed. */
export const FAULTS: Record<string, () => (() => void) | void> = {
  "a seal that forgets one browser": () =>
    spoilWrites(({ draft, changes }) => {
      if (!draft.changes.has("joined")) return;
      for (const [key, record] of changes) {
        const isSealed = key.startsWith("device:") && !("moved" in (record as object));
        if (isSealed) return void changes.delete(key);
      }
    }),

  "a first proof that leaves another browser its right": () =>
    spoilWrites(({ draft, changes }) => {
      if (draft.changes.has("joined")) return;
      for (const [key, record] of changes)
        if (key.startsWith("device:") && "isSealed" in (record as object)) changes.delete(key);
    }),

  "a join that forgets a counter": () =>
    spoilWrites(({ draft, changes }) => {
      const isPart = [...changes.keys()].some((key) => key.startsWith("~joined:"));
      if (isPart) draft.changes.delete(`${EVENT_PREFIX}Bell Rung`);
    }),

  "a claim that counts as a proof": () => {
    const { ingest } = VisitorObject.prototype;
    vi.spyOn(VisitorObject.prototype, "ingest").mockImplementation(async function (
      this: VisitorObject,
      device: DeviceId,
      batch: Batch,
    ) {
      const outcome = await ingest.call(this, device, batch);
      for (const { type, userId } of batch.facts)
        if (type === "identify" && typeof userId === "string")
          await this.prove(device, { userId, others: [], by: "jwt" });
      return outcome;
    });
  },

  "a ticket for whoever asks": () => {
    vi.spyOn(VisitorObject.prototype, "holdsConversation").mockReturnValue(true);
  },

  "a code that another browser asked for": () => {
    const prepare = env.DB.prepare.bind(env.DB);
    // Not a spy: some steps spy on it themselves.
    env.DB.prepare = (text) =>
      prepare(
        text.includes("AS isRight")
          ? text.replace("code = ? AS", "? <> '' AS").replace("device_id = ?", "device_id <> ?")
          : text,
      );
    return () => {
      env.DB.prepare = prepare;
    };
  },

  "a link that outlives the right that made it": () => {
    vi.spyOn(VisitorObject.prototype, "leadsTo").mockImplementation(async function (
      this: VisitorObject,
    ) {
      return (await this.card())?.id ?? null;
    });
  },

  "a conversation that goes on with a browser whose right has ended": () => {
    vi.spyOn(ConversationObject.prototype, "endDevice").mockResolvedValue();
  },

  "an address that stays with whoever had it": () =>
    spoilWrites(({ draft, items }) => {
      if (items.some(({ type }) => type === "released")) draft.changes.delete("verified");
    }),
};

function spoilWrites(spoil: (turn: Turn) => void): void {
  const { write } = VisitorStore.prototype;
  vi.spyOn(VisitorStore.prototype, "write").mockImplementation(function (this: VisitorStore, turn) {
    spoil(turn);
    return write.call(this, turn);
  });
}
