const LONGEST_MS = 60_000;

/** How long to wait before trying again: doubles from half a second, half of it random. */
export function backOff(failures: number, random: number = Math.random()): number {
  return Math.min(LONGEST_MS, 500 * 2 ** failures) * (0.5 + random / 2);
}
