import type { Team } from "../../domain/triggers/firing.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { Peers } from "../peers.ts";
import { IsolateCache } from "../runtime/isolate-cache.ts";

const cache = new IsolateCache<Team>({ freshMs: 1_000, staleMs: 3_000, maxKeys: 500 });

/** Who can speak for a workspace, at most three seconds old. */
export function teamOf(peers: Peers, workspace: WorkspaceId): Promise<Team> {
  return cache.get(workspace, () => peers.inbox(workspace).team());
}
