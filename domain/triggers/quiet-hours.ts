import { DAY_MS, instantOf, offsetAt } from "../time/zone.ts";

type QuietHours = { from: string; to: string };

/**
 * When quiet hours that hold at an instant end; null when none do. Hours whose end is not after their start run over
 * midnight. Where clocks jump, an end that does not exist is the same distance after the jump.
 */
export function quietUntil({ from, to }: QuietHours, timeZone: string, now: number): number | null {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const today = Math.floor((now + offsetAt(timeZone, now)) / DAY_MS);
  for (const day of [today - 1, today]) {
    const begins = instantOf(timeZone, day, start);
    const ends = instantOf(timeZone, end > start ? day : day + 1, end);
    if (begins <= now && now < ends) return ends;
  }
  return null;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}
