import type { OpeningHours } from "../../protocol/settings.ts";

/**
 * Opening hours in the workspace's own time zone. A day whose end is not after its start runs past midnight
 * into the next one. All instants are epoch milliseconds.
 */

const DAY_MS = 86_400_000;

type Opening = { from: number; to: number };

/** Whether somebody is expected to be there at this instant. */
export function isOpen(hours: OpeningHours, now: number): boolean {
  // Yesterday's hours may run past midnight.
  return openingsFrom(hours, now, -1, 1).some((opening) => opening.from <= now && now < opening.to);
}

/** When somebody is expected back; null while open, and when every day is closed. */
export function nextOpening(hours: OpeningHours, now: number): number | null {
  if (isOpen(hours, now)) return null;
  const next = openingsFrom(hours, now, 0, 8).find((opening) => opening.from > now);
  return next?.from ?? null;
}

/** Whether the runtime knows this IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The openings of the local days `first` to `last`, counted from the local day of `now`. */
function openingsFrom(hours: OpeningHours, now: number, first: number, last: number): Opening[] {
  const today = Math.floor((now + offsetAt(hours.timeZone, now)) / DAY_MS);
  const openings: Opening[] = [];
  for (let day = today + first; day <= today + last; day++) {
    // 1 January 1970 was a Thursday, and the week starts on Monday.
    const times = hours.week[(((day + 3) % 7) + 7) % 7];
    if (!times) continue;
    const from = minutesOf(times.from);
    const to = minutesOf(times.to);
    const opening = {
      from: instantOf(hours.timeZone, day, from),
      to: instantOf(hours.timeZone, to > from ? day : day + 1, to),
    };
    // A short opening can vanish in the hour that is skipped in spring.
    if (opening.to > opening.from) openings.push(opening);
  }
  return openings;
}

function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}

/**
 * The instant at which a zone's clocks show this time. A time that is skipped in spring means the same
 * distance after the jump; one that happens twice in autumn means the first.
 */
export function instantOf(timeZone: string, day: number, minutes: number): number {
  const local = day * DAY_MS + minutes * 60_000;
  const before = offsetAt(timeZone, local - DAY_MS);
  const after = offsetAt(timeZone, local + DAY_MS);
  const early = local - before;
  if (before === after || offsetAt(timeZone, early) === before) return early;
  const late = local - after;
  return offsetAt(timeZone, late) === after ? late : early;
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(timeZone: string, instant: number): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(instant))
    shown[type] = Number(value);
  const { year = 0, month = 1, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}

/** Making a formatter costs far more than using one, and a workspace has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    if (formatters.size >= 500) formatters.clear();
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
