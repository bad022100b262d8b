import type { Span, TimeTest } from "../../protocol/conditions.ts";
import type { Calendar } from "../time/calendar.ts";
import { exactly, type Pair } from "./sql-bounds-pair.ts";
import type { SqlValues } from "./sql-bounds-values.ts";

export type TimeContext = {
  now: number;
  calendar: Calendar;
  /** Whether what time alone may change is left undecided. */
  isRelaxed: boolean;
};

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The earliest instant that is not longer ago than a span. */
export function startOfSpan({ n, unit }: Span, { now, calendar }: TimeContext): number {
  if (unit === "calendar_day") return calendar.startOf(calendar.dayOf(now) - n + 1);
  return now - n * UNIT_MS[unit];
}

/** A time test over an expression that is NULL for what never happened. */
export function timeBounds(
  x: string,
  test: TimeTest,
  context: TimeContext,
  values: SqlValues,
): Pair {
  switch (test.op) {
    case "ever":
      return exactly(`(${x} IS NOT NULL)`);
    case "never":
      return exactly(`(${x} IS NULL)`);
    case "before":
      return exactly(`ifnull(${x}<${values.one(test.at)},0)`);
    case "after":
      return exactly(`ifnull(${x}>${values.one(test.at)},0)`);
    case "within":
    case "before_span": {
      if (context.isRelaxed) return { lower: "0", upper: `(${x} IS NOT NULL)` };
      const start = values.one(startOfSpan(test.span, context));
      return exactly(`ifnull(${x}${test.op === "within" ? ">=" : "<"}${start},0)`);
    }
  }
}
