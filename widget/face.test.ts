import { expect, test } from "vitest";
import { initials } from "./face.ts";

test.each([
  ["Anna Lindqvist", "AL"],
  ["  maría josé carreño  ", "MC"],
  ["Cher", "C"],
  ["🫖 Tea", "🫖T"],
  ["", ""],
])("the initials of %j are %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
