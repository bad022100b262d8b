import type { PeopleCount } from "../../../protocol/segments-api.ts";

/** "128 people", or "between 90 and 130 people" where only the visitors themselves could tell. */
export function peopleCountWords({ from, to }: PeopleCount): string {
  if (from === to) return from === 1 ? "1 person" : `${from.toLocaleString()} people`;
  return `between ${from.toLocaleString()} and ${to.toLocaleString()} people`;
}

/** A share for people to read: "12 %", "under 1 %"; null where there is nobody to be a share of. */
export function shareWords(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 1) return "under 1 %";
  if (percent > 99 && percent < 100) return "over 99 %";
  return `${Math.round(percent)} %`;
}
