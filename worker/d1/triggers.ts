import { TRIGGERS_MAX } from "../../protocol/limits.ts";
import type { OperatorId, TriggerId, WorkspaceId } from "../../protocol/ids.ts";
import type { TriggerDetail, TriggerSummary } from "../../protocol/triggers-api.ts";
import type { TriggerDefinition, TriggerStatus } from "../../protocol/triggers.ts";

/**
 * Triggers as they are edited, and their published versions. What visitors' objects go by changes in one
 * transaction with the definitions' version. Whoever changes a status says what they read before: when somebody
 * else was faster nothing is written.
 */

/** A trigger as it was read, to change it only if it is still so. */
export type TriggerRow = {
  id: TriggerId;
  status: TriggerStatus;
  version: number;
  hasUnpublished: boolean;
  definition: TriggerDefinition;
  /** The draft's text as it is stored. */
  draft: string;
};

/** Archived ones are listed after the others, so many at most. */
const ARCHIVED_LISTED_MAX = 1_000;

const HAS_UNPUBLISHED = `coalesce(t.draft <> v.definition, 1)`;
const WITH_NEWEST = `triggers t LEFT JOIN trigger_versions v
  ON v.workspace_id = t.workspace_id AND v.trigger_id = t.id AND v.version = t.version`;

