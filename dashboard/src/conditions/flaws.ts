import type {
  Condition,
  EventFilter,
  LeafCondition,
  NumberTest,
  Span,
  TextTest,
  TimeTest,
  ValueTest,
} from "../../../protocol/conditions.ts";
import {
  CONDITION_DEPTH_MAX,
  CONDITION_TEXT_MAX,
  CONDITIONS_MAX,
  EVENT_NAME_MAX,
  LIST_VALUES_MAX,
  PROPERTY_KEY_MAX,
  TIMES_MAX,
} from "../../../protocol/limits.ts";
import { countConditions, depthOf } from "./edits.ts";

/** What a row still lacks, said beside it. A condition with a flaw is shown, kept and never sent. */

const NUMBER_BOUND = 1e15;
const SPAN_MAX = 3_650;
const INSTANT_MAX = 8_640_000_000_000_000;

/** The first thing that keeps a condition from being saved, or null. */
export function flawOf(condition: Condition): string | null {
  if (countConditions(condition) > CONDITIONS_MAX)
    return `There are more than ${CONDITIONS_MAX} conditions, groups included.`;
  if (depthOf(condition) > CONDITION_DEPTH_MAX)
    return `Groups stand more than ${CONDITION_DEPTH_MAX} deep in one another.`;
  return flawWithin(condition);
}

function flawWithin(condition: Condition): string | null {
  if (condition.type === "not") return flawWithin(condition.of);
  if (condition.type !== "all" && condition.type !== "any") return flawOfLeaf(condition);
  return condition.of.length === 0 ? "Add a condition." : first(condition.of.map(flawWithin));
}

export const isComplete = (condition: Condition): boolean => flawOf(condition) === null;

const first = (flaws: readonly (string | null)[]): string | null =>
  flaws.find((flaw) => flaw !== null) ?? null;

export function flawOfLeaf(leaf: LeafCondition): string | null {
  switch (leaf.type) {
    case "property":
      return flawOfKey(leaf.key) ?? flawOfValue(leaf.is);
    case "property_time":
      return flawOfKey(leaf.key) ?? flawOfTime(leaf.is);
    case "event":
      return first([
        flawOfEvent(leaf.name),
        flawOfFilters(leaf.where ?? []),
        Number.isInteger(leaf.times.n) && leaf.times.n >= 0 && leaf.times.n <= TIMES_MAX
          ? null
          : `Say how many times, from 0 to ${TIMES_MAX.toLocaleString()}.`,
        leaf.within === undefined ? null : flawOfSpan(leaf.within),
      ]);
    case "event_time":
      return first([flawOfEvent(leaf.name), flawOfFilters(leaf.where ?? []), flawOfTime(leaf.is)]);
    case "session_text":
    case "cart_product":
    case "conversation_operator":
      return flawOfText(leaf.is);
    case "session_number":
    case "cart_items":
    case "orders_count":
      return flawOfNumber(leaf.is);
    case "cart_total":
    case "orders_total":
    case "orders_average":
      return flawOfNumber(leaf.is) ?? flawOfCurrency(leaf.currency);
    case "seen":
    case "cart_changed":
    case "orders_last":
    case "conversation_answered":
      return flawOfTime(leaf.is);
    case "conversation":
      return null;
    case "reaction":
      return leaf.trigger === "" ? "Choose a message." : flawOfTime(leaf.is);
    case "segment":
      return leaf.segment === "" ? "Choose a segment." : null;
  }
}

/** The first flaw of a list of filters on an event's properties, or null. */
export const flawOfFilters = (filters: readonly EventFilter[]): string | null =>
  first(filters.map(({ key, is }) => flawOfKey(key) ?? flawOfValue(is)));

export function flawOfEvent(name: string): string | null {
  if (name.trim() === "") return "Choose an event.";
  return name.length > EVENT_NAME_MAX
    ? `The event's name is longer than ${EVENT_NAME_MAX} characters.`
    : null;
}

function flawOfKey(key: string): string | null {
  if (key.trim() === "") return "Choose a property.";
  return key.length > PROPERTY_KEY_MAX
    ? `The property's name is longer than ${PROPERTY_KEY_MAX} characters.`
    : null;
}

function flawOfValue(test: ValueTest): string | null {
  switch (test.type) {
    case "text":
      return flawOfText(test.test);
    case "number":
      return flawOfNumber(test.test);
    case "flag":
      return null;
    case "amount":
      return flawOfNumber(test.test) ?? flawOfCurrency(test.currency);
  }
}

export function flawOfText(test: TextTest): string | null {
  if ("value" in test) {
    if (test.value === "") return "Write a text.";
    return test.value.length > CONDITION_TEXT_MAX ? tooLong : null;
  }
  if (!("values" in test)) return null;
  if (test.values.length === 0) return "Write at least one value.";
  if (test.values.length > LIST_VALUES_MAX) {
    return `These are ${test.values.length.toLocaleString()} values. At most ${LIST_VALUES_MAX.toLocaleString()} fit into one list.`;
  }
  const long = test.values.findIndex((value) => value.length > CONDITION_TEXT_MAX);
  return long < 0
    ? null
    : `Value ${(long + 1).toLocaleString()} is longer than ${CONDITION_TEXT_MAX.toLocaleString()} characters.`;
}

const tooLong = `The text is longer than ${CONDITION_TEXT_MAX.toLocaleString()} characters.`;

function flawOfNumber(test: NumberTest): string | null {
  if (!Number.isFinite(test.value)) return "Write a number.";
  return Math.abs(test.value) > NUMBER_BOUND ? "This number is too large." : null;
}

function flawOfCurrency(currency: string): string | null {
  return /^[A-Z]{3}$/.test(currency) ? null : "Choose a currency.";
}

export function flawOfSpan({ n }: Span): string | null {
  return Number.isInteger(n) && n >= 1 && n <= SPAN_MAX
    ? null
    : `Say how long, from 1 to ${SPAN_MAX.toLocaleString()}.`;
}

function flawOfTime(test: TimeTest): string | null {
  if ("span" in test) return flawOfSpan(test.span);
  if (!("at" in test)) return null;
  return Number.isInteger(test.at) && test.at >= 0 && test.at <= INSTANT_MAX
    ? null
    : "Choose a date and a time.";
}
