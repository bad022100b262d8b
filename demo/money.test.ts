import { expect, test } from "vitest";
import { decimalOf, formatBriefly, formatMinor } from "./money.ts";

test("minor units become euros to read and decimals to send", () => {
  expect(formatMinor(1450)).toBe("€14.50");
  expect(formatMinor(123_456)).toBe("€1,234.56");
  expect(formatBriefly(5000)).toBe("€50");
  expect(formatBriefly(490)).toBe("€4.90");
  expect(decimalOf(980)).toBe(9.8);
});
