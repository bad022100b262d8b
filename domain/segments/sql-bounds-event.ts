import type { LeafCondition } from "../../protocol/conditions.ts";
import { canonicalName } from "../events/names.ts";
import { exactly, TRUE, unlessCut, type Pair } from "./sql-bounds-pair.ts";
import { isListCut } from "./sql-bounds-property.ts";
import { startOfSpan, timeBounds, type TimeContext } from "./sql-bounds-time.ts";
import type { SqlValues } from "./sql-bounds-values.ts";
import type { EventLeaf } from "./tallies.ts";

/**
 * The card knows of each event how often, and when first and last. So it bounds how often something happened within a
 * span, or with properties that pass filters.
 */
export function eventBounds(leaf: EventLeaf, context: TimeContext, values: SqlValues): Pair {
  const name = values.one(canonicalName(leaf.name));
  const of = (field: string) =>
    `(SELECT ${field} FROM json_each(v.card,'$.events') e WHERE e.value->>'name'=${name})`;
  const pair =
    leaf.type === "event"
      ? countBounds(leaf, of, context, values)
      : momentBounds(leaf, of, context, values);
  return unlessCut(pair, isListCut("events"));
}

const COUNT = "e.value->>'count'";
const FIRST = "e.value->>'firstAt'";
const LAST = "e.value->>'lastAt'";

type Of = (field: string) => string;

function countBounds(
  { where, within, times: { op, n } }: Extract<LeafCondition, { type: "event" }>,
  of: Of,
  context: TimeContext,
  values: SqlValues,
): Pair {
  const isFiltered = where !== undefined && where.length > 0;
  let least = isFiltered ? "0" : COUNT;
  let most = COUNT;
  if (within !== undefined && context.isRelaxed) least = "0";
  else if (within !== undefined) {
    const start = values.one(startOfSpan(within, context));
    const window = (some: string) =>
      `CASE WHEN ${FIRST}>=${start} THEN ${COUNT} WHEN ${LAST}>=${start} THEN ${some} ELSE 0 END`;
    most = window(`${COUNT}-1`);
    least = isFiltered ? "0" : window("1");
  }
  const from = least === "0" ? "0" : `ifnull(${of(least)},0)`;
  const to = `ifnull(${of(most)},0)`;
  if (least === most) {
    const sign = op === "at_least" ? ">=" : op === "at_most" ? "<=" : "=";
    return exactly(`(${from}${sign}${n})`);
  }
  if (op === "at_least")
    return n === 0 ? TRUE : { lower: `(${from}>=${n})`, upper: `(${to}>=${n})` };
  if (op === "at_most") return { lower: `(${to}<=${n})`, upper: `(${from}<=${n})` };
  return { lower: `(${from}=${n} AND ${to}=${n})`, upper: `(${from}<=${n} AND ${to}>=${n})` };
}

function momentBounds(
  { where, which, is }: Extract<LeafCondition, { type: "event_time" }>,
  of: Of,
  context: TimeContext,
  values: SqlValues,
): Pair {
  if (where === undefined || where.length === 0)
    return timeBounds(of(which === "first" ? FIRST : LAST), is, context, values);
  // What passes the filters, if anything does, lies between the first and the last.
  const isEarly = is.op === "before" || is.op === "before_span";
  const { upper } = timeBounds(of(isEarly ? FIRST : LAST), is, context, values);
  return is.op === "never" ? { lower: `(${of(LAST)} IS NULL)`, upper: "1" } : { lower: "0", upper };
}
