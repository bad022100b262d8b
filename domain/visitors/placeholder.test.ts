import { expect, test } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { placeholderName } from "./placeholder.ts";

test("the same person always has the same friendly name, and a hundred people mostly different ones", () => {
  const ids = Array.from({ length: 100 }, (_, i) => newId("vis", 1_700_000_000_000 + i));
  const names = ids.map(placeholderName);
  expect(ids.map(placeholderName)).toEqual(names);
  expect(new Set(names).size).toBeGreaterThan(85);
  for (const name of names) expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
});
