import type { TriggerId, WorkspaceId } from "../../protocol/ids.ts";
import type { FIGURES, TriggerTotals } from "../../protocol/triggers-api.ts";
import type { DeliveryState, SkipReason } from "../../protocol/triggers.ts";

/**
 * Figures of triggers, counted from the rows of deliveries alone. Everything walks the index by trigger and time,
 * so no more is read than was decided in the time asked about.
 */

/** Whose deliveries are looked at: of one version or of all, decided at `from` or later. */
export type Scope = {
  workspace: WorkspaceId;
  trigger: TriggerId;
  version: number | null;
  from: number;
};

export type Figure = (typeof FIGURES)[number];

/** What each figure counts. The people behind a number are listed by the same words. */
export const COUNTS = {
  eligible: "1",
  sent: "d.state = 'sent'",
  held_out: "d.state = 'held_out'",
  skipped: "d.state = 'skipped'",
  seen: "(d.state = 'sent' AND d.seen_at IS NOT NULL)",
  clicked: "(d.state = 'sent' AND d.clicked_at IS NOT NULL)",
  answered: "(d.state = 'sent' AND d.answered_at IS NOT NULL)",
  closed: "(d.state = 'sent' AND d.closed_at IS NOT NULL)",
  goal: "(d.state = 'sent' AND d.goal_at IS NOT NULL)",
  goal_held_out: "(d.state = 'held_out' AND d.goal_at IS NOT NULL)",
} as const satisfies Record<Figure, string>;

/** The rows of a `Scope`, bound as `scoped` says. */
export const IN_SCOPE = `d.workspace_id = ?1 AND d.trigger_id = ?2 AND d.decided_at >= ?3
  AND (?4 IS NULL OR d.trigger_version = ?4)`;

export function scoped({ workspace, trigger, from, version }: Scope) {
  return [workspace, trigger, from, version] as const;
}

/** Deliveries of one state: `variant` only where they were sent, `reason` only where they were skipped. */
export type Group = {
  state: DeliveryState;
  variant: string | null;
  reason: SkipReason | null;
  deliveries: number;
  people: number;
  seen: number;
  clicked: number;
  answered: number;
  closed: number;
  goal: number;
  goalPeople: number;
};

/** What the goals of a group were worth, refunds subtracted. */
export type Worth = {
  state: DeliveryState;
  variant: string | null;
  currency: string;
  amountMinor: number;
};

/**
 * One side of the comparison: people without those who were both treated and held out. `variant` is null for all
 * of a side together; of them `reached` came to the goal.
 */
export type Side = {
  state: "sent" | "held_out";
  variant: string | null;
  people: number;
  reached: number;
};

/** What one side's people bought: the sum over people, and the sum of the squares of what each one bought. */
export type SideWorth = {
  state: "sent" | "held_out";
  currency: string;
  sum: number;
  squares: number;
};

/** `day` counts the days asked for from 0; days without deliveries are absent. */
export type DayCount = {
  day: number;
  sent: number;
  heldOut: number;
  seen: number;
  answered: number;
  goal: number;
};

export type Counted = {
  groups: Group[];
  worths: Worth[];
  sides: Side[];
  sideWorths: SideWorth[];
  contradicting: number;
  days: DayCount[];
};

/** Counts everything as of one state of the rows. `days` are the first instants of days, ascending. */
export async function countDeliveries(
  db: D1Database,
  scope: Scope,
  days: number[],
): Promise<Counted> {
  const values = scoped(scope);
  const [groups, worths, sides, sideWorths, contradicting, perDay] = await db.batch([
    db.prepare(GROUPS).bind(...values),
    db.prepare(WORTHS).bind(...values),
    db.prepare(SIDES).bind(...values),
    db.prepare(SIDE_WORTHS).bind(...values),
    db.prepare(CONTRADICTING).bind(...values),
    db.prepare(DAYS).bind(scope.workspace, scope.trigger, scope.version, JSON.stringify(days)),
  ]);
  // Each statement names the columns of its type.
  return {
    groups: (groups?.results ?? []) as Group[],
    worths: (worths?.results ?? []) as Worth[],
    sides: (sides?.results ?? []) as Side[],
    sideWorths: (sideWorths?.results ?? []) as SideWorth[],
    contradicting: ((contradicting?.results ?? []) as { people: number }[])[0]?.people ?? 0,
    days: (perDay?.results ?? []) as DayCount[],
  };
}

const VARIANT = "CASE WHEN d.state = 'sent' THEN d.variant END";
const REASON = "CASE WHEN d.state = 'skipped' THEN d.reason END";

const GROUPS = `
  SELECT d.state, ${VARIANT} AS variant, ${REASON} AS reason,
         count(*) AS deliveries, count(DISTINCT d.visitor_id) AS people,
         sum(${COUNTS.seen}) AS seen, sum(${COUNTS.clicked}) AS clicked, sum(${COUNTS.answered}) AS answered,
         sum(${COUNTS.closed}) AS closed, sum(${COUNTS.goal} OR ${COUNTS.goal_held_out}) AS goal,
         count(DISTINCT CASE WHEN ${COUNTS.goal} OR ${COUNTS.goal_held_out} THEN d.visitor_id END) AS goalPeople
  FROM deliveries d WHERE ${IN_SCOPE}
  GROUP BY 1, 2, 3`;

