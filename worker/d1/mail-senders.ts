import { UNREAD_COPY_MS } from "../../domain/email/unread-copy.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import { ASK_AFTER_MINUTES } from "../../protocol/limits.ts";
import type { DnsRecord, SenderFlaw } from "../../protocol/email-api.ts";

/** How a workspace's mails are sent, and where their answers come in. */
export type MailSender = {
  /** Stands behind the operator's name; the workspace's name where it is null. */
  fromName: string | null;
  fromAddress: string | null;
  /** When it was last found in order; null while it is not used. */
  fromVerifiedAt: number | null;
  fromFlaw: SenderFlaw | null;
  replyDomain: string | null;
  /** When a mail to its address of proof came in. */
  replyArrivedAt: number | null;
  /** When it was found to be the workspace's and mails arrive; null while it is not used. */
  replyVerifiedAt: number | null;
  /** The records as they were found at `checkedAt`. */
  found: { from: DnsRecord[]; reply: DnsRecord[] };
  checkedAt: number | null;
  /** 0: never. */
  copyAfterMinutes: number;
  /** How long a chat waits for an answer before it asks for an address; null: it never does. */
  askAfterMinutes: number | null;
  /** How long mails are kept as they came; 0: as long as their message. */
  originalsDays: number;
};

export const NO_SENDER: MailSender = {
  fromName: null,
  fromAddress: null,
  fromVerifiedAt: null,
  fromFlaw: null,
  replyDomain: null,
  replyArrivedAt: null,
  replyVerifiedAt: null,
  found: { from: [], reply: [] },
  checkedAt: null,
  copyAfterMinutes: UNREAD_COPY_MS / 60_000,
  askAfterMinutes: ASK_AFTER_MINUTES,
  originalsDays: 0,
};

export async function readMailSender(db: D1Database, workspace: WorkspaceId): Promise<MailSender> {
  const row = await db
    .prepare(
      `SELECT from_name AS fromName, from_address AS fromAddress, from_verified_at AS fromVerifiedAt,
         from_flaw AS fromFlaw, reply_domain AS replyDomain, reply_arrived_at AS replyArrivedAt,
         reply_verified_at AS replyVerifiedAt, found, checked_at AS checkedAt,
         copy_after_minutes AS copyAfterMinutes, ask_after_minutes AS askAfterMinutes,
         originals_days AS originalsDays
       FROM mail_senders WHERE workspace_id = ?`,
    )
    .bind(workspace)
    .first<Omit<MailSender, "found"> & { found: string }>();
  // Written only below.
  return row === null ? NO_SENDER : { ...row, found: JSON.parse(row.found) as MailSender["found"] };
}

/** Another address or domain begins unverified. */
export async function writeMailSender(
  db: D1Database,
  workspace: WorkspaceId,
  sender: Pick<
    MailSender,
    | "fromName"
    | "fromAddress"
    | "replyDomain"
    | "copyAfterMinutes"
    | "askAfterMinutes"
    | "originalsDays"
  >,
): Promise<void> {
  const { fromName, fromAddress, replyDomain, copyAfterMinutes, askAfterMinutes, originalsDays } =
    sender;
  const nothing = JSON.stringify(NO_SENDER.found);
  await db
    .prepare(
      `INSERT INTO mail_senders (workspace_id, from_name, from_address, reply_domain, found, copy_after_minutes,
         ask_after_minutes, originals_days)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (workspace_id) DO UPDATE SET
         from_name = ?2, from_address = ?3, reply_domain = ?4, copy_after_minutes = ?6,
         ask_after_minutes = ?7, originals_days = ?8,
         from_verified_at = CASE WHEN from_address IS ?3 THEN from_verified_at END,
         from_flaw = CASE WHEN from_address IS ?3 THEN from_flaw END,
         reply_arrived_at = CASE WHEN reply_domain IS ?4 THEN reply_arrived_at END,
         reply_verified_at = CASE WHEN reply_domain IS ?4 THEN reply_verified_at END,
         found = CASE WHEN from_address IS ?3 AND reply_domain IS ?4 THEN found ELSE ?5 END,
         checked_at = CASE WHEN from_address IS ?3 AND reply_domain IS ?4 THEN checked_at END`,
    )
    .bind(
      workspace,
      fromName,
      fromAddress,
      replyDomain,
      nothing,
      copyAfterMinutes,
      askAfterMinutes,
      originalsDays,
    )
    .run();
}

/** What a check found, for the address and the domain that it was made for and no others. */
export async function writeSenderCheck(
  db: D1Database,
  workspace: WorkspaceId,
  checked: Pick<MailSender, "fromAddress" | "replyDomain" | "fromFlaw" | "found"> & {
    isReplyOwned: boolean;
  },
  now: number,
): Promise<void> {
  const { fromAddress, replyDomain, fromFlaw, found, isReplyOwned } = checked;
  await db
    .prepare(
      `UPDATE mail_senders SET
         from_verified_at = CASE WHEN ?2 IS NOT NULL AND ?4 IS NULL THEN ?7 END, from_flaw = ?4,
         reply_verified_at = CASE WHEN ?5 AND reply_arrived_at IS NOT NULL THEN ?7 END,
         found = ?6, checked_at = ?7
       WHERE workspace_id = ?1 AND from_address IS ?2 AND reply_domain IS ?3`,
    )
    .bind(
      workspace,
      fromAddress,
      replyDomain,
      fromFlaw,
      isReplyOwned ? 1 : 0,
      JSON.stringify(found),
      now,
    )
    .run();
}

/** The provider did not take mails from the workspace's own address: the installation's is used until it is checked again. */
export async function distrustSender(db: D1Database, workspace: WorkspaceId): Promise<void> {
  await db
    .prepare(
      `UPDATE mail_senders SET from_verified_at = NULL, from_flaw = 'refused'
       WHERE workspace_id = ? AND from_verified_at IS NOT NULL`,
    )
    .bind(workspace)
    .run();
}

/** A mail came to the address that a reply domain is proven with. */
export async function noteReplyArrival(
  db: D1Database,
  workspace: WorkspaceId,
  domain: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE mail_senders SET reply_arrived_at = coalesce(reply_arrived_at, ?3)
       WHERE workspace_id = ?1 AND reply_domain = ?2`,
    )
    .bind(workspace, domain, now)
    .run();
}
