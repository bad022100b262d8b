import { now } from "../../durable-objects/runtime/clock.ts";
import type { TeamPresence } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { isOpen, nextOpening } from "../../domain/hours/opening-hours.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { TeamAvailability } from "../../protocol/operators.ts";
import type { OpeningHours } from "../../protocol/settings.ts";
import type { Env } from "../env.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";

const FACES_MAX = 3;

const cache = new IsolateCache<TeamPresence>({ freshMs: 5_000, staleMs: 12_000, maxKeys: 2_000 });

/** Who is there, at most twelve seconds old. */
export async function teamAvailability(
  env: Env,
  workspace: { id: WorkspaceId; hours: OpeningHours | null },
): Promise<TeamAvailability> {
  const team = await cache.get(workspace.id, () => peersOf(env).inbox(workspace.id).team());
  return describeTeam(team, workspace.hours, now());
}

/** What the chat says about who is there. Pure. */
export function describeTeam(
  team: TeamPresence,
  hours: OpeningHours | null,
  now: number,
): TeamAvailability {
  return {
    isOnline: team.online.length > 0,
    faces: [...team.online, ...team.others].slice(0, FACES_MAX),
    backAt: hours === null || isOpen(hours, now) ? null : nextOpening(hours, now),
  };
}
