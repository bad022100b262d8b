import { expect, test } from "vitest";
import type { Condition, LeafCondition } from "../../../protocol/conditions.ts";
import { kindSections } from "./kinds.ts";
import { conditionSentence, leafWords } from "./sentence.ts";

const names = {
  segments: new Map([["seg_1", "Buyers"]]),
  triggers: new Map([["trg_1", "Cart left"]]),
  operators: new Map([["opr_1", "Ada"]]),
};
const place = { timeZone: "UTC", locale: "en-GB" };
const read = (condition: Condition): string => conditionSentence(condition, names, place);
const leaf = (condition: LeafCondition): string => leafWords(condition, { names, ...place });

test("a condition reads as a marketer would say it", () => {
  expect(
    read({
      type: "all",
      of: [
        {
          type: "event",
          name: "Product Viewed",
          times: { op: "at_least", n: 2 },
          within: { n: 7, unit: "day" },
        },
        { type: "cart_total", is: { op: "gt", value: 50 }, currency: "EUR" },
        {
          type: "event",
          name: "Order Completed",
          times: { op: "exactly", n: 0 },
          within: { n: 30, unit: "minute" },
        },
      ],
    }),
  ).toBe(
    "Looked at a product at least 2 times in the last 7 days, and cart total is more than 50.00 EUR, and did not complete an order in the last 30 minutes",
  );
});

test("groups stand in brackets, and none is said so", () => {
  const open: Condition = { type: "conversation", is: "open" };
  const buyers: Condition = { type: "segment", segment: "seg_1", is: true };
  expect(read({ type: "any", of: [open, { type: "all", of: [open, buyers] }] })).toBe(
    "Has an open conversation, or (has an open conversation, and is in “Buyers”)",
  );
  expect(read({ type: "not", of: { type: "any", of: [open, buyers] } })).toBe(
    "None of (has an open conversation; is in “Buyers”)",
  );
  expect(read({ type: "not", of: buyers })).toBe("Not (is in “Buyers”)");
  expect(read({ type: "all", of: [] })).toBe("Everybody");
  expect(read({ type: "any", of: [] })).toBe("Nobody");
});

test("an event that is not a standard one keeps its name, with its filters", () => {
  const where = [
    {
      key: "price",
      is: { type: "amount" as const, test: { op: "gte" as const, value: 12.5 }, currency: "EUR" },
    },
    { key: "gift", is: { type: "flag" as const, value: true } },
  ];
  expect(
    leaf({ type: "event", name: "Webinar Joined", where, times: { op: "exactly", n: 1 } }),
  ).toBe("did “Webinar Joined” where price is at least 12.50 EUR and gift is yes exactly once");
  expect(leaf({ type: "event", name: "Webinar Joined", times: { op: "at_most", n: 0 } })).toBe(
    "did not do “Webinar Joined”",
  );
});

test("times say how long ago, calendar days by their name", () => {
  const seen = (is: Extract<LeafCondition, { type: "seen" }>["is"]): string =>
    leaf({ type: "seen", which: "last", is });
  expect(seen({ op: "within", span: { n: 1, unit: "hour" } })).toBe("last seen in the last hour");
  expect(seen({ op: "within", span: { n: 1, unit: "calendar_day" } })).toBe("last seen today");
  expect(seen({ op: "before_span", span: { n: 1, unit: "day" } })).toBe(
    "last seen more than 1 day ago",
  );
  expect(seen({ op: "before", at: Date.UTC(2026, 2, 12, 14, 30) })).toBe(
    "last seen before 12 Mar 2026, 14:30",
  );
  expect(leaf({ type: "orders_last", is: { op: "never" } })).toBe("never ordered");
  expect(leaf({ type: "reaction", trigger: "trg_1", what: "sent", is: { op: "never" } })).toBe(
    "was never sent “Cart left”",
  );
});

test("countries and operators have their names, long lists are counted", () => {
  expect(leaf({ type: "session_text", field: "country", is: { op: "is", value: "DE" } })).toBe(
    "country is Germany",
  );
  expect(leaf({ type: "conversation_operator", is: { op: "is", value: "opr_1" } })).toBe(
    "operator who last answered is Ada",
  );
  expect(
    leaf({
      type: "property",
      key: "plan",
      is: { type: "text", test: { op: "in", values: ["a", "b", "c", "d", "e"] } },
    }),
  ).toBe("plan is one of “a”, “b”, “c” and 2 more");
});

test("amounts have as many digits as their currency", () => {
  expect(leaf({ type: "orders_total", is: { op: "gte", value: 5_000 }, currency: "JPY" })).toBe(
    "total of all orders is at least 5,000 JPY",
  );
});

test("whatever is not filled in yet is left open, and nothing throws", () => {
  for (const kind of kindSections([], [], "EUR").flatMap(({ kinds }) => kinds)) {
    expect(leaf(kind.make())).not.toMatch(/NaN|undefined|Invalid/);
  }
  expect(leaf({ type: "seen", which: "first", is: { op: "after", at: Number.NaN } })).toBe(
    "first seen after …",
  );
});
