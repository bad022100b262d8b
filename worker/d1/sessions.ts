import type { WorkspaceId } from "../../protocol/ids.ts";
import type { OperatorRow } from "./operators.ts";

/**
 * Reads what better-auth wrote. One query answers a request's three questions: who is it, in which
 * workspace, with which role.
 */

export type Standing = {
  session: { id: string; token: string; userId: string; email: string; lastUsedAt: number };
  /** Null when the person works in no workspace yet. */
  membership: {
    workspace: { id: WorkspaceId; name: string; siteKey: string };
    operator: OperatorRow;
  } | null;
};

/**
 * The standing behind a session token; null when the session does not exist, has ended or has expired.
 * `preferred` is the workspace that the browser asks for; it counts only if the person works there,
 * else the oldest membership does.
 */
export async function readStanding(
  db: D1Database,
  token: string,
  preferred: string,
): Promise<Standing | null> {
  const row = await db
    .prepare(
      `SELECT s.id AS session_id, s.userId AS user_id, s.updatedAt AS used_at, u.email AS user_email,
              w.id AS workspace_id, w.name AS workspace_name, w.site_key,
              o.id, o.name, o.title, o.photo, o.role, o.status, o.email, o.created_at
       FROM session s
       JOIN user u ON u.id = s.userId
       LEFT JOIN operators o ON o.user_id = s.userId AND o.removed_at IS NULL
       LEFT JOIN workspaces w ON w.id = o.workspace_id
       WHERE s.token = ?1 AND s.expiresAt > ?2
       ORDER BY o.workspace_id = ?3 DESC, o.created_at, o.workspace_id
       LIMIT 1`,
    )
    .bind(token, new Date().toISOString(), preferred)
    .first<StandingRow>();
  if (row === null) return null;
  const session = {
    id: row.session_id,
    token,
    userId: row.user_id,
    email: row.user_email,
    lastUsedAt: Date.parse(row.used_at),
  };
  if (row.workspace_id === null) return { session, membership: null };
  return {
    session,
    membership: {
      workspace: { id: row.workspace_id, name: row.workspace_name, siteKey: row.site_key },
      operator: {
        workspaceId: row.workspace_id,
        id: row.id,
        userId: row.user_id,
        name: row.name,
        title: row.title,
        photo: row.photo,
        role: row.role,
        status: row.status,
        email: row.email,
        createdAt: row.created_at,
        removedAt: null,
      },
    },
  };
}

type StandingRow = {
  session_id: string;
  user_id: string;
  used_at: string;
  user_email: string;
} & (
  | { workspace_id: null }
  | {
      workspace_id: WorkspaceId;
      workspace_name: string;
      site_key: string;
      id: OperatorRow["id"];
      name: string;
      title: string;
      photo: OperatorRow["photo"];
      role: OperatorRow["role"];
      status: OperatorRow["status"];
      email: string;
      created_at: number;
    }
);

/** Notes that a session is in use, and lets it live on. False when it has ended meanwhile: it stays ended. */
export async function touchSession(db: D1Database, id: string, expiresAt: Date): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE session SET expiresAt = ?1, updatedAt = ?2 WHERE id = ?3 AND expiresAt > ?2")
    .bind(expiresAt.toISOString(), new Date().toISOString(), id)
    .run();
  return meta.changes > 0;
}

export type SessionRow = { id: string; createdAt: number; lastUsedAt: number; userAgent: string };

export async function listSessions(db: D1Database, userId: string): Promise<SessionRow[]> {
  const { results } = await db
    .prepare(
      `SELECT id, createdAt, updatedAt, userAgent FROM session
       WHERE userId = ? AND expiresAt > ? ORDER BY updatedAt DESC, id LIMIT 100`,
    )
    .bind(userId, new Date().toISOString())
    .all<{ id: string; createdAt: string; updatedAt: string; userAgent: string | null }>();
  return results.map((row) => ({
    id: row.id,
    createdAt: Date.parse(row.createdAt),
    lastUsedAt: Date.parse(row.updatedAt),
    userAgent: row.userAgent ?? "",
  }));
}

/**
 * Ends a session: from here on no request is let in with it. The row stays until `forgetSession`, so that
 * an ending whose sockets could not all be closed can be asked for again.
 */
export async function expireSession(db: D1Database, id: string, userId: string): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE session SET expiresAt = ? WHERE id = ? AND userId = ?")
    .bind(new Date(0).toISOString(), id, userId)
    .run();
  return meta.changes > 0;
}

export async function forgetSession(db: D1Database, id: string): Promise<void> {
  await db.prepare("DELETE FROM session WHERE id = ?").bind(id).run();
}

/** The session behind a token, also an ended one. */
export async function findSession(
  db: D1Database,
  token: string,
): Promise<{ id: string; userId: string } | null> {
  return db.prepare("SELECT id, userId FROM session WHERE token = ?").bind(token).first();
}
