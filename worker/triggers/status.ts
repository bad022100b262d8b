import { CodedError } from "../../protocol/errors.ts";
import type { OperatorId, TriggerId, WorkspaceId } from "../../protocol/ids.ts";
import type { TriggerStatus } from "../../protocol/triggers.ts";
import {
  readTrigger,
  restoreTrigger,
  startTrigger,
  stopTrigger,
  type TriggerRow,
} from "../d1/triggers.ts";
import { findMissing } from "../d1/triggers-references.ts";
import { refuseFlawed } from "./flaws.ts";
import { referencesOf } from "./references.ts";

/** From which status each one may be reached. */
const FROM = {
  live: ["draft", "live", "paused"],
  paused: ["live"],
  archived: ["draft", "live", "paused"],
  draft: ["archived"],
} as const satisfies Record<TriggerStatus, readonly TriggerStatus[]>;

export type StatusChange = {
  workspace: WorkspaceId;
  trigger: TriggerId;
  to: TriggerStatus;
  by: OperatorId;
};

/**
 * Publishes, pauses, archives, or takes out of the archive. Asking for what is so already changes nothing.
 * Throws `not_found`; `invalid` for a way that does not exist or something named that is not there;
 * `bad_template` or `bad_condition` for a definition that cannot run; `limit_reached`; `conflict` when somebody
 * else changed the trigger meanwhile.
 */
export async function changeStatus(
  db: D1Database,
  { workspace, trigger, to, by }: StatusChange,
  now: number,
): Promise<void> {
  const read = await readTrigger(db, workspace, trigger);
  if (read === null) throw new CodedError("not_found");
  if (read.status === to && !(to === "live" && read.hasUnpublished)) return;
  const allowed: readonly TriggerStatus[] = FROM[to];
  if (!allowed.includes(read.status))
    throw new CodedError("invalid", `A trigger that is ${read.status} cannot become ${to}.`);
  if (to === "draft") {
    const outcome = await restoreTrigger(db, workspace, trigger, now);
    if (outcome === "full") throw new CodedError("limit_reached");
    if (outcome === "changed") throw new CodedError("conflict");
    return;
  }
  if (to === "live") await refuseUnready(db, workspace, read);
  const isDone =
    to === "live"
      ? await startTrigger(db, workspace, read, by, now)
      : await stopTrigger(db, workspace, read, to, now);
  if (!isDone) throw new CodedError("conflict");
}

/** What is live must be without flaw, and everything it names must be there. */
async function refuseUnready(
  db: D1Database,
  workspace: WorkspaceId,
  { definition }: TriggerRow,
): Promise<void> {
  refuseFlawed(definition);
  const missing = await findMissing(db, workspace, referencesOf(definition));
  if (missing.segments.length > 0)
    throw new CodedError("invalid", "A segment that it names does not exist any more.");
  if (missing.triggers.length > 0)
    throw new CodedError("invalid", "A trigger that it names does not exist.");
  if (missing.operators.length > 0)
    throw new CodedError("invalid", "An operator who should speak is not in the team any more.");
}
