import { and, asc, count, eq, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { FileId, OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import type { OperatorCard, OperatorRole, OperatorStatus } from "../../protocol/operators.ts";
import { operators, workspaces, type workspaces as Workspaces } from "./schema/workspaces.ts";
import { insertReadyMade } from "./segments-ready-made.ts";

/** A membership: one person in one workspace. */
export type OperatorRow = typeof operators.$inferSelect;

/** What visitors and colleagues see of an operator. */
export function operatorCard(
  row: Pick<OperatorRow, "id" | "name" | "title" | "photo">,
): OperatorCard {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    photo: row.photo && `/files/photos/${row.photo}`,
  };
}

export async function listOperators(
  db: D1Database,
  workspace: WorkspaceId,
): Promise<OperatorRow[]> {
  return drizzle(db)
    .select()
    .from(operators)
    .where(and(eq(operators.workspaceId, workspace), isNull(operators.removedAt)))
    .orderBy(asc(operators.createdAt), asc(operators.id));
}

/** A current operator of this workspace. */
export async function readOperator(
  db: D1Database,
  workspace: WorkspaceId,
  id: OperatorId,
): Promise<OperatorRow | null> {
  const row = await readOperatorEver(db, workspace, id);
  return row?.removedAt === null ? row : null;
}

/** An operator of this workspace, also one who was removed. */
export async function readOperatorEver(
  db: D1Database,
  workspace: WorkspaceId,
  id: OperatorId,
): Promise<OperatorRow | null> {
  const [row] = await drizzle(db)
    .select()
    .from(operators)
    .where(and(eq(operators.workspaceId, workspace), eq(operators.id, id)))
    .limit(1);
  return row ?? null;
}

export async function isOperatorEmail(
  db: D1Database,
  workspace: WorkspaceId,
  email: string,
): Promise<boolean> {
  const [row] = await drizzle(db)
    .select({ id: operators.id })
    .from(operators)
    .where(
      and(
        eq(operators.workspaceId, workspace),
        eq(operators.email, email),
        isNull(operators.removedAt),
      ),
    )
    .limit(1);
  return row !== undefined;
}

export async function updateOperator(
  db: D1Database,
  workspace: WorkspaceId,
  id: OperatorId,
  change: Partial<{
    name: string;
    title: string;
    status: OperatorStatus;
    photo: FileId | null;
    role: OperatorRole;
  }>,
): Promise<OperatorRow | null> {
  const [row] = await drizzle(db)
    .update(operators)
    .set(change)
    .where(
      and(eq(operators.workspaceId, workspace), eq(operators.id, id), isNull(operators.removedAt)),
    )
    .returning();
  return row ?? null;
}

/** Ends a membership. The row stays: what the operator wrote still names them. */
export async function removeOperator(
  db: D1Database,
  workspace: WorkspaceId,
  id: OperatorId,
  now: number,
): Promise<void> {
  await drizzle(db)
    .update(operators)
    .set({ removedAt: now, photo: null })
    .where(
      and(eq(operators.workspaceId, workspace), eq(operators.id, id), isNull(operators.removedAt)),
    );
}

export type Membership = { id: WorkspaceId; name: string; role: OperatorRole; joinedAt: number };

/** The workspaces that one person works in, oldest membership first. */
export async function listMemberships(db: D1Database, userId: string): Promise<Membership[]> {
  return drizzle(db)
    .select({
      id: workspaces.id,
      name: workspaces.name,
      role: operators.role,
      joinedAt: operators.createdAt,
    })
    .from(operators)
    .innerJoin(workspaces, eq(workspaces.id, operators.workspaceId))
    .where(and(eq(operators.userId, userId), isNull(operators.removedAt)))
    .orderBy(asc(operators.createdAt), asc(operators.workspaceId));
}

export async function countOwned(db: D1Database, userId: string): Promise<number> {
  const [row] = await drizzle(db)
    .select({ owned: count() })
    .from(operators)
    .where(
      and(eq(operators.userId, userId), eq(operators.role, "owner"), isNull(operators.removedAt)),
    );
  return row?.owned ?? 0;
}

/** Writes a new workspace together with its owner and the ready-made segments, or nothing. */
export async function createWorkspace(
  db: D1Database,
  workspace: typeof Workspaces.$inferInsert,
  owner: typeof operators.$inferInsert,
): Promise<void> {
  const d1 = drizzle(db);
  const prepared = (query: { toSQL(): { sql: string; params: unknown[] } }) => {
    const { sql, params } = query.toSQL();
    return db.prepare(sql).bind(...params);
  };
  await db.batch([
    prepared(d1.insert(workspaces).values(workspace)),
    prepared(d1.insert(operators).values(owner)),
    insertReadyMade(db, workspace.id, workspace.createdAt),
  ]);
}
