import type { LinkLife } from "../../domain/identity/continue-link.ts";
import type { DeviceId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import {
  CONTINUE_LIFETIME_MS,
  CONTINUE_LINKS_MAX,
  CONTINUE_MAIL_LIFETIME_MS,
  CONTINUE_MAIL_LINKS_MAX,
  CONTINUE_TICKET_MS,
} from "../../protocol/limits.ts";

/** Links by which somebody goes on in another browser: each is used once, and what it hands over is taken once. */

export type ContinueLink = LinkLife & {
  id: string;
  workspace: WorkspaceId;
  visitor: VisitorId;
  /** The device that has made it; null for a link of a mail. */
  device: DeviceId | null;
  /** Where it was mailed to; null for a link of the chat. */
  address: string | null;
  page: string;
  nextDevice: DeviceId | null;
};

export type NewLink = Pick<ContinueLink, "id" | "workspace" | "visitor" | "page"> &
  ({ device: DeviceId; address: null } | { device: null; address: string });

/** How long dead links are kept: a page load may ask for its right again. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Keeps a link; one with the same id stays as it is. Of more than may be used at a time of one visitor and kind the
 * oldest end. @returns When it expires.
 */
export async function keepContinueLink(
  db: D1Database,
  link: NewLink,
  now: number,
): Promise<number> {
  const { id, workspace, visitor, device, address, page } = link;
  const isMail = address !== null;
  const lifetime = isMail ? CONTINUE_MAIL_LIFETIME_MS : CONTINUE_LIFETIME_MS;
  await db.batch([
    db
      .prepare(
        `INSERT INTO continue_links
           (id, workspace_id, visitor_id, device_id, address, page, made_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .bind(id, workspace, visitor, device, address, page, now, now + lifetime),
    db
      .prepare(
        `UPDATE continue_links SET expires_at = ?3 WHERE id IN
           (SELECT id FROM continue_links
            WHERE workspace_id = ?1 AND visitor_id = ?2 AND (address IS NOT NULL) = ?4
              AND used_at IS NULL AND expires_at > ?3
            ORDER BY made_at DESC, rowid DESC LIMIT -1 OFFSET ?5)`,
      )
      .bind(
        workspace,
        visitor,
        now,
        isMail ? 1 : 0,
        isMail ? CONTINUE_MAIL_LINKS_MAX : CONTINUE_LINKS_MAX,
      ),
    db.prepare("DELETE FROM continue_links WHERE expires_at < ?").bind(now - KEPT_MS),
  ]);
  return now + lifetime;
}

export async function readContinueLink(db: D1Database, id: string): Promise<ContinueLink | null> {
  return db
    .prepare(
      `SELECT id, workspace_id AS workspace, visitor_id AS visitor, device_id AS device, address, page,
              expires_at AS expiresAt, used_at AS usedAt, taken_by AS takenBy, next_device_id AS nextDevice
       FROM continue_links WHERE id = ?`,
    )
    .bind(id)
    .first<ContinueLink>();
}

/** Uses a link that nobody has used. @returns The link as it is after that. */
export async function useContinueLink(
  db: D1Database,
  id: string,
  now: number,
): Promise<ContinueLink | null> {
  await db
    .prepare(
      "UPDATE continue_links SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL AND expires_at > ?2",
    )
    .bind(id, now)
    .run();
  return readContinueLink(db, id);
}

/**
 * Gives what a used link hands over to whoever is first within its time.
 * @param by The page load, hashed. @param next The right that it gets.
 * @returns The link as it is after that.
 */
export async function takeContinueLink(
  db: D1Database,
  id: string,
  by: string,
  next: DeviceId,
  now: number,
): Promise<ContinueLink | null> {
  await db
    .prepare(
      `UPDATE continue_links SET taken_by = ?2, next_device_id = ?3
       WHERE id = ?1 AND taken_by IS NULL AND used_at > ?4`,
    )
    .bind(id, by, next, now - CONTINUE_TICKET_MS)
    .run();
  return readContinueLink(db, id);
}
