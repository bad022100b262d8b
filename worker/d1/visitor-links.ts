import { livingVisitor } from "../../durable-objects/identifiers/joins.ts";
import type { OperatorId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { LINKED_MAX } from "../../protocol/limits.ts";
import type { LinkChange } from "../../protocol/linking.ts";

/**
 * Visitors that operators have linked by hand, and those of whom they have said that they are two. A pair is written in
 * one order. A visitor that was joined into another one means that one.
 */

/** A change of two visitors. `at` in epoch milliseconds. */
export type PairChange = {
  workspace: WorkspaceId;
  visitors: readonly [VisitorId, VisitorId];
  by: OperatorId;
  at: number;
};

/**
 * A common table expression of everybody whom links lead to, the visitors of `seeds` among them. SQLite takes the
 * tables of a CROSS JOIN in their order, so that it looks links up by visitor.
 * @param seeds A query of ids, in a statement whose `?1` is the workspace.
 * @param limit At most so many, the nearest first.
 */
export function linkedTo(name: string, seeds: string, limit = -1): string {
  return `${name} (id) AS (
    ${seeds}
    UNION SELECT l.other_id FROM ${name}
      CROSS JOIN visitor_links l ON l.workspace_id = ?1 AND l.one_id = ${name}.id
    UNION SELECT l.one_id FROM ${name}
      CROSS JOIN visitor_links l ON l.workspace_id = ?1 AND l.other_id = ${name}.id
    LIMIT ${limit})`;
}

/** The two of a change, `?2` and `?3`, as they stand in rows. */
const PAIR = `pair (one, other) AS (
  SELECT min(a, b), max(a, b) FROM (SELECT ${livingVisitor("?2")} AS a, ${livingVisitor("?3")} AS b))`;
const BOTH = linkedTo("both", "SELECT one FROM pair UNION SELECT other FROM pair");
const WITH = `WITH RECURSIVE ${PAIR}, ${linkedTo("linked", "SELECT one FROM pair")}, ${BOTH}`;
const IS_PAIR = "workspace_id = ?1 AND one_id = pair.one AND other_id = pair.other";

const MAY_LINK = `pair.one <> pair.other AND pair.other NOT IN (SELECT id FROM linked)
  AND (SELECT count(*) FROM both) <= ${LINKED_MAX}`;
const IS_LINKED = `EXISTS (SELECT 1 FROM visitor_links WHERE ${IS_PAIR})`;
const IS_NEWS = `pair.one <> pair.other AND NOT EXISTS (SELECT 1 FROM distinct_visitors WHERE ${IS_PAIR})`;

/**
 * Links two visitors, if links do not lead from one to the other already.
 * @returns Everybody who is linked with them now; null when they are not, because they would be more than LINKED_MAX.
 */
export async function linkVisitors(
  db: D1Database,
  change: PairChange,
): Promise<VisitorId[] | null> {
  const results = await db.batch<{ id: VisitorId; isTogether: number }>([
    logged(db, change, "linked", MAY_LINK),
    added(db, change, "visitor_links", MAY_LINK),
    db
      .prepare(
        `${WITH} SELECT id, (SELECT other FROM pair) IN (SELECT id FROM linked) AS isTogether FROM both`,
      )
      .bind(change.workspace, ...change.visitors),
  ]);
  const group = results.at(-1)?.results ?? [];
  return group[0]?.isTogether === 1 ? group.map(({ id }) => id) : null;
}

/** Undoes one link, if it is there. @returns Everybody who was linked with the two. */
export async function undoLink(db: D1Database, change: PairChange): Promise<VisitorId[]> {
  const results = await db.batch<{ id: VisitorId }>([
    logged(db, change, "undone", IS_LINKED),
    db
      .prepare(
        `WITH ${PAIR} DELETE FROM visitor_links WHERE workspace_id = ?1
         AND one_id = (SELECT one FROM pair) AND other_id = (SELECT other FROM pair)`,
      )
      .bind(change.workspace, ...change.visitors),
    everybodyOf(db, change),
  ]);
  return (results.at(-1)?.results ?? []).map(({ id }) => id);
}

/** Says that two visitors are not the same person, once. @returns Everybody who is linked with the two. */
export async function dismissPair(db: D1Database, change: PairChange): Promise<VisitorId[]> {
  const results = await db.batch<{ id: VisitorId }>([
    logged(db, change, "dismissed", IS_NEWS),
    added(db, change, "distinct_visitors", IS_NEWS),
    everybodyOf(db, change),
  ]);
  return (results.at(-1)?.results ?? []).map(({ id }) => id);
}

function everybodyOf(db: D1Database, { workspace, visitors }: PairChange): D1PreparedStatement {
  return db.prepare(`${WITH} SELECT id FROM both`).bind(workspace, ...visitors);
}

function logged(
  db: D1Database,
  { workspace, visitors, by, at }: PairChange,
  what: LinkChange["what"],
  condition: string,
): D1PreparedStatement {
  return db
    .prepare(
      `${WITH} INSERT INTO link_changes (workspace_id, one_id, other_id, at, what, by)
       SELECT ?1, pair.one, pair.other, ?4, ?5, ?6 FROM pair WHERE ${condition} ON CONFLICT DO NOTHING`,
    )
    .bind(workspace, ...visitors, at, what, by);
}

function added(
  db: D1Database,
  { workspace, visitors, by, at }: PairChange,
  table: "visitor_links" | "distinct_visitors",
  condition: string,
): D1PreparedStatement {
  return db
    .prepare(
      `${WITH} INSERT INTO ${table} (workspace_id, one_id, other_id, by, at)
       SELECT ?1, pair.one, pair.other, ?5, ?4 FROM pair WHERE ${condition} ON CONFLICT DO NOTHING`,
    )
    .bind(workspace, ...visitors, at, by);
}
