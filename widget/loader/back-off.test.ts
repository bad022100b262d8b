import { expect, test } from "vitest";
import { backOff } from "./back-off.ts";

test("waiting doubles up to a minute, and half of it is chance", () => {
  expect([0, 1, 2, 3].map((failures) => backOff(failures, 1))).toEqual([500, 1_000, 2_000, 4_000]);
  expect(backOff(2, 0)).toBe(1_000);
  expect(backOff(50, 1)).toBe(60_000);
  expect(backOff(50, 0)).toBe(30_000);
});
