import type {
  Condition,
  LeafCondition,
  NumberTest,
  TextTest,
  TimeTest,
  ValueTest,
} from "../../../protocol/conditions.ts";
import type { CatalogueEvent } from "../../../protocol/segments-api.ts";

/** Changes of comparisons: whatever was written stays, as far as the new comparison can hold it. */

export type PropertyType = CatalogueEvent["properties"][number]["types"][number];

const writtenText = (test: TextTest): string =>
  "value" in test ? test.value : "values" in test ? (test.values[0] ?? "") : "";

export function withTextOp(test: TextTest, op: TextTest["op"]): TextTest {
  if (op === "exists" || op === "exists_not") return { op };
  const written = writtenText(test);
  if (op !== "in" && op !== "not_in") return { op, value: written };
  if ("values" in test) return { op, values: test.values };
  return { op, values: written === "" ? [] : [written] };
}

export function withTimeOp(test: TimeTest, op: TimeTest["op"], now: number): TimeTest {
  switch (op) {
    case "ever":
    case "never":
      return { op };
    case "before":
    case "after":
      return { op, at: "at" in test ? test.at : now };
    case "within":
    case "before_span":
      return { op, span: "span" in test ? test.span : { n: 7, unit: "day" } };
  }
}

/** The comparison of a value under another heading. A number that was written is kept among numbers. */
export function valueTestOf(
  type: "text",
  op: TextTest["op"],
  held: ValueTest | null,
  currency: string,
): ValueTest;
export function valueTestOf(
  type: "number" | "amount",
  op: NumberTest["op"],
  held: ValueTest | null,
  currency: string,
): ValueTest;
export function valueTestOf(
  type: "text" | "number" | "amount",
  op: string,
  held: ValueTest | null,
  currency: string,
): ValueTest {
  if (type === "text") {
    const test: TextTest = held?.type === "text" ? held.test : { op: "is", value: "" };
    return { type, test: withTextOp(test, op as TextTest["op"]) }; // the overload has checked it
  }
  const value = held?.type === "number" || held?.type === "amount" ? held.test.value : Number.NaN;
  const test: NumberTest = { op: op as NumberTest["op"], value }; // the overload has checked it
  if (type === "number") return { type, test };
  return { type, test, currency: held?.type === "amount" ? held.currency : currency };
}

/** How a property of this type is first compared. */
export function firstTest(types: readonly PropertyType[]): ValueTest {
  const [type] = types;
  if (type === "number") return { type: "number", test: { op: "gte", value: Number.NaN } };
  if (type === "flag") return { type: "flag", value: true };
  if (type === "list") return { type: "text", test: { op: "contains", value: "" } };
  return { type: "text", test: { op: "is", value: "" } };
}

/** Whether anything was written yet that choosing another property would lose. */
export function isUntouched(test: ValueTest): boolean {
  switch (test.type) {
    case "text":
      return writtenText(test.test) === "";
    case "number":
    case "amount":
      return Number.isNaN(test.test.value);
    case "flag":
      return true;
  }
}

/** Values of a pasted list: one per line, trimmed, each once, in their order. */
export function valuesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

export const isLeaf = (condition: Condition): condition is LeafCondition =>
  condition.type !== "all" && condition.type !== "any" && condition.type !== "not";
