import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";

/**
 * The address that is known to be a visitor's: the newest that they have proven, or else the one whose own domain has
 * vouched for a mail that this visitor was made for, as long as nobody has proven that one. Null while none is. The one place that mails on purpose and copies
 * of what was not read ask.
 */
export async function provenAddressOf(
  db: D1Database,
  workspace: WorkspaceId,
  visitor: VisitorId,
): Promise<string | null> {
  const row = await db
    .prepare(
      `SELECT value AS address, 1 AS is_proven, since FROM identifiers
       WHERE workspace_id = ?1 AND visitor_id = ?2 AND kind = 'email'
       UNION ALL
       SELECT address, 0, created_at FROM mail_visitors AS m WHERE workspace_id = ?1 AND visitor_id = ?2
         AND NOT EXISTS (SELECT 1 FROM identifiers
                         WHERE workspace_id = ?1 AND kind = 'email' AND value = m.address)
       ORDER BY is_proven DESC, since DESC LIMIT 1`,
    )
    .bind(workspace, visitor)
    .first<{ address: string }>();
  return row?.address ?? null;
}

/**
 * Whether an address is known to be somebody's: somebody has proven it, or its own domain has vouched for a mail from it.
 * @param address As `normaliseIdentifier` writes it.
 */
export async function isKnownAddress(
  db: D1Database,
  workspace: WorkspaceId,
  address: string,
): Promise<boolean> {
  const row = await db
    .prepare(
      `SELECT 1 FROM mail_visitors WHERE workspace_id = ?1 AND address = ?2
       UNION ALL
       SELECT 1 FROM identifiers WHERE workspace_id = ?1 AND kind = 'email' AND value = ?2 LIMIT 1`,
    )
    .bind(workspace, address)
    .first();
  return row !== null;
}
