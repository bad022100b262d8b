import type { WorkspaceId } from "../../protocol/ids.ts";

/** Which mails are kept in R2 as they came, and since when. */

export type KeptOriginal = { workspace: WorkspaceId; name: string; keptAt: number };

/** Notes a mail before it is kept; one that comes again is kept anew. */
export async function noteOriginal(
  db: D1Database,
  { workspace, name, keptAt }: KeptOriginal,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO originals (workspace_id, name, kept_at, is_shown) VALUES (?1, ?2, ?3, 0)
       ON CONFLICT DO UPDATE SET kept_at = ?3`,
    )
    .bind(workspace, name, keptAt)
    .run();
}

/** A message shows it. */
export async function showOriginal(
  db: D1Database,
  workspace: WorkspaceId,
  name: string,
): Promise<void> {
  await db
    .prepare(
      "UPDATE originals SET is_shown = 1 WHERE workspace_id = ? AND name = ? AND is_shown = 0",
    )
    .bind(workspace, name)
    .run();
}

/** Mails that no message shows and that came before a time, the oldest first. */
export async function unshownOriginals(
  db: D1Database,
  before: number,
  limit: number,
): Promise<KeptOriginal[]> {
  const { results } = await db
    .prepare(
      `SELECT workspace_id AS workspace, name, kept_at AS keptAt FROM originals
       WHERE is_shown = 0 AND kept_at < ? ORDER BY kept_at LIMIT ?`,
    )
    .bind(before, limit)
    .all<KeptOriginal>();
  return results;
}

/** Mails that their workspace keeps no longer. Workspaces that keep them as long as their message are not looked at. */
export async function outlivedOriginals(
  db: D1Database,
  now: number,
  limit: number,
): Promise<KeptOriginal[]> {
  const { results } = await db
    .prepare(
      `SELECT o.workspace_id AS workspace, o.name, o.kept_at AS keptAt
       FROM mail_senders s JOIN originals o
         ON o.workspace_id = s.workspace_id AND o.kept_at < ?1 - s.originals_days * 86400000
       WHERE s.originals_days > 0 LIMIT ?2`,
    )
    .bind(now, limit)
    .all<KeptOriginal>();
  return results;
}

/** What is deleted from R2 is forgotten here, unless it has come again meanwhile. */
export async function forgetOriginals(db: D1Database, deleted: KeptOriginal[]): Promise<void> {
  await db
    .prepare(
      `DELETE FROM originals WHERE (workspace_id, name, kept_at) IN (
         SELECT value ->> 'workspace', value ->> 'name', value ->> 'keptAt' FROM json_each(?))`,
    )
    .bind(JSON.stringify(deleted))
    .run();
}

/**
 * Notes those of these mails that nobody has noted. What was kept quiet is shown by no message; of anything else nobody
 * can tell, so it counts as shown. @returns How many were not known.
 */
export async function noteUnknown(db: D1Database, kept: KeptOriginal[]): Promise<number> {
  const { results: unknown } = await db
    .prepare(
      `SELECT value FROM json_each(?) WHERE NOT EXISTS (
         SELECT 1 FROM originals WHERE workspace_id = value ->> 'workspace' AND name = value ->> 'name')`,
    )
    .bind(JSON.stringify(kept))
    .all<{ value: string }>();
  if (unknown.length === 0) return 0;
  await db
    .prepare(
      `INSERT INTO originals (workspace_id, name, kept_at, is_shown)
       SELECT value ->> 'workspace', value ->> 'name', value ->> 'keptAt',
         (value ->> 'workspace', value ->> 'name') NOT IN (
           SELECT workspace_id, original FROM arrived_mails WHERE outcome <> 'conversation')
       FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    )
    .bind(`[${unknown.map(({ value }) => value).join()}]`)
    .run();
  return unknown.length;
}
