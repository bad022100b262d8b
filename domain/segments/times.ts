import type { Span, TimeTest } from "../../protocol/conditions.ts";
import type { Json } from "../../protocol/json.ts";
import type { Calendar } from "../time/calendar.ts";

/**
 * What became of a condition. `until` is an instant before which time alone does not change it, `Infinity` where time
 * never does; it may be too early, never too late.
 */
export type Verdict = { holds: boolean; until: number };

export const ALWAYS: Verdict = { holds: true, until: Infinity };
export const NEVER: Verdict = { holds: false, until: Infinity };

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The first instant at which something is longer ago than a span. */
export function leavesAt(span: Span, at: number, calendar: Calendar): number {
  if (span.unit === "calendar_day") return calendar.startOf(calendar.dayOf(at) + span.n);
  return at + span.n * UNIT_MS[span.unit] + 1;
}

/**
 * What a time test means. What never happened passes `never` alone. What lies ahead is not longer ago than any span,
 * so it passes `within`. `before` and `after` leave out the instant itself.
 */
export function timeVerdict(
  test: TimeTest,
  at: number | undefined,
  now: number,
  calendar: Calendar,
): Verdict {
  if (at === undefined) return test.op === "never" ? ALWAYS : NEVER;
  switch (test.op) {
    case "within": {
      const until = leavesAt(test.span, at, calendar);
      return now < until ? { holds: true, until } : NEVER;
    }
    case "before_span": {
      const until = leavesAt(test.span, at, calendar);
      return now < until ? { holds: false, until } : ALWAYS;
    }
    case "before":
      return at < test.at ? ALWAYS : NEVER;
    case "after":
      return at > test.at ? ALWAYS : NEVER;
    case "ever":
      return ALWAYS;
    case "never":
      return NEVER;
  }
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const INSTANT_MAX = 8_640_000_000_000_000;

/**
 * The instant that a property holds: epoch milliseconds, or ISO 8601 text, which means UTC where it names no offset.
 * Anything else holds none.
 */
export function instantIn(value: Json | undefined): number | undefined {
  if (typeof value === "number")
    return Math.abs(value) <= INSTANT_MAX ? Math.floor(value) : undefined;
  if (typeof value !== "string") return undefined;
  const match = ISO.exec(value);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  const fraction = Number(`${match[7] ?? ""}000`.slice(0, 3));
  instant.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0, fraction);
  return instant.getTime() - offsetMs(match[8]);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined || offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}
