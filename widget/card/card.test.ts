import { expect, test } from "vitest";
import { safeLink } from "./links.ts";
import { formatMoney } from "./price.ts";

test("links lead to sites and to paths of this site, and nowhere else", () => {
  expect(safeLink("https://shop.test/k1")).toBe("https://shop.test/k1");
  expect(safeLink("HTTP://shop.test")).toBe("HTTP://shop.test");
  expect(safeLink("/k1?a=b#c")).toBe("/k1?a=b#c");
  for (const address of [
    "javascript:alert(1)",
    "data:text/html,x",
    "k1",
    "mailto:a@b.test",
    " /k1",
    "",
    null,
  ])
    expect(safeLink(address), `${address}`).toBeUndefined();
});

test("prices have the digits of their currency", () => {
  expect(formatMoney({ amountMinor: 4_990, currency: "EUR" }, "en")).toBe("€49.90");
  expect(formatMoney({ amountMinor: 4_990, currency: "EUR" }, "de")).toBe("49,90\u00a0€");
  expect(formatMoney({ amountMinor: 4_990, currency: "JPY" }, "en")).toBe("¥4,990");
  expect(formatMoney({ amountMinor: 4_990, currency: "KWD" }, "en")).toBe("KWD\u00a04.990");
  expect(formatMoney({ amountMinor: 4_990, currency: "?" }, "en")).toBe("49.9 ?");
});
