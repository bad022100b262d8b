/** Instants and durations in words. `now` and the zone are arguments, so that every line can be tested. */

export type Zone = { timeZone?: string };
export type Clock = Zone & { now: number; locale?: string };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, clock: Clock, options: Intl.DateTimeFormatOptions): string {
  const key = `${clock.locale}|${clock.timeZone}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(clock.locale, { ...options, timeZone: clock.timeZone });
    formats.set(key, found);
  }
  return found.format(at);
}

/** The calendar day of an instant in the clock's zone, as a number that grows by one each day. */
export function dayNumber(at: number, zone: Zone): number {
  const parts = format(
    at,
    { ...zone, now: 0, locale: "en-CA" },
    { year: "numeric", month: "2-digit", day: "2-digit" },
  );
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS);
}

/** "now", "4 min", "3 h", "Tue", "12 Mar", "12 Mar 2024": short, for lists. */
export function relativeTime(at: number, clock: Clock): string {
  const age = clock.now - at;
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`;
  if (dayNumber(clock.now, clock) - dayNumber(at, clock) < 7)
    return format(at, clock, { weekday: "short" });
  return shortDate(at, clock);
}

/** A moment of the past for the middle of a sentence: "just now", "4 min ago", "on Tue", "on 12 Mar". */
export function agoWords(at: number, clock: Clock): string {
  const words = relativeTime(at, clock);
  if (words === "now") return "just now";
  return clock.now - at < DAY_MS ? `${words} ago` : `on ${words}`;
}

function shortDate(at: number, clock: Clock): string {
  const isThisYear =
    format(at, clock, { year: "numeric" }) === format(clock.now, clock, { year: "numeric" });
  return format(at, clock, {
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

/** "Today", "Yesterday", "Tuesday", "12 March", "12 March 2024": for separators between days. */
export function dayWords(at: number, clock: Clock): string {
  const days = dayNumber(clock.now, clock) - dayNumber(at, clock);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days > 1 && days < 7) return format(at, clock, { weekday: "long" });
  const isThisYear =
    format(at, clock, { year: "numeric" }) === format(clock.now, clock, { year: "numeric" });
  return format(at, clock, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

/** "today at 14:02", "Tuesday at 9:15", "12 March at 9:15": for the middle of a sentence. */
export function momentWords(at: number, clock: Clock): string {
  const day = dayWords(at, clock);
  return `${day === "Today" || day === "Yesterday" ? day.toLowerCase() : day} at ${clockTime(at, clock)}`;
}

/** The time of day, "14:02". */
export function clockTime(at: number, clock: Clock): string {
  return format(at, clock, { hour: "numeric", minute: "2-digit" });
}

/** Everything, for hovering: "Tuesday, 12 March 2024 at 14:02:31". */
export function fullTime(at: number, clock: Clock): string {
  return format(at, clock, { dateStyle: "full", timeStyle: "medium" });
}

/** "12 s", "4 min", "1 h 5 min", "3 days". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day" : `${days} days`;
}

/** The largest unit alone: "12 s", "4 min", "9 h", "3 days"; for where there is little room. */
export function roughDuration(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  return hours >= 1 && hours < 24 ? `${hours} h` : duration(ms);
}

/** A running time as a stop-watch shows it: "0:07", "12:40", "1:02:05". */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
