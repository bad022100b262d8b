import type { OpeningHours } from "../../protocol/settings.ts";
import { DAY_MS, instantOf, offsetAt } from "../time/zone.ts";

/**
 * Opening hours in the workspace's own time zone. A day whose end is not after its start runs past midnight
 * into the next one. All instants are epoch milliseconds.
 */

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
