import { describe, expect, test } from "vitest";
import type { Condition, TextTest, TimeTest, ValueTest } from "../../protocol/conditions.ts";
import { LIST_VALUES_MAX } from "../../protocol/limits.ts";
import { explain, holds } from "./explain.ts";
import { personOf, trackFact, type Step, type TestPerson } from "./testing/person.ts";

const at = (iso: string): number => Date.parse(iso);
const NOW = at("2026-06-15T12:00:00Z");
const context = {
  device: { kind: "desktop", browser: "Firefox", os: "Linux" },
  country: "DE",
  language: "de",
  timeZone: null,
  isProven: false,
} as const;
const step = (fact: Extract<Step, { type: "fact" }>["fact"], when = NOW): Step => ({
  type: "fact",
  now: when,
  at: when,
  fact,
  context,
});
const track = (name: string, props = {}, when = NOW) => step(trackFact(name, props), when);
const withProperty = (value: string | number | boolean | string[]): TestPerson =>
  personOf([step({ type: "set", n: 1, at: NOW, ops: [{ op: "set", key: "plan", value }] })]);

function passes(
  condition: Condition,
  person: TestPerson,
  now = NOW,
  timeZone = "Europe/Berlin",
): boolean {
  return holds(condition, person.view(), { now, timeZone, isIn: () => false });
}
const plan = (is: ValueTest): Condition => ({ type: "property", key: "plan", is });
const planText = (test: TextTest): Condition => plan({ type: "text", test });

describe("texts", () => {
  test.each<[TextTest, string | string[], boolean]>([
    [{ op: "is", value: "pro PLAN" }, "Pro Plan", true],
    [{ op: "is", value: "ärger" }, "ÄRGER", false],
    [{ op: "is", value: "ärger" }, "äRGER", true],
    [{ op: "contains", value: "%" }, "100", false],
    [{ op: "contains", value: "_%" }, "a_%b", true],
    [{ op: "starts", value: "PRO" }, "pro plan", true],
    [{ op: "ends", value: "plan" }, "pro PLAN", true],
    [{ op: "in", values: ["a", "B"] }, "b", true],
    [{ op: "is", value: "b" }, ["a", "B"], true],
    [{ op: "is_not", value: "b" }, ["a", "B"], false],
    [{ op: "is_not", value: "c" }, ["a", "B"], true],
    [{ op: "exists" }, [], true],
  ])("%j of %j is %s", (test, value, expected) => {
    expect(passes(planText(test), withProperty(value))).toBe(expected);
  });

  test.each<[TextTest, boolean]>([
    [{ op: "is", value: "a" }, false],
    [{ op: "is_not", value: "a" }, true],
    [{ op: "contains", value: "a" }, false],
    [{ op: "contains_not", value: "a" }, true],
    [{ op: "in", values: ["a"] }, false],
    [{ op: "not_in", values: ["a"] }, true],
    [{ op: "exists" }, false],
    [{ op: "exists_not" }, true],
  ])("%j of nothing is %s", (test, expected) => {
    expect(passes(planText(test), personOf([]))).toBe(expected);
  });

  test("a list of ten thousand values is looked up", () => {
    const values = Array.from({ length: LIST_VALUES_MAX }, (_, i) => `Value ${i}`);
    expect(passes(planText({ op: "in", values }), withProperty("value 9999"))).toBe(true);
    expect(passes(planText({ op: "not_in", values }), withProperty("value 10000"))).toBe(true);
  });
});

test("nothing passes no test of a number, not even `ne`", () => {
  const test = { op: "ne", value: 1 } as const;
  expect(passes(plan({ type: "number", test }), personOf([]))).toBe(false);
  expect(passes(plan({ type: "number", test }), withProperty("2"))).toBe(false);
  expect(passes(plan({ type: "number", test }), withProperty(2))).toBe(true);
});

test("an amount is compared in minor units of the event's own currency", () => {
  const paid = (value: number, currency: string): Condition => ({
    type: "event",
    name: "Paid",
    where: [{ key: "price", is: { type: "amount", test: { op: "eq", value }, currency } }],
    times: { op: "at_least", n: 1 },
  });
  const person = personOf([track("Paid", { price: "12.50", currency: "eur" })]);
  expect(passes(paid(12.5, "EUR"), person)).toBe(true);
  expect(passes(paid(12.5, "USD"), person)).toBe(false);
  expect(passes(paid(12.5, "EUR"), personOf([track("Paid", { price: 12.5 })]))).toBe(false);
});

