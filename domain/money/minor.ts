/** Money is integer minor units with an ISO 4217 currency. */

const digits = new Map<string, number>();

/** Digits after the decimal point of a currency (EUR 2, JPY 0, KWD 3), or null for an unknown code. */
export function fractionDigits(currency: string): number | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  let known = digits.get(currency);
  if (known === undefined) {
    known =
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
        .maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

/** A decimal amount (12.5 or "12.50") to minor units, rounded half away from zero; null if it is no amount. */
export function toMinor(amount: unknown, currency: string | null): number | null {
  const value = typeof amount === "string" && amount.trim() !== "" ? Number(amount) : amount;
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 1e12) return null;
  const factor = 10 ** (fractionDigits(currency ?? "EUR") ?? 2);
  // 1.005 * 100 is 100.49999…: the shortest decimal text is what was meant, so shift its exponent.
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toString().split("e");
  const minor = Math.round(Number(`${mantissa}e${Number(exponent) + Math.log10(factor)}`));
  return value < 0 ? -minor : minor;
}
