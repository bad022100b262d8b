import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { LIST_PAGE_SIZE, SEGMENTS_MAX } from "../../protocol/limits.ts";
import type { Funnel, PeoplePage, SegmentSummary } from "../../protocol/segments-api.ts";
import type { When } from "../../protocol/triggers.ts";

/**
 * Saved segments, the truth that visitors' objects go by, and who is in them as those objects said last. Every change
 * is one transaction with the definitions' version. Archived ones are not there for anybody.
 */

export type SegmentRow = Omit<SegmentSummary, "usedBy">;

type Stored = Omit<SegmentRow, "condition"> & { condition: string };

const COLUMNS = `s.id, s.name, s.description, s.stage, s.condition, s.version, s.updated_at AS updatedAt,
  (SELECT count(*) FROM segment_members m WHERE m.workspace_id = s.workspace_id AND m.segment_id = s.id) AS people`;

/** The stages of the funnel first, then the others by name. */
export async function listSegments(db: D1Database, workspace: WorkspaceId): Promise<SegmentRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM segments s WHERE s.workspace_id = ? AND s.archived_at IS NULL
       ORDER BY s.stage IS NULL, s.stage, s.name, s.id`,
    )
    .bind(workspace)
    .all<Stored>();
  return results.map(parsed);
}

export async function readSegment(
  db: D1Database,
  workspace: WorkspaceId,
  id: SegmentId,
): Promise<SegmentRow | null> {
  const row = await db
    .prepare(
      `SELECT ${COLUMNS} FROM segments s
       WHERE s.workspace_id = ? AND s.id = ? AND s.archived_at IS NULL`,
    )
    .bind(workspace, id)
    .first<Stored>();
  return row === null ? null : parsed(row);
}

/** The conditions of all segments of a workspace. */
export async function readConditions(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<Map<SegmentId, Condition>> {
  const { results } = await db
    .prepare("SELECT id, condition FROM segments WHERE workspace_id = ? AND archived_at IS NULL")
    .bind(workspace)
    .all<{ id: SegmentId; condition: string }>();
  return new Map(results.map((row) => [row.id, parseCondition(row.condition)]));
}

/** What of a live trigger can name a segment. */
export type TriggerUse = { name: string; who: Condition | null; when: When };

export async function listTriggerUses(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<TriggerUse[]> {
  const { results } = await db
    .prepare(
      `SELECT v.definition ->> '$.name' AS name, v.definition -> '$.who' AS who, v.definition -> '$.when' AS "when"
       FROM triggers t JOIN trigger_versions v
         ON v.workspace_id = t.workspace_id AND v.trigger_id = t.id AND v.version = t.version
       WHERE t.workspace_id = ? AND t.status = 'live' ORDER BY name, t.id`,
    )
    .bind(workspace)
    .all<{ name: string; who: string | null; when: string }>();
  return results.map(({ name, who, when }) => ({
    name,
    // Checked against their schemas when they were published.
    who: JSON.parse(who ?? "null") as Condition | null,
    when: JSON.parse(when) as When,
  }));
}

/** Of these triggers those that the workspace has, in any state. */
export async function knownTriggers(
  db: D1Database,
  workspace: WorkspaceId,
  triggers: string[],
): Promise<Set<string>> {
  if (triggers.length === 0) return new Set();
  const { results } = await db
    .prepare(
      "SELECT id FROM triggers WHERE workspace_id = ? AND id IN (SELECT value FROM json_each(?))",
    )
    .bind(workspace, JSON.stringify(triggers))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}

export type SegmentWords = { name: string; description: string; condition: Condition };

const HAS_ROOM =
  "(SELECT count(*) FROM segments WHERE workspace_id = ?1 AND archived_at IS NULL) < ?2";
const DEFINITIONS_VERSION = "(SELECT definitions_version FROM workspaces WHERE id = ?1)";

/** False, and nothing written, when the workspace has SEGMENTS_MAX segments. */
export async function insertSegment(
  db: D1Database,
  workspace: WorkspaceId,
  id: SegmentId,
  words: SegmentWords,
  now: number,
): Promise<boolean> {
  const results = await db.batch([
    db
      .prepare(
        `UPDATE workspaces SET definitions_version = definitions_version + 1 WHERE id = ?1 AND ${HAS_ROOM}`,
      )
      .bind(workspace, SEGMENTS_MAX),
    db
      .prepare(
        `INSERT INTO segments (workspace_id, id, name, description, condition, stage, version, live_at,
                               since_version, created_at, updated_at)
         SELECT ?1, ?3, ?4, ?5, ?6, NULL, 1, ?7, ${DEFINITIONS_VERSION}, ?7, ?7 WHERE ${HAS_ROOM}`,
      )
      .bind(
        workspace,
        SEGMENTS_MAX,
        id,
        words.name,
        words.description,
        JSON.stringify(words.condition),
        now,
      ),
  ]);
  return results.at(-1)?.meta.changes === 1;
}

const AS_READ = "workspace_id = ?1 AND id = ?2 AND version = ?3 AND archived_at IS NULL";

/**
 * Changes a segment as it was read. Another condition is another version: people are looked at anew. False, and nothing
 * written, when somebody changed or archived it after `read`.
 */
export async function updateSegment(
  db: D1Database,
  workspace: WorkspaceId,
  read: SegmentRow,
  words: SegmentWords,
  now: number,
): Promise<boolean> {
  const isAnother = hasAnotherCondition(read, words);
  const results = await db.batch([
    bump(db, workspace, read),
    db
      .prepare(
        `UPDATE segments SET name = ?4, description = ?5, condition = ?6, updated_at = ?7
         ${isAnother ? `, version = version + 1, live_at = ?7, since_version = ${DEFINITIONS_VERSION}` : ""}
         WHERE ${AS_READ}`,
      )
      .bind(
        workspace,
        read.id,
        read.version,
        words.name,
        words.description,
        JSON.stringify(words.condition),
        now,
      ),
  ]);
  return results.at(-1)?.meta.changes === 1;
}

export function hasAnotherCondition(read: SegmentRow, words: SegmentWords): boolean {
  return JSON.stringify(read.condition) !== JSON.stringify(words.condition);
}

/** False when somebody changed or archived it after `read`. */
export async function archiveSegment(
  db: D1Database,
  workspace: WorkspaceId,
  read: SegmentRow,
  now: number,
): Promise<boolean> {
  const results = await db.batch([
    bump(db, workspace, read),
    db
      .prepare(`UPDATE segments SET archived_at = ?4, updated_at = ?4 WHERE ${AS_READ}`)
      .bind(workspace, read.id, read.version, now),
  ]);
  return results.at(-1)?.meta.changes === 1;
}

/** First of its transaction, so that what follows carries the new number. */
function bump(db: D1Database, workspace: WorkspaceId, read: SegmentRow): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE workspaces SET definitions_version = definitions_version + 1
       WHERE id = ?1 AND EXISTS (SELECT 1 FROM segments WHERE ${AS_READ})`,
    )
    .bind(workspace, read.id, read.version);
}

