import type { WorkspaceId } from "../../protocol/ids.ts";
import type { References } from "../triggers/references.ts";

/**
 * Of what a trigger names, what this workspace does not have: segments that are not archived, triggers in any state,
 * operators who have not left.
 */
export async function findMissing(
  db: D1Database,
  workspace: WorkspaceId,
  named: References,
): Promise<References> {
  const [segments, triggers, operators] = await db.batch<{ id: string }>([
    db.prepare(missing("segments", "archived_at IS NULL")).bind(workspace, list(named.segments)),
    db.prepare(missing("triggers", "true")).bind(workspace, list(named.triggers)),
    db.prepare(missing("operators", "removed_at IS NULL")).bind(workspace, list(named.operators)),
  ]);
  return {
    segments: idsOf(segments),
    triggers: idsOf(triggers),
    operators: idsOf(operators),
  };
}

function missing(table: "segments" | "triggers" | "operators", isThere: string): string {
  return `SELECT value AS id FROM json_each(?2) WHERE NOT EXISTS
    (SELECT 1 FROM ${table} WHERE workspace_id = ?1 AND ${table}.id = json_each.value AND ${isThere})`;
}

const list = (ids: string[]): string => JSON.stringify(ids);
const idsOf = (result: D1Result<{ id: string }> | undefined): string[] =>
  (result?.results ?? []).map((row) => row.id);
