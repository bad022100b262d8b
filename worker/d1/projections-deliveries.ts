import type { ProjectDeliveries } from "../../protocol/jobs.ts";
import type { State } from "./projections.ts";

/** One row for each delivery; its state's version says which of two is the newer. */
export function deliveryRows({ workspace, visitor, deliveries }: ProjectDeliveries): State[] {
  return deliveries.map(({ stateVersion, ...delivery }) => ({
    key: `${workspace}:${visitor}:${delivery.id}`,
    version: stateVersion,
    row: JSON.stringify({ workspace, visitor, version: stateVersion, delivery }),
  }));
}

export const UPSERT_DELIVERIES = `
  INSERT INTO deliveries
    (workspace_id, id, visitor_id, trigger_id, trigger_version, variant, state, reason, decided_at, seen_at,
     clicked_at, answered_at, closed_at, goal_at, goal_minor, goal_currency, body, version)
  SELECT value ->> 'workspace', value ->> '$.delivery.id', value ->> 'visitor', value ->> '$.delivery.trigger',
         value ->> '$.delivery.version', value ->> '$.delivery.variant', value ->> '$.delivery.state',
         value ->> '$.delivery.reason', value ->> '$.delivery.decidedAt', value ->> '$.delivery.seenAt',
         value ->> '$.delivery.clickedAt', value ->> '$.delivery.answeredAt', value ->> '$.delivery.closedAt',
         value ->> '$.delivery.goalAt', value ->> '$.delivery.goalValue.amountMinor',
         value ->> '$.delivery.goalValue.currency', value -> 'delivery', value ->> 'version'
  FROM json_each(?1) WHERE NOT EXISTS (SELECT 1 FROM joined_visitors j
    WHERE j.workspace_id = value ->> 'workspace' AND j.visitor_id = value ->> 'visitor')
  ON CONFLICT (workspace_id, visitor_id, id) DO UPDATE SET
    trigger_id = excluded.trigger_id, trigger_version = excluded.trigger_version, variant = excluded.variant,
    state = excluded.state, reason = excluded.reason, decided_at = excluded.decided_at, seen_at = excluded.seen_at,
    clicked_at = excluded.clicked_at, answered_at = excluded.answered_at, closed_at = excluded.closed_at,
    goal_at = excluded.goal_at, goal_minor = excluded.goal_minor, goal_currency = excluded.goal_currency,
    body = excluded.body, version = excluded.version
  WHERE excluded.version > deliveries.version`;
