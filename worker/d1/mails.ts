import type { ConversationId, JobId, WorkspaceId } from "../../protocol/ids.ts";
import type { Letterhead, mails } from "./schema/mails.ts";

/** One row for each mail, so that a job that is delivered twice is not sent twice. */

export type MailState = typeof mails.$inferSelect.state;

export type MailStart =
  /** This call may hand the mail to the transport. `startedAt` is when the first try began. */
  | { may: true; startedAt: number }
  /** The mail's fate is settled. */
  | { may: false; state: Exclude<MailState, "sending" | "waiting">; code: string | null }
  /** Another try began at `triedAt` and has not told how it ended. */
  | { may: false; state: "sending"; startedAt: number; triedAt: number };

/** Whom a mail is for, and which message of which conversation it carries. */
export type MailSubject = {
  /** In lower case. */
  address: string;
  workspace: WorkspaceId | null;
  conversation: ConversationId | null;
  /** `seq` of the message. */
  message: number | null;
};

/** Notes that a mail is about to be sent. */
export async function startMail(
  db: D1Database,
  job: JobId,
  { address, workspace, conversation, message }: MailSubject,
  now: number,
): Promise<MailStart> {
  const inserted = await db
    .prepare(
      `INSERT INTO mails
         (job, state, started_at, updated_at, address, workspace_id, conversation_id, message)
       VALUES (?1, 'sending', ?2, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (job) DO UPDATE SET state = 'sending', updated_at = ?2 WHERE state = 'waiting'
       RETURNING started_at`,
    )
    .bind(job, now, address.toLowerCase(), workspace, conversation, message)
    .first<{ started_at: number }>();
  if (inserted !== null) return { may: true, startedAt: inserted.started_at };
  const row = await db
    .prepare("SELECT state, code, started_at, updated_at FROM mails WHERE job = ?")
    .bind(job)
    .first<{ state: MailState; code: string | null; started_at: number; updated_at: number }>();
  if (row === null || row.state === "waiting") throw new Error("the mail's row changed meanwhile");
  if (row.state === "sending") {
    const { started_at: startedAt, updated_at: triedAt } = row;
    return { may: false, state: "sending", startedAt, triedAt };
  }
  return { may: false, state: row.state, code: row.code };
}

/** A try that ended before anything was handed over: the next one is as good as the first. */
export async function releaseMail(
  db: D1Database,
  job: JobId,
  code: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE mails SET state = 'waiting', code = ?2, updated_at = ?3
       WHERE job = ?1 AND state = 'sending'`,
    )
    .bind(job, code, now)
    .run();
}

/** Records how a try ended. What was once accepted stays accepted. */
export async function endMail(
  db: D1Database,
  job: JobId,
  end: { state: Exclude<MailState, "sending">; providerId?: string; code?: string },
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE mails SET state = ?2, provider_id = ?3, code = ?4, updated_at = ?5
       WHERE job = ?1 AND state <> 'accepted'`,
    )
    .bind(job, end.state, end.providerId ?? null, end.code ?? null, now)
    .run();
}

/** Gives a mail up after its last try: what may have been sent stays unknown. Answers how it ended, and why. */
export async function abandonMail(
  db: D1Database,
  job: JobId,
  now: number,
): Promise<{ state: Exclude<MailState, "sending" | "waiting">; code: string | null }> {
  const row = await db
    .prepare(
      `INSERT INTO mails (job, state, code, started_at, updated_at) VALUES (?1, 'rejected', 'gave_up', ?2, ?2)
       ON CONFLICT (job) DO UPDATE SET
         state = CASE state WHEN 'sending' THEN 'unknown' WHEN 'waiting' THEN 'rejected' ELSE state END,
         code = coalesce(code, 'gave_up'), updated_at = ?2
       RETURNING state, code`,
    )
    .bind(job, now)
    .first<{ state: Exclude<MailState, "sending" | "waiting">; code: string | null }>();
  return row ?? { state: "unknown", code: null };
}

/** A mail that went out of a workspace, by the Message-ID that it had: ours, or its provider's. Null when there is none. */
export async function findMail(
  db: D1Database,
  workspace: WorkspaceId,
  { job, providerId }: { job: JobId | null; providerId: string },
): Promise<{
  job: JobId;
  address: string;
  conversation: ConversationId | null;
  startedAt: number;
} | null> {
  return db
    .prepare(
      `SELECT job, address, conversation_id AS conversation, started_at AS startedAt FROM mails
       WHERE (job = ?1 OR provider_id = ?2) AND workspace_id = ?3 AND address IS NOT NULL`,
    )
    .bind(job, providerId, workspace)
    .first();
}

/** What a mail of this job says beside it; null before any try has come so far. */
export async function readLetterhead(db: D1Database, job: JobId): Promise<Letterhead | null> {
  const row = await db
    .prepare("SELECT letterhead FROM mails WHERE job = ?")
    .bind(job)
    .first<{ letterhead: string | null }>();
  return parsed(row);
}

/** Keeps what a mail says beside its job, for all its tries. @returns What the first of them has kept. */
export async function keepLetterhead(
  db: D1Database,
  job: JobId,
  letterhead: Letterhead,
): Promise<Letterhead> {
  const row = await db
    .prepare(
      `UPDATE mails SET letterhead = coalesce(letterhead, ?2) WHERE job = ?1 RETURNING letterhead`,
    )
    .bind(job, JSON.stringify(letterhead))
    .first<{ letterhead: string | null }>();
  return parsed(row) ?? letterhead;
}

// Written only above.
function parsed(row: { letterhead: string | null } | null): Letterhead | null {
  return row?.letterhead == null ? null : (JSON.parse(row.letterhead) as Letterhead);
}
