import { expect, test } from "vitest";
import { asId } from "../../../../protocol/ids.ts";
import type { TimelineItem } from "../../../../protocol/person.ts";
import { lettersOf, linksAt, ordersOf, withNewLines } from "./together-items.ts";

const [a, b, c] = [asId("vis", "vis_a"), asId("vis", "vis_b"), asId("vis", "vis_c")];
const people = [{ id: b }, { id: c }, { id: a }];
const link = (one: typeof a, other: typeof a) => ({ one, other, by: "Olivia", at: 1 });
const item = (seq: number): TimelineItem => ({
  seq,
  index: 0,
  at: seq,
  type: "track",
  name: "Bell Rung",
  props: {},
});

test("who is looked at is A, and the others follow in their order", () => {
  expect([...lettersOf(people)]).toEqual([
    [b, "A"],
    [c, "B"],
    [a, "C"],
  ]);
});

test("a link is shown once, at whoever it brought", () => {
  const links = [link(a, c), link(b, c)];
  expect(linksAt(b, people, links)).toEqual([]);
  expect(linksAt(c, people, links)).toEqual([link(b, c)]);
  expect(linksAt(a, people, links)).toEqual([link(a, c)]);
});

test("new items come first, newest first, and those of two visitors with one number are two", () => {
  const held = [{ visitor: a, item: item(1) }];
  const lines = withNewLines(held, b, [item(1), item(2)]);
  expect(lines.map(({ visitor, item: { seq } }) => [visitor, seq])).toEqual([
    [b, 2],
    [b, 1],
    [a, 1],
  ]);
  expect(withNewLines(lines, b, [item(2)])).toEqual(lines);
});

test("orders add up by currency", () => {
  const orders = (count: number, ...totals: [number, string][]) => ({
    orders: {
      count,
      totals: totals.map(([amountMinor, currency]) => ({ amountMinor, currency })),
      lastAt: null,
    },
  });
  expect(
    ordersOf([orders(2, [1_000, "EUR"], [500, "USD"]), orders(1, [250, "EUR"]), orders(0)]),
  ).toEqual({
    count: 3,
    totals: [
      { currency: "EUR", amountMinor: 1_250 },
      { currency: "USD", amountMinor: 500 },
    ],
  });
});
