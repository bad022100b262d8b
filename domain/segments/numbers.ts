import type { NumberTest } from "../../protocol/conditions.ts";

/** Whether a number compares as asked. */
export function compares(op: NumberTest["op"], value: number, wanted: number): boolean {
  switch (op) {
    case "eq":
      return value === wanted;
    case "ne":
      return value !== wanted;
    case "lt":
      return value < wanted;
    case "lte":
      return value <= wanted;
    case "gt":
      return value > wanted;
    case "gte":
      return value >= wanted;
  }
}
