import type { DeviceId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { Peers } from "../peers.ts";
import type { Journal } from "../runtime/journal.ts";
import type { VisitorStore } from "./store.ts";
import type { VisitorTriggering } from "./triggering.ts";
import type { Turn } from "./turn.ts";

/** What whoever decides about a visitor's identity needs of it. */
export type IdentityHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  journal: Journal;
  sql: SqlStorage;
  peers: Peers;
  env: Pick<ObjectBindings, "DB">;
  triggering: Pick<VisitorTriggering, "definitions" | "compiled">;
  /** Closes every socket of a device, here and on conversations; resolves when that is confirmed. */
  closeDevice(device: DeviceId, code: number): Promise<void>;
  releaseWatchers(): void;
  /** Something was written: everybody who follows is told, and what is left to do is done. */
  committed(items: TimelineItem[]): void;
};

/** @param told What watchers are told of it, where that is not everything. */
export function commitTurn(
  { store, triggering, committed }: Pick<IdentityHost, "store" | "triggering" | "committed">,
  turn: Turn,
  told?: TimelineItem[],
): void {
  const items = store.commit(turn, triggering.compiled);
  committed(told ?? items);
}
