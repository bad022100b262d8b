import { describe, expect, test } from "vitest";
import { PROPERTY_TEXT_MAX } from "../../protocol/limits.ts";
import { isPropertyKey, type PropertyValue } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import { applyOperation, propertyValue, type PropertyOperation } from "./operations.ts";

type Case = [
  op: PropertyOperation["op"],
  before: PropertyValue | undefined,
  value: Json | undefined,
  after: PropertyValue | undefined,
];

describe("operations on a property", () => {
  test.each([
    ["set", 1, "x", "x"],
    ["set", "x", null, null],
    ["set_once", undefined, 1, 1],
    ["set_once", 2, 1, undefined],
    ["add", undefined, 2, 2],
    ["add", 3, -1.5, 1.5],
    ["add", 1, "2", undefined],
    ["append", ["a"], "a", ["a", "a"]],
    ["union", ["a"], ["a", "b"], ["a", "b"]],
    ["remove", ["a", "b", "a"], "a", ["b"]],
    ["remove", undefined, "a", undefined],
    ["unset", 1, undefined, null],
    ["unset", undefined, undefined, undefined],
    ["set", 1, { deep: true }, undefined],
  ] satisfies Case[])("%s on %j with %j gives %j", (op, before, value, after) => {
    expect(applyOperation(before, { op, key: "k", value })).toEqual(after);
  });

  test("adding never leaves the numbers", () => {
    expect(
      applyOperation(Number.MAX_VALUE, { op: "add", key: "k", value: Number.MAX_VALUE }),
    ).toBeUndefined();
  });

  test("long texts are cut at the limit", () => {
    expect(propertyValue("x".repeat(PROPERTY_TEXT_MAX))).toHaveLength(PROPERTY_TEXT_MAX);
    expect(propertyValue("x".repeat(PROPERTY_TEXT_MAX + 1))).toHaveLength(PROPERTY_TEXT_MAX);
  });
});

test.each(["plan", "$utm", "loyalty level", "имя", "a.b-c_d", "a".repeat(64)])(
  "%s may be a key",
  (key) => {
    expect(isPropertyKey(key)).toBe(true);
  },
);
test.each([
  "",
  "__proto__",
  "constructor",
  "prototype",
  "a\u0000b",
  "😀",
  "a".repeat(65),
  " a",
  "<b>",
])("%j may not be a key", (key) => {
  expect(isPropertyKey(key)).toBe(false);
});