const IS_WORTH =
  "d.goal_at IS NOT NULL AND d.goal_minor IS NOT NULL AND d.goal_currency IS NOT NULL";

const WORTHS = `
  SELECT d.state, ${VARIANT} AS variant, d.goal_currency AS currency, sum(d.goal_minor) AS amountMinor
  FROM deliveries d WHERE ${IN_SCOPE} AND d.state IN ('sent', 'held_out') AND ${IS_WORTH}
  GROUP BY 1, 2, 3`;

const EXPOSED = `
  WITH exposed AS MATERIALIZED (
    SELECT d.visitor_id, d.state, d.variant, d.goal_at IS NOT NULL AS reached,
           CASE WHEN ${IS_WORTH} THEN d.goal_currency END AS currency, d.goal_minor AS minor
    FROM deliveries d WHERE ${IN_SCOPE} AND d.state IN ('sent', 'held_out')
  ),
  one_sided AS (
    SELECT visitor_id FROM exposed GROUP BY visitor_id HAVING min(state) = max(state)
  )`;

const SIDES = `${EXPOSED},
  person AS (
    SELECT visitor_id, state, variant, max(reached) AS reached
    FROM exposed WHERE visitor_id IN one_sided GROUP BY 1, 2, 3
  )
  SELECT state, variant, count(*) AS people, sum(reached) AS reached
  FROM person WHERE state = 'sent' GROUP BY 1, 2
  UNION ALL
  SELECT state, NULL, count(*), sum(reached)
  FROM (SELECT visitor_id, state, max(reached) AS reached FROM person GROUP BY 1, 2) GROUP BY 1`;

const SIDE_WORTHS = `${EXPOSED},
  person AS (
    SELECT visitor_id, state, currency, sum(minor) AS minor
    FROM exposed WHERE visitor_id IN one_sided AND currency IS NOT NULL GROUP BY 1, 2, 3
  )
  SELECT state, currency, sum(minor) AS sum, sum(CAST(minor AS REAL) * minor) AS squares
  FROM person GROUP BY 1, 2`;

const CONTRADICTING = `${EXPOSED}
  SELECT count(DISTINCT visitor_id) AS people FROM exposed WHERE visitor_id NOT IN one_sided`;

const DAYS = `
  WITH day AS (
    SELECT key AS day, value AS begins, lead(value, 1, 9007199254740991) OVER (ORDER BY key) AS ends
    FROM json_each(?4)
  )
  SELECT day.day, sum(${COUNTS.sent}) AS sent, sum(${COUNTS.held_out}) AS heldOut, sum(${COUNTS.seen}) AS seen,
         sum(${COUNTS.answered}) AS answered, sum(${COUNTS.goal}) AS goal
  FROM day CROSS JOIN deliveries d
  WHERE d.workspace_id = ?1 AND d.trigger_id = ?2 AND (?3 IS NULL OR d.trigger_version = ?3)
    AND d.decided_at >= day.begins AND d.decided_at < day.ends
  GROUP BY 1 ORDER BY 1`;

/** Totals of every trigger that decided something at `from` or later, by one pass over those deliveries. */
export async function countTotals(
  db: D1Database,
  workspace: WorkspaceId,
  from: number,
): Promise<Map<TriggerId, TriggerTotals>> {
  const { results } = await db
    .prepare(
      `SELECT d.trigger_id AS trigger, CASE WHEN ${COUNTS.goal} AND ${IS_WORTH} THEN d.goal_currency END AS currency,
              sum(${COUNTS.sent}) AS sent, sum(${COUNTS.seen}) AS seen, sum(${COUNTS.answered}) AS answered,
              sum(${COUNTS.goal}) AS goal, sum(d.goal_minor) AS amountMinor
       FROM triggers t CROSS JOIN deliveries d
       WHERE t.workspace_id = ?1 AND d.workspace_id = ?1 AND d.trigger_id = t.id AND d.decided_at >= ?2
       GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .bind(workspace, from)
    .all<
      Omit<TriggerTotals, "revenue"> & {
        trigger: TriggerId;
        currency: string | null;
        amountMinor: number;
      }
    >();
  const totals = new Map<TriggerId, TriggerTotals>();
  for (const { trigger, currency, amountMinor, ...counts } of results) {
    const held = totals.get(trigger) ?? { sent: 0, seen: 0, answered: 0, goal: 0, revenue: [] };
    totals.set(trigger, {
      sent: held.sent + counts.sent,
      seen: held.seen + counts.seen,
      answered: held.answered + counts.answered,
      goal: held.goal + counts.goal,
      revenue: currency === null ? held.revenue : [...held.revenue, { amountMinor, currency }],
    });
  }
  return totals;
}
