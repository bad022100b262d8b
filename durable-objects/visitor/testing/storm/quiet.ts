const MINUTE = 60_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** When quiet hours that hold now are over, minute after minute by the clock on the wall; null when none hold. */
export function quietEnd(
  { from, to }: { from: string; to: string },
  zone: string,
  now: number,
): number | null {
  const isQuiet = (at: number) => {
    const clock = wallClock(zone, at);
    return from < to ? from <= clock && clock < to : from <= clock || clock < to;
  };
  if (!isQuiet(now)) return null;
  let minute = Math.floor(now / MINUTE) * MINUTE;
  while (isQuiet(minute)) minute += MINUTE;
  return minute;
}

/** `HH:MM`, which sorts as it reads. */
function wallClock(zone: string, at: number): string {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formatters.set(zone, formatter);
  }
  return formatter.format(at);
}
