/** The shop sells in one currency. */
export const CURRENCY = "EUR";

const euros = new Intl.NumberFormat("en-IE", { style: "currency", currency: CURRENCY });

/** Integer minor units (cents) as people read them: 1450 becomes "€14.50". */
export function formatMinor(amountMinor: number): string {
  return euros.format(amountMinor / 100);
}

/** The same without the cents where there are none, for running text: 5000 becomes "€50". */
export function formatBriefly(amountMinor: number): string {
  return formatMinor(amountMinor).replace(/\.00$/, "");
}

/** Integer minor units as the decimal number that events carry: 1450 becomes 14.5. */
export function decimalOf(amountMinor: number): number {
  return amountMinor / 100;
}
