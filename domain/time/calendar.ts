import { DAY_MS, instantOf } from "./zone.ts";

/** The days of one time zone, each from its first local midnight to the next day's. */
export type Calendar = {
  /** The day that an instant belongs to. Never falls as time goes on, whatever the clocks do. */
  dayOf(instant: number): number;
  /** When a day begins. */
  startOf(day: number): number;
};

const ZONES_MAX = 100;
const DAYS_MAX = 5_000;
/** Instants beyond these are outside of what `Date` can tell. */
const DAY_LAST = 99_999_990;

const calendars = new Map<string, Calendar>();

/**
 * The calendar of an IANA time zone. What it has worked out is remembered.
 * @throws RangeError for a zone that the runtime does not know, once it is asked.
 */
export function calendarOf(timeZone: string): Calendar {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    calendar = newCalendar(timeZone);
    if (calendars.size >= ZONES_MAX) calendars.clear();
    calendars.set(timeZone, calendar);
  }
  return calendar;
}

function newCalendar(timeZone: string): Calendar {
  const starts = new Map<number, number>();
  const startOf = (day: number): number => {
    if (Math.abs(day) >= DAY_LAST) return day * DAY_MS;
    let start = starts.get(day);
    if (start === undefined) {
      start = instantOf(timeZone, day, 0);
      if (starts.size >= DAYS_MAX) starts.clear();
      starts.set(day, start);
    }
    return start;
  };
  const dayOf = (instant: number): number => {
    // No zone is more than a day ahead of UTC or behind it.
    let day = Math.floor(instant / DAY_MS) + 1;
    while (startOf(day) > instant) day--;
    return day;
  };
  return { dayOf, startOf };
}
