const DAY_MS = 86_400_000;

/** When something was, as short as it is clear: the time today, the weekday within a week, then the date. */
export function createWhen(locale: string, timeZone?: string): (at: number, now: number) => string {
  const format = (at: number, options: Intl.DateTimeFormatOptions, language = locale) =>
    new Intl.DateTimeFormat(language, { timeZone, ...options }).format(at);
  // `2026-11-22`, which is read as midnight UTC: days are whole then.
  const dayOf = (at: number) => Date.parse(format(at, { dateStyle: "short" }, "sv"));
  const yearOf = (at: number) => format(at, { year: "numeric" }, "en");
  return (at, now) => {
    const days = Math.round((dayOf(now) - dayOf(at)) / DAY_MS);
    if (days < 1) return format(at, { timeStyle: "short" });
    if (days < 7) return format(at, { weekday: "short" });
    const year = yearOf(at) === yearOf(now) ? undefined : "numeric";
    return format(at, { day: "numeric", month: "short", year });
  };
}
