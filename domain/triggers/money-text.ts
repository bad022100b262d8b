import type { Money } from "../../protocol/person.ts";
import { fractionDigits } from "../money/minor.ts";

const FORMATS_MAX = 200;
const formats = new Map<string, Intl.NumberFormat>();

/** Money as text in somebody's language; undefined for a currency that nobody knows. */
export function moneyText({ amountMinor, currency }: Money, locale: string): string | undefined {
  const digits = fractionDigits(currency);
  if (digits === null) return undefined;
  return formatOf(locale, currency).format(amountMinor / 10 ** digits);
}

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(localeOf(locale), { style: "currency", currency });
    if (formats.size >= FORMATS_MAX) formats.clear();
    formats.set(key, format);
  }
  return format;
}

/** The locale if the runtime can read it, English otherwise: browsers tell whatever they like. */
export function localeOf(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}
