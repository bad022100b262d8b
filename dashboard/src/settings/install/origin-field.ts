import { originPattern } from "../../../../protocol/settings.ts";
import { siteOrigin } from "../../words/addresses.ts";

type ReadOrigin = { ok: true; origin: string } | { ok: false; words: string };

/** An allowed origin from what somebody typed: a whole address is cut to its origin. */
export function readOrigin(typed: string, held: readonly string[]): ReadOrigin {
  const text = typed.trim().toLowerCase();
  const isPattern = text.includes("*");
  const origin = isPattern ? text.replace(/\/+$/u, "") : siteOrigin(text);
  if (origin === null || !originPattern.safeParse(origin).success) {
    return {
      ok: false,
      words:
        "Write a site such as https://example.com. Without https only this computer is allowed.",
    };
  }
  return held.includes(origin)
    ? { ok: false, words: "This site is on the list already." }
    : { ok: true, origin };
}
