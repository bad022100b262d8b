import { expect, test } from "vitest";
import type { Condition, LeafCondition } from "../../../protocol/conditions.ts";
import type { Explanation } from "../../../protocol/segments-api.ts";
import { NO_NAMES } from "../conditions/names.ts";
import { explainedLine } from "./explanation-words.ts";

const reading = { names: NO_NAMES, timeZone: "UTC", locale: "en-GB" };
const part = (condition: Condition, rest: Partial<Explanation> = {}): Explanation => ({
  condition,
  holds: false,
  actual: null,
  isInstant: false,
  nextAt: null,
  of: [],
  ...rest,
});
const actual = (condition: LeafCondition, rest: Partial<Explanation> = {}): string | null =>
  explainedLine(part(condition, rest), reading).actual;

test("what a person has is said in the words of the condition", () => {
  const viewed: LeafCondition = {
    type: "event",
    name: "Product Viewed",
    times: { op: "at_least", n: 2 },
  };
  expect(actual(viewed)).toBe("0 times");
  expect(actual(viewed, { actual: 1 })).toBe("once");
  expect(actual(viewed, { actual: 12 })).toBe("12 times");
  expect(
    actual(
      { type: "cart_total", is: { op: "gt", value: 50 }, currency: "EUR" },
      { actual: "28.50 EUR" },
    ),
  ).toBe("28.50 EUR");
  expect(actual({ type: "orders_last", is: { op: "ever" } }, { actual: 0, isInstant: true })).toBe(
    "1 Jan 1970, 00:00",
  );
  expect(actual({ type: "orders_last", is: { op: "ever" } })).toBe("never");
  expect(
    actual({ type: "session_text", field: "country", is: { op: "exists" } }, { actual: "DE" }),
  ).toBe("Germany");
  expect(actual({ type: "segment", segment: "seg_1", is: true }, { actual: false })).toBeNull();
  expect(
    actual(
      { type: "property", key: "tags", is: { type: "flag", value: true } },
      { actual: ["a", "b"] },
    ),
  ).toBe("a, b");
});

test("none is one group, its conditions as they are by themselves", () => {
  const open: Condition = { type: "conversation", is: "open" };
  const line = explainedLine(
    part(
      { type: "not", of: { type: "any", of: [open] } },
      {
        holds: true,
        of: [part({ type: "any", of: [open] }, { of: [part(open, { actual: false })] })],
      },
    ),
    reading,
  );
  expect(line).toMatchObject({
    words: "None of these",
    holds: true,
    of: [{ words: "Has an open conversation", holds: false, actual: null }],
  });
});
