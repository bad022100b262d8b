import { expect, test } from "vitest";
import { money } from "./money.ts";

test("minor units follow the currency: two digits, none, three", () => {
  expect(money(13_800, "EUR", "en")).toBe("€138.00");
  expect(money(1_200, "JPY", "en")).toBe("¥1,200");
  expect(money(1_234, "KWD", "en")).toMatch(/1\.234$/);
  expect(money(500, "eur", "en")).toBe("€5.00");
});

test("without a currency, or with nonsense for one, the bare amount is shown", () => {
  expect(money(13_800, null, "en")).toBe("138.00");
  expect(money(13_800, "<b>", "en")).toBe("138.00");
});
