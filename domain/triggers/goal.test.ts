import { expect, test } from "vitest";
import type { Goal } from "../../protocol/triggers.ts";
import { goalValue, orderOf, refundOf } from "./goal.ts";
import { HOUR, NOON } from "./testing/samples.ts";

const goal = (value: Goal["value"]): Goal => ({
  event: "Order Completed",
  where: [],
  windowMs: HOUR,
  value,
});
const total = goal({ type: "property", key: "total" });
const ordered = (props: Record<string, string | number | null>) => ({
  name: "Order Completed",
  at: NOON,
  props,
});

test("A goal is worth nothing, a fixed amount, or what its event names", () => {
  const order = ordered({ order_id: "1", total: "49.90", currency: "eur" });
  expect(goalValue(goal(null), order)).toBeNull();
  const fixed = { type: "fixed", amountMinor: 500, currency: "USD" } as const;
  expect(goalValue(goal(fixed), order)).toEqual({ amountMinor: 500, currency: "USD" });
  expect(goalValue(total, order)).toEqual({ amountMinor: 4_990, currency: "EUR" });
});

test.each([
  ["no currency", { total: 10 }],
  ["no amount", { currency: "EUR" }],
  ["a word for an amount", { total: "much", currency: "EUR" }],
  ["a currency that is none", { total: 10, currency: "euros" }],
])("An event with %s is worth nothing known", (_, props) => {
  expect(goalValue(total, ordered(props))).toBeNull();
});

test("No goal is worth less than nothing, and no inherited property is an amount", () => {
  expect(goalValue(total, ordered({ total: -5, currency: "EUR" }))?.amountMinor).toBe(0);
  const inherited = goal({ type: "property", key: "constructor" });
  expect(goalValue(inherited, ordered({ currency: "EUR" }))).toBeNull();
});

test("Yen have no digits after the point", () => {
  const order = ordered({ total: 1_200, currency: "JPY" });
  expect(goalValue(total, order)).toEqual({ amountMinor: 1_200, currency: "JPY" });
});

test.each(["order_id", "transaction_id", "$order_id"])("An order is known by its %s", (key) => {
  expect(orderOf(ordered({ [key]: "A-1" }))).toBe("A-1");
  expect(orderOf(ordered({ [key]: 17 }))).toBe("17");
});

test("An event without an order's id names none, and a refund gives back what it says", () => {
  expect(orderOf(ordered({}))).toBeNull();
  expect(refundOf(ordered({ total: 5, currency: "EUR" }))).toEqual({
    amountMinor: 500,
    currency: "EUR",
  });
  expect(refundOf(ordered({ total: 5 }))).toBeNull();
});
