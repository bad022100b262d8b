import type { OpeningHours } from "../../../../protocol/settings.ts";

/** The week of opening hours, Monday first. */

export const DAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

type Day = OpeningHours["week"][number];

/** A usual working week, to begin with. */
export function everyDay(timeZone: string): OpeningHours {
  return {
    timeZone,
    week: DAYS.map((_, index) => (index < 5 ? { from: "09:00", to: "18:00" } : null)),
  };
}

export const withDay = (hours: OpeningHours, index: number, day: Day): OpeningHours => ({
  ...hours,
  week: hours.week.map((held, at) => (at === index ? day : held)),
});

/** What is wrong with the hours, in words, or null. */
export function problemOf(hours: OpeningHours): string | null {
  for (const [index, day] of hours.week.entries()) {
    if (day === null) continue;
    if (day.from === "" || day.to === "") return `Fill in both times of ${DAYS[index]}.`;
    if (day.from >= day.to) return `${DAYS[index]} ends before it begins.`;
  }
  return null;
}

/** Every zone that the browser knows, and the one in use. */
export function zones(used: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(used) ? known : [used, ...known];
}
