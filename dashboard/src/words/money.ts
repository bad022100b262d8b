/** Amounts in minor units, as people read them. */

export function money(amountMinor: number, currency: string | null, locale?: string): string {
  if (currency === null || !/^[A-Za-z]{3}$/.test(currency)) {
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    }).format(amountMinor / 100);
  }
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
  });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
