import type { Money } from "../../protocol/person.ts";

/** An amount as a person of a locale reads it; with its bare code where the currency is none that the browser knows. */
export function formatMoney({ amountMinor, currency }: Money, locale: string): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency });
    return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${amountMinor / 100} ${currency}`;
  }
}
