import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";

/**
 * The address that is known to be a visitor's: whose own domain has vouched for a mail that this visitor was made for.
 * Null while none is. The one place that mails on purpose and copies of what was not read ask.
 */
export async function provenAddressOf(
  db: D1Database,
  workspace: WorkspaceId,
  visitor: VisitorId,
): Promise<string | null> {
  const row = await db
    .prepare(
      `SELECT address FROM mail_visitors WHERE workspace_id = ? AND visitor_id = ?
       ORDER BY created_at DESC LIMIT 1`,
    )
    .bind(workspace, visitor)
    .first<{ address: string }>();
  return row?.address ?? null;
}
