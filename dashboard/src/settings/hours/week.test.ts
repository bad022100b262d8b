import { expect, test } from "vitest";
import { openingHours } from "../../../../protocol/settings.ts";
import { everyDay, problemOf, withDay, zones } from "./week.ts";

test("the first proposal is a working week that the protocol accepts", () => {
  expect(openingHours.parse(everyDay("Europe/Berlin")).week.filter(Boolean)).toHaveLength(5);
});

test("a day that ends before it begins, or lacks a time, is said by its name", () => {
  const hours = everyDay("UTC");
  expect(problemOf(hours)).toBeNull();
  expect(problemOf(withDay(hours, 1, { from: "18:00", to: "09:00" }))).toBe(
    "Tuesday ends before it begins.",
  );
  expect(problemOf(withDay(hours, 6, { from: "", to: "09:00" }))).toBe(
    "Fill in both times of Sunday.",
  );
});

test("a zone that this browser does not know stays among the choices", () => {
  expect(zones("Mars/Olympus")[0]).toBe("Mars/Olympus");
  expect(zones("Europe/Berlin").filter((zone) => zone === "Europe/Berlin")).toHaveLength(1);
});