/** The last changed first, archived ones at the end. */
export async function listTriggers(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<Omit<TriggerSummary, "totals">[]> {
  const { results } = await db
    .prepare(
      `SELECT t.id, t.draft ->> '$.name' AS name, t.status, t.version, ${HAS_UNPUBLISHED} AS hasUnpublished,
              t.draft -> '$.when' AS "when", t.draft ->> '$.waitMs' AS waitMs,
              t.draft ->> '$.variants[0].action.type' AS action, t.updated_at AS updatedAt
       FROM ${WITH_NEWEST}
       WHERE t.workspace_id = ?1
       ORDER BY t.status = 'archived', t.updated_at DESC, t.id
       LIMIT ?2`,
    )
    .bind(workspace, TRIGGERS_MAX + ARCHIVED_LISTED_MAX)
    .all<
      Omit<TriggerSummary, "totals" | "hasUnpublished" | "when"> & {
        hasUnpublished: number;
        when: string;
      }
    >();
  return results.map((row) => ({
    ...row,
    // checked when it was saved
    when: JSON.parse(row.when) as TriggerSummary["when"],
    hasUnpublished: row.hasUnpublished === 1,
  }));
}

export async function readTrigger(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
): Promise<TriggerRow | null> {
  const row = await db
    .prepare(
      `SELECT t.id, t.status, t.version, t.draft, ${HAS_UNPUBLISHED} AS hasUnpublished
       FROM ${WITH_NEWEST} WHERE t.workspace_id = ?1 AND t.id = ?2`,
    )
    .bind(workspace, id)
    .first<Omit<TriggerRow, "hasUnpublished" | "definition"> & { hasUnpublished: number }>();
  if (row === null) return null;
  return {
    ...row,
    hasUnpublished: row.hasUnpublished === 1,
    definition: parseDefinition(row.draft),
  };
}

/** The newest version first, each with the name of who published it, also of somebody who has left. */
export async function listVersions(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
): Promise<TriggerDetail["versions"]> {
  const { results } = await db
    .prepare(
      `SELECT v.version, v.definition, v.published_at AS publishedAt, coalesce(o.name, '') AS "by"
       FROM trigger_versions v
       LEFT JOIN operators o ON o.workspace_id = v.workspace_id AND o.id = v.published_by
       WHERE v.workspace_id = ?1 AND v.trigger_id = ?2
       ORDER BY v.version DESC`,
    )
    .bind(workspace, id)
    .all<{ version: number; definition: string; publishedAt: number; by: string }>();
  return results.map((row) => ({ ...row, definition: parseDefinition(row.definition) }));
}

/** A new draft. False when the workspace has TRIGGERS_MAX triggers that are not archived. */
export async function insertTrigger(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
  draft: TriggerDefinition,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO triggers (workspace_id, id, status, draft, version, created_at, updated_at)
       SELECT ?1, ?2, 'draft', ?3, 0, ?4, ?4 WHERE ${HAS_ROOM}`,
    )
    .bind(workspace, id, JSON.stringify(draft), now, TRIGGERS_MAX)
    .run();
  return meta.changes === 1;
}

const HAS_ROOM = `(SELECT count(*) FROM triggers WHERE workspace_id = ?1 AND status <> 'archived') < ?5`;

/** What is live stays as it is until the draft is published. False when there is no such trigger. */
export async function saveDraft(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
  draft: TriggerDefinition,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE triggers SET draft = ?3, updated_at = ?4 WHERE workspace_id = ?1 AND id = ?2")
    .bind(workspace, id, JSON.stringify(draft), now)
    .run();
  return meta.changes === 1;
}

/** From the archive back among the drafts, if there is room for one more. */
export async function restoreTrigger(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
  now: number,
): Promise<"restored" | "full" | "changed"> {
  const { meta } = await db
    .prepare(
      `UPDATE triggers SET status = 'draft', updated_at = ?3
       WHERE workspace_id = ?1 AND id = ?2 AND status = ?4 AND ${HAS_ROOM}`,
    )
    .bind(workspace, id, now, "archived", TRIGGERS_MAX)
    .run();
  if (meta.changes === 1) return "restored";
  const row = await db
    .prepare("SELECT status FROM triggers WHERE workspace_id = ? AND id = ?")
    .bind(workspace, id)
    .first<{ status: TriggerStatus }>();
  return row?.status === "archived" ? "full" : "changed";
}

/**
 * Publishes the draft as a new version, or lets the newest one go on where nothing is unpublished: events that
 * happened meanwhile do not fire it. False, and nothing written, when somebody changed the trigger after `read`.
 */
export async function startTrigger(
  db: D1Database,
  workspace: WorkspaceId,
  read: TriggerRow,
  by: OperatorId,
  now: number,
): Promise<boolean> {
  const newest = read.hasUnpublished ? "version + 1" : "version";
  const version = read.hasUnpublished
    ? db
        .prepare(
          `INSERT INTO trigger_versions
             (workspace_id, trigger_id, version, definition, live_at, since_version, published_by, published_at)
           SELECT workspace_id, id, version + 1, draft, ?6, ${DEFINITIONS_VERSION}, ?7, ?6
           FROM triggers WHERE ${AS_READ}`,
        )
        .bind(...asRead(workspace, read), now, by)
    : db
        .prepare(
          `UPDATE trigger_versions SET live_at = ?6, since_version = ${DEFINITIONS_VERSION}
           WHERE workspace_id = ?1 AND trigger_id = ?2 AND version = ?4
             AND EXISTS (SELECT 1 FROM triggers WHERE ${AS_READ})`,
        )
        .bind(...asRead(workspace, read), now);
  return changeIfAsRead(db, [
    bump(db, workspace, read),
    version,
    db
      .prepare(
        `UPDATE triggers SET status = 'live', version = ${newest}, updated_at = ?6 WHERE ${AS_READ}`,
      )
      .bind(...asRead(workspace, read), now),
  ]);
}

/** Pauses or archives. False, and nothing written, when somebody changed the trigger after `read`. */
export async function stopTrigger(
  db: D1Database,
  workspace: WorkspaceId,
  read: TriggerRow,
  to: "paused" | "archived",
  now: number,
): Promise<boolean> {
  return changeIfAsRead(db, [
    bump(db, workspace, read),
    db
      .prepare(`UPDATE triggers SET status = ?6, updated_at = ?7 WHERE ${AS_READ}`)
      .bind(...asRead(workspace, read), to, now),
  ]);
}

const AS_READ = "workspace_id = ?1 AND id = ?2 AND status = ?3 AND version = ?4 AND draft = ?5";
const DEFINITIONS_VERSION = "(SELECT definitions_version FROM workspaces WHERE id = ?1)";

function asRead(workspace: WorkspaceId, read: TriggerRow) {
  return [workspace, read.id, read.status, read.version, read.draft] as const;
}

/** First of its transaction, so that what follows carries the new number. */
function bump(db: D1Database, workspace: WorkspaceId, read: TriggerRow): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE workspaces SET definitions_version = definitions_version + 1
       WHERE id = ?1 AND EXISTS (SELECT 1 FROM triggers WHERE ${AS_READ})`,
    )
    .bind(...asRead(workspace, read));
}

/** The statements each look for the trigger as it was read, and the last one changes it. */
async function changeIfAsRead(db: D1Database, statements: D1PreparedStatement[]): Promise<boolean> {
  const results = await db.batch(statements);
  return results.at(-1)?.meta.changes === 1;
}

function parseDefinition(text: string): TriggerDefinition {
  // Checked against its schema when it was saved, and written by this file alone.
  return JSON.parse(text) as TriggerDefinition;
}
