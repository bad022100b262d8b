/** Durations as people say them: a whole number of one unit. */

export type SpanUnit = "minute" | "hour" | "day";
type MsSpan = { n: number; unit: SpanUnit };

const UNIT_MS: Record<SpanUnit, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The largest unit that divides it. A duration that nobody has written yet has no number. */
export function spanOf(ms: number): MsSpan {
  if (!Number.isFinite(ms)) return { n: Number.NaN, unit: "minute" };
  if (ms > 0 && ms % UNIT_MS.day === 0) return { n: ms / UNIT_MS.day, unit: "day" };
  if (ms > 0 && ms % UNIT_MS.hour === 0) return { n: ms / UNIT_MS.hour, unit: "hour" };
  return { n: ms / UNIT_MS.minute, unit: "minute" };
}

export const msOf = ({ n, unit }: MsSpan): number => n * UNIT_MS[unit];

/** "30 minutes", "1 day". */
export function spanWords(ms: number): string {
  const { n, unit } = spanOf(ms);
  const shown = Number.isFinite(n)
    ? n.toLocaleString(undefined, { maximumFractionDigits: 1 })
    : "…";
  return `${shown} ${n === 1 ? unit : `${unit}s`}`;
}
