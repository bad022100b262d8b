/** Amounts as people write them beside minor units as they are kept. */

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

export const decimalOf = (amountMinor: number, currency: string): number =>
  amountMinor / 10 ** digitsOf(currency);

/** Rounded to the smallest unit. */
export const minorOf = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** digitsOf(currency));
