import type { OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import type { Suppression } from "../../protocol/email-api.ts";

/** Addresses that a workspace sends no more mails to, in lower case. */

/** Most addresses that one answer lists. */
const LIST_MAX = 500;

export async function isSuppressed(
  db: D1Database,
  workspace: WorkspaceId,
  address: string,
): Promise<boolean> {
  const row = await db
    .prepare(
      "SELECT 1 FROM suppressions WHERE workspace_id = ? AND address = ? AND lifted_at IS NULL",
    )
    .bind(workspace, address.toLowerCase())
    .first();
  return row !== null;
}

/**
 * Sends an address no more mails. What was lifted since `at` stays lifted: the same event, told again, is no news. A
 * complaint weighs more than a bounce.
 */
export async function suppress(
  db: D1Database,
  workspace: WorkspaceId,
  { address, why, reason, at }: Omit<Suppression, "by">,
  by: OperatorId | null = null,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO suppressions (workspace_id, address, why, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (workspace_id, address) DO UPDATE SET
         why = excluded.why, reason = excluded.reason, by = excluded.by, at = excluded.at, lifted_at = NULL
       WHERE (lifted_at IS NOT NULL AND excluded.at > lifted_at)
         OR (lifted_at IS NULL AND excluded.why = 'complained' AND why <> 'complained')`,
    )
    .bind(workspace, address.toLowerCase(), why, reason, by, at)
    .run();
}

/** Lets mails go to an address again. */
export async function liftSuppression(
  db: D1Database,
  workspace: WorkspaceId,
  address: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE suppressions SET lifted_at = ?3
       WHERE workspace_id = ?1 AND address = ?2 AND lifted_at IS NULL`,
    )
    .bind(workspace, address.toLowerCase(), now)
    .run();
}

/** The newest first. */
export async function listSuppressions(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<Suppression[]> {
  const { results } = await db
    .prepare(
      `SELECT s.address, s.why, s.reason, s.at, o.name AS by FROM suppressions s
       LEFT JOIN operators o ON o.workspace_id = s.workspace_id AND o.id = s.by
       WHERE s.workspace_id = ? AND s.lifted_at IS NULL ORDER BY s.at DESC, s.address LIMIT ?`,
    )
    .bind(workspace, LIST_MAX)
    .all<Suppression>();
  return results;
}
