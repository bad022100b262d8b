import { expect, test } from "vitest";
import {
  firstTest,
  isUntouched,
  valuesOf,
  valueTestOf,
  withTextOp,
  withTimeOp,
} from "./test-edits.ts";

test("what was written stays when the comparison changes", () => {
  expect(withTextOp({ op: "is", value: "kettle" }, "contains")).toEqual({
    op: "contains",
    value: "kettle",
  });
  expect(withTextOp({ op: "is", value: "kettle" }, "in")).toEqual({ op: "in", values: ["kettle"] });
  expect(withTextOp({ op: "in", values: ["a", "b"] }, "not_in")).toEqual({
    op: "not_in",
    values: ["a", "b"],
  });
  expect(withTextOp({ op: "in", values: ["a", "b"] }, "is")).toEqual({ op: "is", value: "a" });
  expect(withTextOp({ op: "is", value: "a" }, "exists")).toEqual({ op: "exists" });
  expect(withTextOp({ op: "exists" }, "in")).toEqual({ op: "in", values: [] });
});

test("a time keeps its span or its date, and begins with a week or with now", () => {
  const span = { n: 3, unit: "hour" as const };
  expect(withTimeOp({ op: "within", span }, "before_span", 0)).toEqual({ op: "before_span", span });
  expect(withTimeOp({ op: "before", at: 5 }, "after", 9)).toEqual({ op: "after", at: 5 });
  expect(withTimeOp({ op: "never" }, "within", 0)).toEqual({
    op: "within",
    span: { n: 7, unit: "day" },
  });
  expect(withTimeOp({ op: "ever" }, "before", 9)).toEqual({ op: "before", at: 9 });
});

test("a number stays a number when it becomes an amount, and takes the workspace's currency", () => {
  expect(
    valueTestOf("amount", "gt", { type: "number", test: { op: "eq", value: 50 } }, "CHF"),
  ).toEqual({ type: "amount", test: { op: "gt", value: 50 }, currency: "CHF" });
  expect(valueTestOf("text", "contains", { type: "flag", value: true }, "CHF")).toEqual({
    type: "text",
    test: { op: "contains", value: "" },
  });
});

test("a property is first compared as what it is, as long as nothing was written", () => {
  expect(firstTest(["flag"])).toEqual({ type: "flag", value: true });
  expect(firstTest([])).toEqual({ type: "text", test: { op: "is", value: "" } });
  expect(isUntouched(firstTest(["number"]))).toBe(true);
  expect(isUntouched({ type: "text", test: { op: "is", value: "a" } })).toBe(false);
});

test("a pasted list is one value per line, trimmed, each once, whatever ends its lines", () => {
  expect(valuesOf(" DE \r\nFR\n\nDE\rCH")).toEqual(["DE", "FR", "CH"]);
  expect(valuesOf("")).toEqual([]);
});
