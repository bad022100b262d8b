import type { MailEvent } from "../../domain/email/fate.ts";
import type { ConversationId, JobId, WorkspaceId } from "../../protocol/ids.ts";
import type { ProviderFate } from "../../protocol/jobs.ts";

/** What providers say of mails that they took. */

/** The mail that an event tells of. */
export type KnownMail = {
  job: JobId;
  address: string;
  workspace: WorkspaceId | null;
  conversation: ConversationId | null;
  message: number | null;
};

/**
 * Keeps an event once, and answers which mail it tells of: null while nobody knows that mail here. A provider that
 * tells of a mail has taken it, whatever we believed.
 */
export async function recordMailEvent(
  db: D1Database,
  { provider, id, providerId, job, fate, isHard, reason, at }: MailEvent,
  now: number,
): Promise<KnownMail | null> {
  const [, , found] = await db.batch<KnownMail>([
    db
      .prepare(
        `INSERT INTO mail_events (provider, id, provider_id, job, fate, is_hard, reason, at, received_at)
         VALUES (?1, ?2, ?3,
           coalesce((SELECT job FROM mails WHERE job = ?4), (SELECT job FROM mails WHERE provider_id = ?3 LIMIT 1)),
           ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (provider, id) DO UPDATE SET job = coalesce(job, excluded.job)`,
      )
      .bind(provider, id, providerId, job, fate, isHard ? 1 : 0, reason, at, now),
    db
      .prepare(
        `UPDATE mails SET state = 'accepted', provider_id = coalesce(provider_id, ?3), updated_at = ?4
         WHERE job = (SELECT job FROM mail_events WHERE provider = ?1 AND id = ?2)
           AND state IN ('sending', 'unknown')`,
      )
      .bind(provider, id, providerId, now),
    db
      .prepare(
        `SELECT m.job, m.address, m.workspace_id AS workspace, m.conversation_id AS conversation, m.message
         FROM mail_events e JOIN mails m ON m.job = e.job
         WHERE e.provider = ? AND e.id = ? AND m.address IS NOT NULL`,
      )
      .bind(provider, id),
  ]);
  return found?.results[0] ?? null;
}

/** Events of a mail that came before anybody knew how the provider names it. */
export async function waitingMailEvents(db: D1Database, job: JobId): Promise<MailEvent[]> {
  const { results } = await db
    .prepare(
      `SELECT e.provider, e.id, e.provider_id AS providerId, e.fate, e.is_hard AS isHard, e.reason, e.at
       FROM mails m JOIN mail_events e ON e.provider_id = m.provider_id
       WHERE m.job = ? AND e.job IS NULL ORDER BY e.at`,
    )
    .bind(job)
    .all<Omit<MailEvent, "job" | "isHard" | "fate"> & { isHard: number; fate: ProviderFate }>();
  return results.map((event) => ({ ...event, job, isHard: event.isHard === 1 }));
}