test("other products' names of an event mean the canonical one", () => {
  const person = personOf([track("purchase", { transaction_id: "1", value: 20, currency: "EUR" })]);
  const bought = (name: string): Condition => ({
    type: "event",
    name,
    times: { op: "exactly", n: 1 },
  });
  expect(passes(bought("$order_completed"), person)).toBe(true);
  expect(passes(bought("Order Completed"), person)).toBe(true);
});

test("an average is asked of those who ordered in one currency alone", () => {
  const order = (id: string, total: number, currency: string) =>
    track("Order Completed", { order_id: id, total, currency });
  const average = (value: number): Condition => ({
    type: "orders_average",
    is: { op: "eq", value },
    currency: "EUR",
  });
  expect(passes(average(15), personOf([order("1", 10, "EUR"), order("2", 20, "EUR")]))).toBe(true);
  expect(passes(average(10), personOf([order("1", 10, "EUR"), order("2", 20, "USD")]))).toBe(false);
  expect(passes(average(0), personOf([]))).toBe(false);
});

describe("times", () => {
  const seen = (is: TimeTest): Condition => ({ type: "seen", which: "last", is });
  const within = (n: number, unit: "minute" | "calendar_day"): Condition =>
    seen({ op: "within", span: { n, unit } });

  test("a span ends after its last millisecond", () => {
    const person = personOf([track("A")]);
    expect(passes(within(30, "minute"), person, NOW + 30 * 60_000)).toBe(true);
    expect(passes(within(30, "minute"), person, NOW + 30 * 60_000 + 1)).toBe(false);
  });

  test.each([
    ["Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999Z", 23],
    ["Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59.999Z", 25],
    ["America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T03:59:59.999Z", 23],
    ["Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05T13:29:59.999Z", 24.5],
  ])("today in %s ends with its own midnight when clocks change", (zone, first, last, hours) => {
    expect(at(last) + 1 - at(first)).toBe(hours * 3_600_000);
    const person = personOf([track("A", {}, at(first))]);
    expect(passes(within(1, "calendar_day"), person, at(last), zone)).toBe(true);
    expect(passes(within(1, "calendar_day"), person, at(last) + 1, zone)).toBe(false);
    expect(passes(within(2, "calendar_day"), person, at(last) + 1, zone)).toBe(true);
  });

  test("what never happened passes `never` alone", () => {
    const tests: TimeTest[] = [
      { op: "within", span: { n: 1, unit: "day" } },
      { op: "before_span", span: { n: 1, unit: "day" } },
      { op: "before", at: NOW },
      { op: "after", at: 0 },
      { op: "ever" },
    ];
    for (const is of tests) expect(passes(seen(is), personOf([]))).toBe(false);
    expect(passes(seen({ op: "never" }), personOf([]))).toBe(true);
  });

  test.each<[string | number, string | null]>([
    ["2026-03-29", "2026-03-29T00:00:00.000Z"],
    ["2026-03-29T01:30", "2026-03-29T01:30:00.000Z"],
    ["2026-03-29T01:30:00.25+02:00", "2026-03-28T23:30:00.250Z"],
    [1_700_000_000_000, "2023-11-14T22:13:20.000Z"],
    ["2026-02-30", null],
    ["tomorrow", null],
  ])("a property of %s holds the instant %s", (value, expected) => {
    const condition: Condition = { type: "property_time", key: "plan", is: { op: "ever" } };
    const asking = { now: NOW, timeZone: "UTC", isIn: () => false };
    const { actual, holds, isInstant } = explain(condition, withProperty(value).view(), asking);
    expect(holds).toBe(expected !== null);
    expect(isInstant ? new Date(Number(actual)).toISOString() : null).toBe(expected);
  });
});

test("an explanation tells of each part what the person has, and when time changes it", () => {
  const condition: Condition = {
    type: "all",
    of: [
      { type: "event", name: "A", times: { op: "at_least", n: 2 }, within: { n: 1, unit: "hour" } },
      { type: "not", of: { type: "segment", segment: "seg_a", is: true } },
    ],
  };
  const person = personOf([track("A"), track("A", {}, NOW + 60_000)]);
  const asking = { now: NOW + 120_000, timeZone: "UTC", isIn: () => true };
  const explained = explain(condition, person.view(), asking);
  expect(explained.holds).toBe(false);
  expect(explained.of[0]).toMatchObject({ holds: true, actual: 2, nextAt: NOW + 3_600_001 });
  expect(explained.of[1]).toMatchObject({ holds: false, of: [{ holds: true, actual: true }] });
});
