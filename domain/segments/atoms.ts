import type { LeafCondition } from "../../protocol/conditions.ts";
import { canonicalName } from "../events/names.ts";
import type { Dependency } from "./person-view.ts";

/** A condition as it is compared with others: canonical event names, no empty filters. */
export function normalLeaf(leaf: LeafCondition): LeafCondition {
  if (leaf.type !== "event" && leaf.type !== "event_time") return leaf;
  const { where, ...rest } = leaf;
  const named = { ...rest, name: canonicalName(leaf.name) };
  return where === undefined || where.length === 0 ? named : { ...named, where };
}

/** JSON whose keys are in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** What a condition reads of a person, and so what may change it. A segment is followed by its rule. */
export function dependenciesOf(leaf: LeafCondition): Dependency[] {
  switch (leaf.type) {
    case "property":
      return leaf.is.type === "amount"
        ? [`property:${leaf.key}`, "property:currency"]
        : [`property:${leaf.key}`];
    case "property_time":
      return [`property:${leaf.key}`];
    case "event":
    case "event_time":
      return [`event:${canonicalName(leaf.name)}`];
    case "session_text":
      return [leaf.field === "first_source" ? "seen" : "session"];
    case "session_number":
      return [leaf.field === "visits" ? "seen" : "session"];
    case "seen":
      return ["seen"];
    case "cart_total":
    case "cart_items":
    case "cart_product":
    case "cart_changed":
      return ["cart"];
    case "orders_count":
    case "orders_total":
    case "orders_average":
    case "orders_last":
      return ["orders"];
    case "conversation":
    case "conversation_answered":
    case "conversation_operator":
      return ["conversation"];
    case "reaction":
      return [`reaction:${leaf.trigger}`];
    case "segment":
      return [];
  }
}

/** A text as a short key: 53 bits in base 36. */
export function shortKey(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36);
}
