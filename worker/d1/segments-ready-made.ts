import { READY_MADE_SEGMENTS } from "../../domain/segments/ready-made.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";

/** The ready-made segments that a new workspace has, in the transaction that makes it. What is there stays as it is. */
export function insertReadyMade(
  db: D1Database,
  workspace: WorkspaceId,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO segments (workspace_id, id, name, description, condition, stage, version, live_at,
                             since_version, created_at, updated_at)
       SELECT ?1, value ->> 'id', value ->> 'name', value ->> 'description', value -> 'condition',
              value ->> 'stage', 1, ?2, 1, ?2, ?2
       FROM json_each(?3) WHERE true
       ON CONFLICT DO NOTHING`,
    )
    .bind(workspace, now, JSON.stringify(READY_MADE_SEGMENTS));
}
