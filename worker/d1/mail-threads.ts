import { livingVisitor } from "../../durable-objects/identifiers/joins.ts";
import type { ConversationId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { arrivedMails } from "./schema/mails.ts";

/** Conversations by email, and the mails that begin them. */

type Outcome = typeof arrivedMails.$inferSelect.outcome;

/** Whom a conversation's reply addresses were made for; nobody when no mail of it ever went out. */
export async function readMailThreads(
  db: D1Database,
  conversation: ConversationId,
): Promise<{ workspace: WorkspaceId; address: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT workspace_id AS workspace, address FROM mail_threads WHERE conversation_id = ?1
       UNION ALL
       SELECT workspace_id, address FROM mail_correspondents WHERE conversation_id = ?1`,
    )
    .bind(conversation)
    .all<{ workspace: WorkspaceId; address: string }>();
  return results;
}

/** Lets answers from an address into a conversation that a mail goes out of. */
export async function openMailThread(
  db: D1Database,
  workspace: WorkspaceId,
  conversation: ConversationId,
  address: string,
  now: number,
): Promise<void> {
  const values = [workspace, conversation, address.toLowerCase(), now] as const;
  await db.batch([
    db
      .prepare(
        `INSERT INTO mail_threads (workspace_id, conversation_id, address, created_at)
         VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .bind(...values),
    db
      .prepare(
        `INSERT INTO mail_correspondents (workspace_id, conversation_id, address, created_at)
         SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM mail_threads WHERE conversation_id = ?2 AND address = ?3)
         ON CONFLICT DO NOTHING`,
      )
      .bind(...values),
  ]);
}

/** The conversation that a mail has begun before; null when it is the first time that it comes. */
export async function readBegun(
  db: D1Database,
  workspace: WorkspaceId,
  key: string,
): Promise<{ visitor: VisitorId; conversation: ConversationId } | null> {
  return db
    .prepare(
      `SELECT visitor_id AS visitor, conversation_id AS conversation FROM arrived_mails
       WHERE workspace_id = ? AND key = ? AND outcome = 'conversation'`,
    )
    .bind(workspace, key)
    .first<{ visitor: VisitorId; conversation: ConversationId }>();
}

/**
 * Decides once which visitor and conversation a mail begins, however often it comes and whatever crashes after.
 * @param isProven An address that its domain vouches for always is the same visitor, and that of whoever has proven it
 *   on the site; any other is a new one each time.
 */
export async function beginMailThread(
  db: D1Database,
  mail: {
    workspace: WorkspaceId;
    key: string;
    address: string;
    isProven: boolean;
    original: string;
  },
  fresh: { visitor: VisitorId; conversation: ConversationId },
  now: number,
): Promise<{ visitor: VisitorId; conversation: ConversationId }> {
  const { workspace, key, address, isProven, original } = mail;
  const { visitor, conversation } = fresh;
  await db.batch([
    ...(isProven
      ? [
          db
            .prepare(
              `INSERT INTO mail_visitors (workspace_id, address, visitor_id, created_at)
               VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
            )
            .bind(workspace, address, visitor, now),
        ]
      : []),
    db
      .prepare(
        `INSERT INTO arrived_mails (workspace_id, key, outcome, visitor_id, conversation_id, original, at)
         VALUES (?1, ?2, 'conversation',
           ${livingVisitor(`coalesce(
             (SELECT visitor_id FROM identifiers WHERE workspace_id = ?1 AND kind = 'email' AND value = ?3 AND ?4),
             (SELECT visitor_id FROM mail_visitors WHERE workspace_id = ?1 AND address = ?3 AND ?4), ?5)`)},
           ?6, ?7, ?8)
         ON CONFLICT DO NOTHING`,
      )
      .bind(workspace, key, address, isProven ? 1 : 0, visitor, conversation, original, now),
    db
      .prepare(
        `INSERT INTO mail_threads (workspace_id, conversation_id, address, created_at)
         SELECT workspace_id, conversation_id, ?3, ?4 FROM arrived_mails
         WHERE workspace_id = ?1 AND key = ?2 AND outcome = 'conversation'
         ON CONFLICT DO NOTHING`,
      )
      .bind(workspace, key, address, now),
  ]);
  const begun = await readBegun(db, workspace, key);
  if (begun === null) throw new Error("the mail was kept for something else before");
  return begun;
}

/** Notes a mail that is kept and shown to nobody. */
export async function recordQuietMail(
  db: D1Database,
  mail: { workspace: WorkspaceId; key: string; original: string },
  outcome: Exclude<Outcome, "conversation">,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO arrived_mails (workspace_id, key, outcome, original, at)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .bind(mail.workspace, mail.key, outcome, mail.original, now)
    .run();
}
