import { DAY_MS, instantOf, offsetAt } from "../../domain/time/zone.ts";

/** A day of a time zone: its date as YYYY-MM-DD, and its first instant. */
export type Day = { day: string; from: number };

/**
 * The last days of a time zone, today included, the earliest first. A day may have 23 or 25 hours; each one ends
 * where the next begins.
 */
export function lastDays(timeZone: string, days: number, now: number): Day[] {
  const today = Math.floor((now + offsetAt(timeZone, now)) / DAY_MS);
  return Array.from({ length: days }, (_, index) => {
    const day = today - days + 1 + index;
    return {
      day: new Date(day * DAY_MS).toISOString().slice(0, 10),
      from: instantOf(timeZone, day, 0),
    };
  });
}
