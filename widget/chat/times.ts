import type { TeamAvailability } from "../../protocol/operators.ts";
import { fill, type Texts } from "../languages/texts.ts";

const DAY_MS = 86_400_000;

/** Times as a person of a locale reads them, in their own zone unless another is given. */
export function createTimes(locale: string, timeZone?: string) {
  const format = (options: Intl.DateTimeFormatOptions, at: number, language = locale) =>
    new Intl.DateTimeFormat(language, { timeZone, ...options }).format(at);
  /** The calendar day, as `2026-11-22`. */
  const dayOf = (at: number) =>
    format({ year: "numeric", month: "2-digit", day: "2-digit" }, at, "en-CA");
  /** Whole calendar days from one instant to another. */
  const daysBetween = (from: number, to: number) =>
    Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / DAY_MS);
  const time = (at: number) => format({ hour: "numeric", minute: "2-digit" }, at);
  return {
    dayOf,
    time,
    /** Date and time in full, for whoever wants to know exactly. */
    full: (at: number) => format({ dateStyle: "full", timeStyle: "short" }, at),
    /** "Today", "Yesterday", the weekday within a week, then the date. */
    day(at: number, now: number): string {
      const days = daysBetween(now, at);
      if (days > -2 && days < 1) {
        const word = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
        return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
      }
      if (days > -7 && days < 1) return format({ weekday: "long" }, at);
      return format({ weekday: "long", day: "numeric", month: "long", year: yearOf(now, at) }, at);
    },
    /** Who is there, or when somebody is back. */
    availability({ isOnline, backAt }: TeamAvailability, now: number, texts: Texts): string {
      if (isOnline) return texts.onlineNow;
      if (backAt === null || backAt <= now) return texts.awayNow;
      const days = daysBetween(now, backAt);
      const day = format(
        days < 7 ? { weekday: "long" } : { day: "numeric", month: "long" },
        backAt,
      );
      const text = [texts.backToday, texts.backTomorrow][days] ?? texts.backOn;
      return fill(text, { time: time(backAt), day });
    },
  };

  function yearOf(now: number, at: number) {
    return dayOf(now).slice(0, 4) === dayOf(at).slice(0, 4) ? undefined : ("numeric" as const);
  }
}

export type Times = ReturnType<typeof createTimes>;
