import { expect, test } from "vitest";
import { fromLocalInput, toLocalInput } from "./local-instants.ts";

test("an instant goes into a date field and comes back, to the minute", () => {
  const at = new Date(2026, 2, 12, 14, 30).getTime();
  expect(toLocalInput(at)).toBe("2026-03-12T14:30");
  expect(fromLocalInput("2026-03-12T14:30")).toBe(at);
});

test("an unfinished date is no instant, and an unknown instant an empty field", () => {
  expect(fromLocalInput("")).toBeNaN();
  expect(toLocalInput(Number.NaN)).toBe("");
});
