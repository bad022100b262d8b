import type { TriggerId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { newId } from "../../protocol/ids.ts";
import type { Delivery } from "../../protocol/triggers.ts";

/** Deliveries as visitors' objects hold them, and as the projection writes them. */

export type DeliveryRow = { visitor: VisitorId; delivery: Delivery };

/** A delivery that was sent and nothing more, changed as said. */
export function deliveryOf(trigger: TriggerId, change: Partial<Delivery> = {}): Delivery {
  return {
    id: newId("dlv", change.decidedAt ?? 1),
    trigger,
    version: 1,
    name: "Cart left behind",
    variant: "a",
    variantName: "A",
    action: "chat",
    state: "sent",
    reason: null,
    detail: null,
    firedAt: 1,
    decidedAt: 1,
    deliveredAt: null,
    seenAt: null,
    clickedAt: null,
    answeredAt: null,
    closedAt: null,
    goalAt: null,
    goalValue: null,
    goalOrder: null,
    code: null,
    ...change,
  };
}

/** Puts rows into the table that figures are counted from. */
export async function insertDeliveries(
  db: D1Database,
  workspace: WorkspaceId,
  rows: DeliveryRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    await db
      .prepare(
        `INSERT INTO deliveries
           (workspace_id, id, visitor_id, trigger_id, trigger_version, variant, state, reason, decided_at, seen_at,
            clicked_at, answered_at, closed_at, goal_at, goal_minor, goal_currency, body, version)
         SELECT ?1, d ->> 'id', visitor, d ->> 'trigger', d ->> 'version', d ->> 'variant', d ->> 'state',
                d ->> 'reason', d ->> 'decidedAt', d ->> 'seenAt', d ->> 'clickedAt', d ->> 'answeredAt',
                d ->> 'closedAt', d ->> 'goalAt', d ->> '$.goalValue.amountMinor', d ->> '$.goalValue.currency', d, 1
         FROM (SELECT value ->> 'visitor' AS visitor, value -> 'delivery' AS d FROM json_each(?2))`,
      )
      .bind(workspace, JSON.stringify(rows.slice(at, at + 500)))
      .run();
  }
}
