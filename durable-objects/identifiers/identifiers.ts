import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import { livingVisitor } from "./joins.ts";

/** Whose a proven identifier is. One identifier has one visitor per workspace. */

type Named = { workspace: WorkspaceId; kind: IdentifierKind; value: string };

/** The visitor that mails from an address have made, or whose that one is by now. Nobody proves it without reading them. */
const HOME = livingVisitor(
  "(SELECT visitor_id FROM mail_visitors WHERE workspace_id = ?1 AND ?2 = 'email' AND address = ?3)",
);

/**
 * Gives an identifier to a visitor if nobody has it; an address that mails came from before goes to the visitor which
 * those have made. Done again it changes nothing.
 * @returns Whose it is.
 */
export async function claimIdentifier(
  db: D1Database,
  { workspace, kind, value }: Named,
  visitor: VisitorId,
  now: number,
): Promise<VisitorId> {
  const [, held] = await db.batch<{ visitor: VisitorId }>([
    db
      .prepare(
        `INSERT INTO identifiers (workspace_id, kind, value, visitor_id, since)
         VALUES (?1, ?2, ?3, coalesce(${HOME}, ?4), ?5) ON CONFLICT DO NOTHING`,
      )
      .bind(workspace, kind, value, visitor, now),
    db
      .prepare(
        `SELECT visitor_id AS visitor FROM identifiers
         WHERE workspace_id = ? AND kind = ? AND value = ?`,
      )
      .bind(workspace, kind, value),
  ]);
  const holder = held?.results[0]?.visitor;
  if (holder === undefined) throw new Error("an identifier that was just given is nobody's");
  return holder;
}

/** Passes an identifier on, if it still is `from`'s. */
export async function passIdentifier(
  db: D1Database,
  { workspace, kind, value }: Named,
  from: VisitorId,
  to: VisitorId,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE identifiers SET visitor_id = ?5, since = ?6
       WHERE workspace_id = ?1 AND kind = ?2 AND value = ?3 AND visitor_id = ?4`,
    )
    .bind(workspace, kind, value, from, to, now)
    .run();
}