/** What a person in a list is selected from a visitor `v` as. */
export const PERSON_COLUMNS = `v.id, v.name, v.placeholder, v.email, v.last_seen_at AS lastSeenAt, v.country`;

/** Members by their id, the newest visitor first. @param before The last one of the page before. */
export async function listMembers(
  db: D1Database,
  workspace: WorkspaceId,
  segment: SegmentId,
  before: VisitorId | null,
): Promise<PeoplePage> {
  const { results } = await db
    .prepare(
      `SELECT ${PERSON_COLUMNS}, m.since FROM segment_members m
       JOIN visitors v ON v.workspace_id = m.workspace_id AND v.id = m.visitor_id
       WHERE m.workspace_id = ?1 AND m.segment_id = ?2 AND (?3 IS NULL OR m.visitor_id < ?3)
       ORDER BY m.visitor_id DESC LIMIT ?4`,
    )
    .bind(workspace, segment, before, LIST_PAGE_SIZE + 1)
    .all<PeoplePage["people"][number]>();
  const people = results.slice(0, LIST_PAGE_SIZE);
  return {
    people,
    nextCursor: results.length > LIST_PAGE_SIZE ? (people.at(-1)?.id ?? null) : null,
  };
}

/** The stages with how many people are in each, and how many there are at all. */
export async function countFunnel(db: D1Database, workspace: WorkspaceId): Promise<Funnel> {
  const [stages, people] = await db.batch<Funnel["stages"][number] & { people: number }>([
    db
      .prepare(
        `SELECT id, name, description, people FROM (
           SELECT ${COLUMNS} FROM segments s
           WHERE s.workspace_id = ? AND s.archived_at IS NULL AND s.stage IS NOT NULL)
         ORDER BY stage, id`,
      )
      .bind(workspace),
    db.prepare("SELECT count(*) AS people FROM visitors WHERE workspace_id = ?").bind(workspace),
  ]);
  return { stages: stages?.results ?? [], people: people?.results[0]?.people ?? 0 };
}

function parsed({ condition, ...row }: Stored): SegmentRow {
  return { ...row, condition: parseCondition(condition) };
}

function parseCondition(text: string): Condition {
  // Checked against its schema when it was saved, and written by this file and the ready-made stages alone.
  return JSON.parse(text) as Condition;
}
