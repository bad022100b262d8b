import type { IdentityKey } from "../../domain/identity/keys.ts";
import type { IdentityKeyId, OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import { IDENTITY_KEYS_MAX } from "../../protocol/limits.ts";

/** Keys that are listed: those that were not revoked before all others, the newest. */
const LISTED_MAX = 20;

/** Newest first; a key that may be used is always among them. */
export async function listIdentityKeys(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<IdentityKey[]> {
  const { results } = await db
    .prepare(
      `SELECT id, created_at AS createdAt, retires_at AS retiresAt, revoked_at AS revokedAt
       FROM identity_keys WHERE workspace_id = ? 
       ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC LIMIT ?`,
    )
    .bind(workspace, LISTED_MAX)
    .all<IdentityKey>();
  return results.toSorted(
    (one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1),
  );
}

/**
 * A new key. Those that are in use retire at `retireAt`, unless they do so sooner; with null they stay as they are.
 * @returns False when as many as there may be can be used already.
 */
export async function insertIdentityKey(
  db: D1Database,
  workspace: WorkspaceId,
  key: { id: IdentityKeyId; by: OperatorId | null },
  retireAt: number | null,
  now: number,
): Promise<boolean> {
  const [inserted] = await db.batch([
    db
      .prepare(
        `INSERT INTO identity_keys (workspace_id, id, created_at, created_by)
         SELECT ?1, ?2, ?3, ?4
         WHERE (SELECT count(*) FROM identity_keys WHERE workspace_id = ?1
           AND revoked_at IS NULL AND coalesce(retires_at, ?3 + 1) > ?3) < ?5`,
      )
      .bind(workspace, key.id, now, key.by, IDENTITY_KEYS_MAX),
    db
      .prepare(
        `UPDATE identity_keys SET retires_at = min(coalesce(retires_at, ?3), ?3)
         WHERE workspace_id = ?1 AND id <> ?2 AND revoked_at IS NULL AND ?3 IS NOT NULL
           AND EXISTS (SELECT 1 FROM identity_keys WHERE workspace_id = ?1 AND id = ?2)`,
      )
      .bind(workspace, key.id, retireAt),
  ]);
  return (inserted?.meta.changes ?? 0) > 0;
}

/** False when there is no such key. Revoked again it changes nothing. */
export async function revokeIdentityKey(
  db: D1Database,
  workspace: WorkspaceId,
  id: IdentityKeyId,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE identity_keys SET revoked_at = coalesce(revoked_at, ?3)
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(workspace, id, now)
    .run();
  return meta.changes > 0;
}

/** Of everybody seen since then: how many there are, whose latest session was proven, and who only claims something. */
export async function countProven(
  db: D1Database,
  workspace: WorkspaceId,
  since: number,
): Promise<{ people: number; proven: number; unproven: number }> {
  const row = await db
    .prepare(
      `SELECT count(*) AS people,
         coalesce(sum(card ->> '$.session.isProven' IS 1), 0) AS proven,
         coalesce(sum(EXISTS (SELECT 1 FROM json_each(card, '$.identifiers')
           WHERE value ->> '$.isVerified' = 0)), 0) AS unproven
       FROM visitors WHERE workspace_id = ? AND last_seen_at >= ?`,
    )
    .bind(workspace, since)
    .first<{ people: number; proven: number; unproven: number }>();
  return row ?? { people: 0, proven: 0, unproven: 0 };
}
