import type { PropertyValue } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import { PROPERTY_TEXT_MAX } from "../../protocol/limits.ts";

/** Items of a list property, and the longest of them. */
const LIST_MAX = 100;
const LIST_ITEM_MAX = 255;

export type PropertyOperation = {
  op: "set" | "set_once" | "add" | "append" | "union" | "remove" | "unset";
  key: string;
  value?: Json | undefined;
};

/** A value that a property may hold, or undefined: text, finite number, boolean, or a list of texts. */
export function propertyValue(value: Json | undefined): Exclude<PropertyValue, null> | undefined {
  if (typeof value === "string") return value.slice(0, PROPERTY_TEXT_MAX);
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) {
    const items = value.filter((one) => typeof one === "string" || typeof one === "number");
    return items.slice(0, LIST_MAX).map((one) => String(one).slice(0, LIST_ITEM_MAX));
  }
  return undefined;
}

/** A property after an operation: its new value, null when it is gone, undefined when the operation says nothing. */
export function applyOperation(
  before: PropertyValue | undefined,
  { op, value }: PropertyOperation,
): PropertyValue | undefined {
  const given = propertyValue(value);
  switch (op) {
    case "set":
      return value === null ? null : given;
    case "set_once":
      return before === undefined || before === null ? given : undefined;
    case "unset":
      return before === undefined || before === null ? undefined : null;
    case "add": {
      if (typeof given !== "number") return undefined;
      const sum = (typeof before === "number" ? before : 0) + given;
      return Number.isFinite(sum) ? sum : undefined;
    }
    case "append":
      return given === undefined
        ? undefined
        : [...listOf(before), ...listOf(given)].slice(-LIST_MAX);
    case "union":
      return given === undefined
        ? undefined
        : [...new Set([...listOf(before), ...listOf(given)])].slice(-LIST_MAX);
    case "remove": {
      if (given === undefined || before === undefined || before === null) return undefined;
      const gone = new Set(listOf(given));
      return listOf(before).filter((item) => !gone.has(item));
    }
  }
}

function listOf(value: PropertyValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [String(value).slice(0, LIST_ITEM_MAX)];
}
