import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";

/** Which visitors are joined into which: decided in D1, so that no two can be joined into one another. */

/** Joins are followed this far at once; a longer chain is followed step by step by its objects. */
const CHAIN_MAX = 100;

/**
 * SQL for the visitor that an expression names, or the one that it was joined into by now; null for null.
 * @param visitor In a statement whose `?1` is the workspace. It stands inside a query of its own.
 */
export function livingVisitor(visitor: string): string {
  return `(WITH RECURSIVE chain (id, steps) AS (
             SELECT ${visitor}, 0
             UNION ALL
             SELECT j.into_id, steps + 1 FROM chain
             JOIN joined_visitors j ON j.workspace_id = ?1 AND j.visitor_id = chain.id
             WHERE steps < ${CHAIN_MAX})
           SELECT id FROM chain ORDER BY steps DESC LIMIT 1)`;
}

/**
 * Joins a visitor into another one, or into whose that one is by now, once and for good: done again, or with somebody
 * else, it changes nothing. What D1 shows of the joined one is taken away in the same transaction, and no late projection
 * brings it back. What operators have said about it and another one, they have said about its heir.
 * @returns Whose it is: the end of the chain, which is the visitor itself where the other one was joined into it before.
 */
export async function claimJoin(
  db: D1Database,
  workspace: WorkspaceId,
  visitor: VisitorId,
  into: VisitorId,
  now: number,
): Promise<VisitorId> {
  const joined =
    "(SELECT visitor_id FROM joined_visitors WHERE workspace_id = ?1 AND visitor_id = ?2)";
  const results = await db.batch<{ visitor: VisitorId }>([
    db
      .prepare(
        `INSERT INTO joined_visitors (workspace_id, visitor_id, into_id, joined_at)
         SELECT ?1, ?2, living, ?4 FROM (SELECT ${livingVisitor("?3")} AS living)
         WHERE living <> ?2 AND NOT EXISTS
           (SELECT 1 FROM joined_visitors WHERE workspace_id = ?1 AND visitor_id = living)
         ON CONFLICT DO NOTHING`,
      )
      .bind(workspace, visitor, into, now),
    ...["visitor_links", "distinct_visitors"].flatMap((table) => [
      db.prepare(movedPairs(table, joined)).bind(workspace, visitor),
      db
        .prepare(
          `DELETE FROM ${table} WHERE workspace_id = ?1 AND (one_id = ${joined} OR other_id = ${joined})`,
        )
        .bind(workspace, visitor),
    ]),
    ...["visitors", "segment_members", "known_as", "deliveries"].map((table) =>
      db
        .prepare(
          `DELETE FROM ${table} WHERE workspace_id = ?1
           AND ${table === "visitors" ? "id" : "visitor_id"} IN ${joined}`,
        )
        .bind(workspace, visitor),
    ),
    db
      .prepare(
        `SELECT ${livingVisitor(`coalesce(
           (SELECT into_id FROM joined_visitors WHERE workspace_id = ?1 AND visitor_id = ?2), ?3)`)} AS visitor`,
      )
      .bind(workspace, visitor, into),
  ]);
  const end = results.at(-1)?.results[0]?.visitor;
  if (end === undefined) throw new Error("a chain of joins has an end");
  return end;
}

/** SQL that writes for the heir of `?2` every pair that a table holds of it, but for one of the heir with itself. */
function movedPairs(table: string, joined: string): string {
  return `INSERT INTO ${table} (workspace_id, one_id, other_id, by, at)
    SELECT ?1, min(rest, heir), max(rest, heir), by, at FROM (
      SELECT iif(one_id = ?2, other_id, one_id) AS rest, ${livingVisitor(joined)} AS heir, by, at FROM ${table}
      WHERE workspace_id = ?1 AND (one_id = ?2 OR other_id = ?2))
    WHERE heir IS NOT NULL AND rest <> heir
    ON CONFLICT DO NOTHING`;
}
