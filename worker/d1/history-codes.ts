import type { TriedCode } from "../../domain/identity/mailed-code.ts";
import type { DeviceId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import {
  ANSWER_CODE_LIFETIME_MS,
  CODE_LIFETIME_MS,
  CODE_MAX_TRIES,
} from "../../protocol/limits.ts";

/** Codes by which a device proves a mailbox. Addresses and codes come hashed. */

/**
 * `device`: whom it works for. One that a browser has asked for with a secret works for whoever brings that; a code in an
 * answer to a chat works for every device of the chat's visitor.
 */
export type CodePlace = {
  workspace: WorkspaceId;
  device: DeviceId | VisitorId | `asker_${string}`;
  address: string;
};

/** How long it can still be said what became of a code. */
const KEPT_MS = 24 * 3_600_000;

/** Keeps a new code; an older one of the same device and address no longer works. */
export async function keepHistoryCode(
  db: D1Database,
  { workspace, device, address }: CodePlace,
  code: string,
  now: number,
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT OR REPLACE INTO history_codes
           (workspace_id, device_id, address, code, tries, expires_at, used_at)
         VALUES (?, ?, ?, ?, 0, ?, NULL)`,
      )
      .bind(workspace, device, address, code, now + CODE_LIFETIME_MS),
    deleteOutlived(db, now),
  ]);
}

const deleteOutlived = (db: D1Database, now: number): D1PreparedStatement =>
  db.prepare("DELETE FROM history_codes WHERE expires_at < ?").bind(now - KEPT_MS);

/**
 * Keeps the code of an answer to a chat, in place of that of an earlier one. The same one, kept again, stays as used and
 * as tried as it is.
 */
export async function keepAnswerCode(
  db: D1Database,
  { workspace, device, address }: CodePlace,
  code: string,
  now: number,
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO history_codes
           (workspace_id, device_id, address, code, tries, expires_at, used_at, is_from_answer)
         VALUES (?1, ?2, ?3, ?4, 0, ?5, NULL, 1)
         ON CONFLICT (workspace_id, device_id, address) DO UPDATE SET
           code = excluded.code, tries = 0, expires_at = excluded.expires_at, used_at = NULL
         WHERE code <> excluded.code`,
      )
      .bind(workspace, device, address, code, now + ANSWER_CODE_LIFETIME_MS),
    deleteOutlived(db, now),
  ]);
}

/** The code of the newest answer to a chat, as it is kept; null where none went out. */
export async function readAnswerCode(
  db: D1Database,
  { workspace, device, address }: CodePlace,
): Promise<string | null> {
  return db
    .prepare(
      `SELECT code FROM history_codes
       WHERE workspace_id = ? AND device_id = ? AND address = ? AND is_from_answer = 1`,
    )
    .bind(workspace, device, address)
    .first<string>("code");
}

/** Counts a wrong try, so that no two of them can pass for one. @returns Null where no code was asked for. */
export async function tryHistoryCode(
  db: D1Database,
  { workspace, device, address }: CodePlace,
  code: string,
  now: number,
): Promise<(TriedCode & { isFromAnswer: boolean }) | null> {
  const [, held] = await db.batch<{
    isRight: number;
    tries: number;
    expiresAt: number;
    usedAt: number | null;
    isFromAnswer: number;
  }>([
    db
      .prepare(
        `UPDATE history_codes SET tries = tries + 1
         WHERE workspace_id = ? AND device_id = ? AND address = ?
           AND code <> ? AND used_at IS NULL AND expires_at > ? AND tries < ?`,
      )
      .bind(workspace, device, address, code, now, CODE_MAX_TRIES),
    db
      .prepare(
        `SELECT code = ? AS isRight, tries, expires_at AS expiresAt, used_at AS usedAt,
           is_from_answer AS isFromAnswer
         FROM history_codes WHERE workspace_id = ? AND device_id = ? AND address = ?`,
      )
      .bind(code, workspace, device, address),
  ]);
  const row = held?.results[0];
  return row === undefined
    ? null
    : { ...row, isRight: row.isRight === 1, isFromAnswer: row.isFromAnswer === 1 };
}

/** What a code proved has been acted on: it is good for nothing more. */
export async function useHistoryCode(
  db: D1Database,
  { workspace, device, address }: CodePlace,
  code: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE history_codes SET used_at = ?
       WHERE workspace_id = ? AND device_id = ? AND address = ? AND code = ? AND used_at IS NULL`,
    )
    .bind(now, workspace, device, address, code)
    .run();
}
