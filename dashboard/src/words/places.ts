/** Countries, languages and local times in words. What is not known to the browser is shown as it came. */

function displayName(
  kind: "region" | "language",
  code: string,
  locale: string | undefined,
): string {
  try {
    return new Intl.DisplayNames(locale, { type: kind, fallback: "code" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export const countryName = (code: string, locale?: string): string =>
  displayName("region", code.toUpperCase(), locale);
export const languageName = (tag: string, locale?: string): string =>
  displayName("language", tag, locale);

/** The flag of a two-letter country code; nothing for a code that is none. */
export function flag(code: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) return "";
  return String.fromCodePoint(
    ...Array.from(code.toUpperCase(), (letter) => 0x1f1a5 + letter.charCodeAt(0)),
  );
}

/** The time of day in somebody's zone, or null when the zone is unknown to this browser. */
export function localTime(timeZone: string, now: number, locale?: string): string | null {
  try {
    return new Intl.DateTimeFormat(locale, {
      timeZone,
      hour: "numeric",
      minute: "2-digit",
      weekday: "short",
    }).format(now);
  } catch {
    return null;
  }
}

/** "Europe/Berlin" as "Berlin". */
export const zoneCity = (timeZone: string): string =>
  (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
