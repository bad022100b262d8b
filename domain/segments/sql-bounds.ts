import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId } from "../../protocol/ids.ts";
import { calendarOf } from "../time/calendar.ts";
import { leafBounds } from "./sql-bounds-leaf.ts";
import { allOf, anyOf, FALSE, negated, UNDECIDED, type Pair } from "./sql-bounds-pair.ts";
import type { TimeContext } from "./sql-bounds-time.ts";
import { SqlValues } from "./sql-bounds-values.ts";

/**
 * An expression of 0 or 1 over a row `v` of D1's `visitors`. It reads its values from `?2`, which is bound to the one
 * of `params`; `?1` is left for the workspace, and `?3` and on for the statement around it.
 */
export type SqlCondition = { sql: string; params: (string | number)[] };

/** Whoever passes `lower` belongs, whoever does not pass `upper` does not; both have the same parameters. */
export type Bounds = {
  lower: SqlCondition;
  upper: SqlCondition;
  /** Whether both say the same of everybody. */
  isExact: boolean;
};

export type BoundsOptions = {
  /** By the product's clock. */
  now: number;
  /** IANA name; counts calendar days. */
  timeZone: string;
  segments: ReadonlyMap<SegmentId, Condition>;
  /** Leaves undecided what time alone may change: the upper bound then holds whoever may come to belong. */
  relaxTime?: boolean;
};

/** What one bound may take of a statement, which D1 reads up to 100,000 bytes of; it may carry both. */
const SQL_MAX_CHARS = 40_000;
/** Segments that stand in one another beyond this are left undecided: D1 takes expressions a hundred levels deep. */
const SEGMENT_DEPTH_MAX = 3;

/**
 * What D1's projections can tell about a condition: whoever belongs for sure, and whoever may. Segments stand for their
 * conditions; what is too large for a statement is left undecided.
 */
export function compileBounds(condition: Condition, options: BoundsOptions): Bounds {
  const { now, timeZone, segments, relaxTime = false } = options;
  const values = new SqlValues();
  const context = { now, calendar: calendarOf(timeZone), isRelaxed: relaxTime };
  const { lower, upper } = new Compiler(context, segments, values).bounds(condition, 0);
  const params = [values.toJson()];
  return {
    lower: { sql: `(${lower} AND ?2 IS NOT NULL)`, params },
    upper: { sql: `(${upper} AND ?2 IS NOT NULL)`, params },
    isExact: lower === upper,
  };
}

class Compiler {
  readonly #context: TimeContext;
  readonly #segments: ReadonlyMap<string, Condition>;
  readonly #values: SqlValues;
  #room = SQL_MAX_CHARS;

  constructor(
    context: TimeContext,
    segments: ReadonlyMap<SegmentId, Condition>,
    values: SqlValues,
  ) {
    this.#context = context;
    this.#segments = segments;
    this.#values = values;
  }

  bounds(condition: Condition, depth: number): Pair {
    if (condition.type === "all") return allOf(condition.of.map((one) => this.bounds(one, depth)));
    if (condition.type === "any") return anyOf(condition.of.map((one) => this.bounds(one, depth)));
    if (condition.type === "not") return negated(this.bounds(condition.of, depth));
    if (condition.type === "segment") {
      const inner = this.#segment(condition.segment, depth);
      return condition.is ? inner : negated(inner);
    }
    if (this.#room <= 0) return UNDECIDED;
    const pair = leafBounds(condition, this.#context, this.#values);
    this.#room -= Math.max(pair.lower.length, pair.upper.length) + WORD_CHARS;
    return this.#room < 0 ? UNDECIDED : pair;
  }

  #segment(id: string, depth: number): Pair {
    const condition = this.#segments.get(id);
    if (condition === undefined) return FALSE;
    return depth >= SEGMENT_DEPTH_MAX || this.#room <= 0
      ? UNDECIDED
      : this.bounds(condition, depth + 1);
  }
}

/** Of the word that joins a condition to the next, and its parentheses. */
const WORD_CHARS = 16;
