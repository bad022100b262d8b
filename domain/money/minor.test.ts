import { expect, test } from "vitest";
import { fractionDigits, toMinor } from "./minor.ts";

test.each([
  [12.5, "EUR", 1_250],
  ["12.50", "EUR", 1_250],
  [1.005, "EUR", 101],
  [-1.005, "EUR", -101],
  [0.1 + 0.2, "EUR", 30],
  [1_200, "JPY", 1_200],
  [1.2345, "KWD", 1_235],
  [1e-7, "EUR", 0],
  [9.99, null, 999],
])("%s %s is %s minor units", (amount, currency, minor) => {
  expect(toMinor(amount, currency)).toBe(minor);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, "", "abc", null, undefined, {}, 1e13])(
  "%s is no amount",
  (amount) => {
    expect(toMinor(amount, "EUR")).toBeNull();
  },
);

test("currencies know their digits", () => {
  expect([
    fractionDigits("EUR"),
    fractionDigits("JPY"),
    fractionDigits("KWD"),
    fractionDigits("eur"),
  ]).toEqual([2, 0, 3, null]);
});
