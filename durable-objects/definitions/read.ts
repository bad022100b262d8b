import { NO_DEFINITIONS, type DefinitionSet } from "../../domain/segments/definitions.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId, TriggerId, WorkspaceId } from "../../protocol/ids.ts";
import type { IdentityMode, OpeningHours } from "../../protocol/settings.ts";
import type { MessageCap, TriggerDefinition } from "../../protocol/triggers.ts";

/** The only place where objects read D1: what decides about all of a workspace's visitors. */

type WorkspaceRow = {
  version: number;
  cap: string | null;
  hours: string | null;
  identityMode: IdentityMode;
};
type SegmentRow = {
  id: SegmentId;
  name: string;
  version: number;
  condition: string;
  liveAt: number;
  sinceVersion: number;
};
type TriggerRow = {
  id: TriggerId;
  version: number;
  definition: string;
  liveAt: number;
  sinceVersion: number;
};

/** 0 for a workspace that does not exist. */
export async function definitionsVersion(db: D1Database, workspace: WorkspaceId): Promise<number> {
  const row = await db
    .prepare("SELECT definitions_version AS version FROM workspaces WHERE id = ?")
    .bind(workspace)
    .first<{ version: number }>();
  return row?.version ?? 0;
}

/** All live definitions as of one version: the statements of a batch see one state. */
export async function readDefinitions(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<DefinitionSet> {
  const [workspaces, segments, triggers] = await db.batch([
    db
      .prepare(
        `SELECT definitions_version AS version, cap, hours, identity_mode AS identityMode
         FROM workspaces WHERE id = ?`,
      )
      .bind(workspace),
    db
      .prepare(
        `SELECT id, name, version, condition, live_at AS liveAt, since_version AS sinceVersion
         FROM segments WHERE workspace_id = ? AND archived_at IS NULL`,
      )
      .bind(workspace),
    db
      .prepare(
        `SELECT t.id, t.version, v.definition, v.live_at AS liveAt, v.since_version AS sinceVersion
         FROM triggers t JOIN trigger_versions v
           ON v.workspace_id = t.workspace_id AND v.trigger_id = t.id AND v.version = t.version
         WHERE t.workspace_id = ? AND t.status = 'live'`,
      )
      .bind(workspace),
  ]);
  // The columns named above; their JSON was checked when it was saved.
  const [row] = (workspaces?.results ?? []) as WorkspaceRow[];
  if (row === undefined) return NO_DEFINITIONS;
  const hours = row.hours === null ? null : (JSON.parse(row.hours) as OpeningHours | null);
  return {
    version: row.version,
    timeZone: hours?.timeZone ?? "UTC",
    cap: row.cap === null ? null : (JSON.parse(row.cap) as MessageCap | null),
    identityMode: row.identityMode,
    segments: ((segments?.results ?? []) as SegmentRow[]).map((segment) => ({
      ...segment,
      condition: JSON.parse(segment.condition) as Condition,
    })),
    triggers: ((triggers?.results ?? []) as TriggerRow[]).map((trigger) => ({
      ...trigger,
      definition: JSON.parse(trigger.definition) as TriggerDefinition,
    })),
  };
}
