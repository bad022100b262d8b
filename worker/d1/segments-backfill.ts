import { compileBounds } from "../../domain/segments/sql-bounds.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { BackfillSegment } from "../../protocol/jobs.ts";
import { readConditions } from "./segments.ts";
import { readTimeZone } from "./workspaces.ts";

/** Visitors that one job of a back-fill looks at. */
export const BACKFILL_PAGE_SIZE = 100;
/** Visitors whose rows one job reads, to find so many. */
const SCANNED_MAX = 2_000;

export type BackfillPage = {
  visitors: VisitorId[];
  /** Where the next page begins; null when this was the last. */
  after: string | null;
};

/**
 * Visitors after `after` who may belong to the segment now or by time alone, or belonged to it before. Null when the
 * segment is archived, has a newer version, or never was.
 */
export async function readBackfillPage(
  db: D1Database,
  { workspace, segment, version, after }: BackfillSegment,
  now: number,
): Promise<BackfillPage | null> {
  const row = await db
    .prepare(
      "SELECT version FROM segments WHERE workspace_id = ? AND id = ? AND archived_at IS NULL",
    )
    .bind(workspace, segment)
    .first<{ version: number }>();
  if (row === null || row.version !== version) return null;
  const [segments, timeZone, end] = await Promise.all([
    readConditions(db, workspace),
    readTimeZone(db, workspace),
    endOfScan(db, workspace, after),
  ]);
  const condition = segments.get(segment);
  if (condition === undefined || end === null) return null;
  const { upper } = compileBounds(condition, { now, timeZone, segments, relaxTime: true });
  const { results } = await db
    .prepare(
      `SELECT v.id FROM visitors v
       WHERE v.workspace_id = ?1 AND v.id > ?3 AND v.id <= ?4
         AND (EXISTS (SELECT 1 FROM segment_members m
                      WHERE m.workspace_id = ?1 AND m.segment_id = ?5 AND m.visitor_id = v.id)
              OR ${upper.sql})
       ORDER BY v.id LIMIT ?6`,
    )
    .bind(workspace, ...upper.params, after, end, segment, BACKFILL_PAGE_SIZE)
    .all<{ id: VisitorId }>();
  const visitors = results.map(({ id }) => id);
  return { visitors, after: visitors.length < BACKFILL_PAGE_SIZE ? end : (visitors.at(-1) ?? end) };
}

/** The last visitor that is read from here; null when there is none. */
async function endOfScan(
  db: D1Database,
  workspace: WorkspaceId,
  after: string,
): Promise<string | null> {
  const row = await db
    .prepare(
      `SELECT max(id) AS "end" FROM
         (SELECT id FROM visitors WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3)`,
    )
    .bind(workspace, after, SCANNED_MAX)
    .first<{ end: string | null }>();
  return row?.end ?? null;
}
