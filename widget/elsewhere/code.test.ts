import { expect, test } from "vitest";
import { pathOf } from "./code.ts";

test("a code is drawn as one rectangle for each run of dark modules", () => {
  expect(pathOf(["0110", "0000", "1001"])).toBe("M1 0h2v1h-2zM0 2h1v1h-1zM3 2h1v1h-1z");
  expect(pathOf([])).toBe("");
});
