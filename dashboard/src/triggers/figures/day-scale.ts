/** The axis of a chart of days. It begins at zero. */

/** The least round number that is not below `most`, with a half that is whole too. */
export function ceilingOf(most: number): number {
  if (most <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(most));
  for (const factor of [1, 2, 4, 6, 8, 10]) {
    const ceiling = factor * power;
    if (ceiling >= most && ceiling % 2 === 0) return ceiling;
  }
  return 20 * power;
}

/** "12 Mar" for `2026-03-12`: the day itself, in no zone. */
export const dayLabel = (day: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
