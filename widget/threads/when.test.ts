import { expect, test } from "vitest";
import { createWhen } from "./when.ts";

const at = (text: string) => Date.parse(text);
const NOW = at("2026-03-29T10:30:00Z"); // the day on which Berlin's clocks go forward

test.each([
  ["2026-03-29T10:29:00Z", "12:29"],
  ["2026-03-28T23:01:00Z", "00:01"],
  ["2026-03-28T22:59:00Z", "Sat"],
  ["2026-03-23T12:00:00Z", "Mon"],
  ["2026-03-22T12:00:00Z", "22 Mar"],
  ["2025-12-31T22:59:00Z", "31 Dec 2025"],
  ["2026-03-29T11:00:00Z", "13:00"],
])("what was at %s is shown as %s", (instant, expected) => {
  expect(createWhen("en-GB", "Europe/Berlin")(at(instant), NOW)).toBe(expected);
});

test("it is written as the locale writes it", () => {
  const day = at("2026-03-22T12:00:00Z");
  expect(createWhen("de", "Europe/Berlin")(day, NOW)).toBe("22. März");
  expect(createWhen("ar", "Europe/Berlin")(day, NOW)).toMatch(/مارس/);
});
