import { placeholderName } from "../../domain/visitors/placeholder.ts";
import type { DeliveryId, VisitorId } from "../../protocol/ids.ts";
import { LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import type { FigurePeople } from "../../protocol/triggers-api.ts";
import type { Delivery, SkipReason } from "../../protocol/triggers.ts";
import { COUNTS, IN_SCOPE, scoped, type Figure, type Scope } from "./deliveries.ts";

/** The people behind one number. */
export type PeopleQuery = {
  scope: Scope;
  figure: Figure;
  variant: string | null;
  reason: SkipReason | null;
  after: DeliveryPosition | null;
};
/** The last row of the page before. */
export type DeliveryPosition = { decidedAt: number; visitor: VisitorId; delivery: DeliveryId };

/** One page of the deliveries that a figure counts, the newest first, with whose they are. */
export async function listFigurePeople(
  db: D1Database,
  { scope, figure, variant, reason, after }: PeopleQuery,
): Promise<{ people: FigurePeople["people"]; last: DeliveryPosition | null }> {
  const { results } = await db
    .prepare(
      `SELECT d.visitor_id AS id, d.id AS delivery, d.body, d.decided_at AS decidedAt, v.name, v.placeholder,
              v.email, v.last_seen_at AS lastSeenAt, v.country
       FROM deliveries d LEFT JOIN visitors v ON v.workspace_id = d.workspace_id AND v.id = d.visitor_id
       WHERE ${IN_SCOPE} AND ${COUNTS[figure]}
         AND (?5 IS NULL OR d.variant = ?5) AND (?6 IS NULL OR d.reason = ?6)
         AND d.decided_at <= ?7 AND (d.decided_at < ?7 OR (d.visitor_id, d.id) > (?8, ?9))
       ORDER BY d.decided_at DESC, d.visitor_id, d.id
       LIMIT ?10`,
    )
    .bind(
      ...scoped(scope),
      variant,
      reason,
      after?.decidedAt ?? Number.MAX_SAFE_INTEGER,
      after?.visitor ?? "",
      after?.delivery ?? "",
      LIST_PAGE_SIZE + 1,
    )
    .all<PersonOfDelivery>();
  const rows = results.slice(0, LIST_PAGE_SIZE);
  const last = rows.at(-1);
  return {
    people: rows.map((row) => ({
      id: row.id,
      name: row.name,
      placeholder: row.placeholder ?? placeholderName(row.id),
      email: row.email,
      // A delivery may be written before its person.
      lastSeenAt: row.lastSeenAt ?? row.decidedAt,
      country: row.country,
      // Written by the projection consumer alone, from the object's own delivery.
      delivery: JSON.parse(row.body) as Delivery,
    })),
    last:
      results.length > LIST_PAGE_SIZE && last
        ? { decidedAt: last.decidedAt, visitor: last.id, delivery: last.delivery }
        : null,
  };
}

type PersonOfDelivery = {
  id: VisitorId;
  delivery: DeliveryId;
  body: string;
  decidedAt: number;
  name: string | null;
  placeholder: string | null;
  email: string | null;
  lastSeenAt: number | null;
  country: string | null;
};
