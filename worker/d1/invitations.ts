import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { InvitationId, JobId, OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import type { PendingInvitation } from "../../protocol/operator-api.ts";
import type { OperatorRow } from "./operators.ts";
import { invitations, operators, workspaces } from "./schema/workspaces.ts";

export type InvitationRow = typeof invitations.$inferSelect;
type SendFate = InvitationRow["mail"];

const isPending = (now: number) =>
  and(
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, now),
  );

/** Invitations of a workspace that were neither accepted nor taken back; expired ones too, to be sent again. */
export async function listInvitations(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<InvitationRow[]> {
  return drizzle(db)
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, workspace),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
}

/** What a person with this address is invited to. */
export async function listInvitationsOf(
  db: D1Database,
  email: string,
  now: number,
): Promise<PendingInvitation[]> {
  return drizzle(db)
    .select({ id: invitations.id, workspaceName: workspaces.name, inviterName: operators.name })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .innerJoin(
      operators,
      and(
        eq(operators.workspaceId, invitations.workspaceId),
        eq(operators.id, invitations.invitedBy),
      ),
    )
    .where(and(eq(invitations.email, email), isPending(now)))
    .orderBy(asc(invitations.createdAt));
}

export async function readInvitation(
  db: D1Database,
  workspace: WorkspaceId,
  id: InvitationId,
): Promise<InvitationRow | null> {
  const [row] = await drizzle(db)
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, workspace),
        eq(invitations.id, id),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
    .limit(1);
  return row ?? null;
}

export async function insertInvitation(
  db: D1Database,
  row: typeof invitations.$inferInsert,
): Promise<void> {
  await drizzle(db).insert(invitations).values(row);
}

/** A new mail for a waiting invitation; its time starts again. */
export async function renewInvitation(
  db: D1Database,
  workspace: WorkspaceId,
  id: InvitationId,
  mailJob: JobId,
  expiresAt: number,
): Promise<void> {
  await drizzle(db)
    .update(invitations)
    .set({ mailJob, mail: "queued", expiresAt })
    .where(and(eq(invitations.workspaceId, workspace), eq(invitations.id, id)));
}

export async function revokeInvitation(
  db: D1Database,
  workspace: WorkspaceId,
  id: InvitationId,
  now: number,
): Promise<void> {
  await drizzle(db)
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(eq(invitations.workspaceId, workspace), eq(invitations.id, id)));
}

/** Records what became of a mail. An older mail's fate does not replace that of a newer one. */
export async function setInvitationMail(
  db: D1Database,
  workspace: WorkspaceId,
  id: InvitationId,
  job: JobId,
  mail: SendFate,
): Promise<void> {
  await drizzle(db)
    .update(invitations)
    .set({ mail })
    .where(
      and(
        eq(invitations.workspaceId, workspace),
        eq(invitations.id, id),
        eq(invitations.mailJob, job),
      ),
    );
}

/** Says of an invitation that its newest mail did not arrive. */
export async function failInvitationMail(
  db: D1Database,
  workspace: WorkspaceId,
  job: JobId,
): Promise<void> {
  await drizzle(db)
    .update(invitations)
    .set({ mail: "failed" })
    .where(and(eq(invitations.workspaceId, workspace), eq(invitations.mailJob, job)));
}

export type Accepting = {
  invitation: InvitationId;
  userId: string;
  email: string;
  name: string;
  /** The id for a person who was never in this workspace; who comes back keeps their own. */
  operator: OperatorId;
};

/**
 * Turns an invitation into a membership: once, before it expires, and only for the address it was sent to.
 * Null when there is no such invitation for this person.
 */
export async function acceptInvitation(
  db: D1Database,
  accepting: Accepting,
  now: number,
): Promise<OperatorRow | null> {
  const d1 = drizzle(db);
  const waiting = and(
    eq(invitations.id, accepting.invitation),
    eq(invitations.email, accepting.email),
    isPending(now),
  );
  // Both statements see the same rows: a batch is one transaction.
  const [joined] = await d1.batch([
    d1
      .insert(operators)
      .select(
        d1
          .select({
            workspaceId: invitations.workspaceId,
            id: sql<OperatorId>`${accepting.operator}`.as("id"),
            userId: sql<string>`${accepting.userId}`.as("user_id"),
            name: sql<string>`${accepting.name}`.as("name"),
            title: sql<string>`''`.as("title"),
            photo: sql<null>`NULL`.as("photo"),
            role: sql<OperatorRow["role"]>`${invitations.role}`.as("role"),
            status: sql<OperatorRow["status"]>`'online'`.as("status"),
            email: sql<string>`${accepting.email}`.as("email"),
            createdAt: sql<number>`${now}`.as("created_at"),
            removedAt: sql<null>`NULL`.as("removed_at"),
          })
          .from(invitations)
          .where(waiting),
      )
      .onConflictDoUpdate({
        target: [operators.userId, operators.workspaceId],
        set: {
          name: sql`excluded.name`,
          role: sql`CASE WHEN ${operators.removedAt} IS NULL THEN ${operators.role} ELSE excluded.role END`,
          status: "online",
          email: sql`excluded.email`,
          createdAt: sql`CASE WHEN ${operators.removedAt} IS NULL THEN ${operators.createdAt} ELSE excluded.created_at END`,
          removedAt: null,
        },
      })
      .returning(),
    // A second invitation of the same person to the same workspace is used up with it.
    d1
      .update(invitations)
      .set({ acceptedAt: now })
      .where(
        and(
          eq(invitations.email, accepting.email),
          inArray(
            invitations.workspaceId,
            d1.select({ workspaceId: invitations.workspaceId }).from(invitations).where(waiting),
          ),
          isPending(now),
        ),
      ),
  ]);
  return joined[0] ?? null;
}
