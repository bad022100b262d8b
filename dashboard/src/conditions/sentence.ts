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
import { countryName, languageName } from "../words/places.ts";
import { eventWords } from "./event-words.ts";
import {
  CONVERSATION_LABELS,
  NUMBER_OPS,
  propertyLabel,
  REACTION_LABELS,
  SESSION_NUMBER_LABELS,
  SESSION_TEXT_LABELS,
  TEXT_OPS,
  UNITS,
} from "./labels.ts";
import type { Names } from "./names.ts";

/** Conditions in plain English. The browser's zone and language are used unless others are given. */
export type Reading = { names: Names; timeZone?: string; locale?: string };

/** A whole condition as one sentence without a full stop: "Looked at a product at least 2 times, and cart total is…". */
export function conditionSentence(
  condition: Condition,
  names: Names,
  place: { timeZone?: string; locale?: string } = {},
): string {
  const words = wordsOf(condition, { names, ...place }, true);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wordsOf(condition: Condition, reading: Reading, isOutermost: boolean): string {
  if (condition.type === "not") return notWords(condition.of, reading);
  if (condition.type !== "all" && condition.type !== "any") return leafWords(condition, reading);
  const [only] = condition.of;
  if (only === undefined) return condition.type === "all" ? "everybody" : "nobody";
  if (condition.of.length === 1) return wordsOf(only, reading, isOutermost);
  const parts = condition.of.map((each) => wordsOf(each, reading, false));
  const joined = parts.join(condition.type === "all" ? ", and " : ", or ");
  return isOutermost ? joined : `(${joined})`;
}

function notWords(of: Condition, reading: Reading): string {
  if (of.type !== "any" || of.of.length < 2) return `not (${wordsOf(of, reading, true)})`;
  return `none of (${of.of.map((each) => wordsOf(each, reading, false)).join("; ")})`;
}

/** One condition by itself: "looked at a product at least 2 times in the last 7 days". */
export function leafWords(leaf: LeafCondition, reading: Reading): string {
  switch (leaf.type) {
    case "property":
      return `${quotedKey(leaf.key)} ${valueWords(leaf.is, reading)}`;
    case "property_time":
      return propertyTimeWords(quotedKey(leaf.key), leaf.is, reading);
    case "event":
      return eventCountWords(leaf, reading);
    case "event_time": {
      const { did } = eventWords(leaf.name);
      const filters = whereWords(leaf.where, reading);
      if (leaf.is.op === "never") return `never ${did}${filters}`;
      if (leaf.is.op === "ever") return `${did}${filters} at some time`;
      return `${leaf.which} ${did}${filters} ${timeWords(leaf.is, reading)}`;
    }
    case "session_text":
      return `${SESSION_TEXT_LABELS[leaf.field]} ${textWords(leaf.is, labelOfValue(leaf.field, reading))}`;
    case "session_number":
      return `${SESSION_NUMBER_LABELS[leaf.field]} ${numberWords(leaf.is, reading)}`;
    case "seen":
      return `${leaf.which} seen ${timeWords(leaf.is, reading)}`;
    case "cart_total":
      return `cart total ${amountWords(leaf.is, leaf.currency, reading)}`;
    case "cart_items":
      return `things in the cart ${pluralVerb(numberWords(leaf.is, reading))}`;
    case "cart_product":
      return `a product in the cart ${textWords(leaf.is, quoted)}`;
    case "cart_changed":
      return datedWords("cart was last changed", "cart was never changed", leaf.is, reading);
    case "orders_count":
      return `number of orders ${numberWords(leaf.is, reading)}`;
    case "orders_total":
      return `total of all orders ${amountWords(leaf.is, leaf.currency, reading)}`;
    case "orders_average":
      return `average order ${amountWords(leaf.is, leaf.currency, reading)}`;
    case "orders_last":
      return datedWords("last ordered", "never ordered", leaf.is, reading);
    case "conversation":
      return CONVERSATION_LABELS[leaf.is];
    case "conversation_answered":
      return datedWords("was last answered", "was never answered", leaf.is, reading);
    case "conversation_operator":
      return `operator who last answered ${textWords(leaf.is, (id) => reading.names.operators.get(id) ?? quoted(id))}`;
    case "reaction":
      return reactionWords(leaf, reading);
    case "segment": {
      const name = reading.names.segments.get(leaf.segment);
      const which = name === undefined ? "a segment that is not there any more" : quoted(name);
      return `is ${leaf.is ? "" : "not "}in ${leaf.segment === "" ? "…" : which}`;
    }
  }
}

const quoted = (text: string): string => `“${text}”`;
const quotedKey = (key: string): string => (key === "" ? "…" : propertyLabel(key));
const pluralVerb = (words: string): string => words.replace(/^is /, "are ");

/** How a value of a field reads: countries and languages by name, everything else in quotes. */
export function labelOfValue(
  field: string,
  reading: Pick<Reading, "locale">,
): (value: string) => string {
  if (field === "country")
    return (code) =>
      /^[A-Za-z]{2}$/.test(code) ? countryName(code, reading.locale) : quoted(code);
  if (field === "language") return (tag) => languageName(tag, reading.locale);
  if (field === "device") return (kind) => DEVICE_LABELS[kind] ?? quoted(kind);
  return quoted;
}

const DEVICE_LABELS: { readonly [kind: string]: string } = {
  desktop: "computer",
  phone: "phone",
  tablet: "tablet",
};

/** More values than this are only counted. */
const VALUES_READ = 3;

function textWords(test: TextTest, label: (value: string) => string): string {
  const op = TEXT_OPS[test.op];
  if ("value" in test) {
    const isWhole = test.op === "is" || test.op === "is_not";
    return `${op} ${test.value === "" ? "…" : isWhole ? label(test.value) : quoted(test.value)}`;
  }
  if (!("values" in test)) return op;
  const { values } = test;
  if (values.length === 0) return `${op} …`;
  const read = values.slice(0, VALUES_READ).map(label).join(", ");
  const rest = values.length - VALUES_READ;
  return rest > 0 ? `${op} ${read} and ${rest.toLocaleString()} more` : `${op} ${read}`;
}

function numberWords(test: NumberTest, reading: Reading): string {
  if (!Number.isFinite(test.value)) return `${NUMBER_OPS[test.op]} …`;
  const value = new Intl.NumberFormat(reading.locale, { maximumFractionDigits: 10 });
  return `${NUMBER_OPS[test.op]} ${value.format(test.value)}`;
}

/** "50.00 EUR", with as many digits as the currency has. */
export function amountText(value: number, currency: string, locale?: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${value}`;
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
  }).resolvedOptions();
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: 10,
  });
  return `${format.format(value)} ${currency}`;
}

function amountWords(test: NumberTest, currency: string, reading: Reading): string {
  const amount = Number.isFinite(test.value)
    ? amountText(test.value, currency, reading.locale)
    : `… ${currency}`;
  return `${NUMBER_OPS[test.op]} ${amount}`;
}

function valueWords(test: ValueTest, reading: Reading): string {
  switch (test.type) {
    case "text":
      return textWords(test.test, quoted);
    case "number":
      return numberWords(test.test, reading);
    case "flag":
      return test.value ? "is yes" : "is no";
    case "amount":
      return amountWords(test.test, test.currency, reading);
  }
}

function whereWords(where: readonly EventFilter[] | undefined, reading: Reading): string {
  if (where === undefined || where.length === 0) return "";
  const parts = where.map(({ key, is }) => `${quotedKey(key)} ${valueWords(is, reading)}`);
  return ` where ${parts.join(" and ")}`;
}

/** A filter list for the middle of a sentence: " where price is more than 50", or nothing. */
export const filterSentence = (where: readonly EventFilter[], names: Names): string =>
  whereWords(where, { names });

function eventCountWords(
  leaf: Extract<LeafCondition, { type: "event" }>,
  reading: Reading,
): string {
  const { did, todo } = leaf.name === "" ? { did: "did …", todo: "do …" } : eventWords(leaf.name);
  const { op, n } = leaf.times;
  const filters = whereWords(leaf.where, reading);
  const when = leaf.within === undefined ? "" : ` ${withinWords(leaf.within)}`;
  if (n === 0 && op !== "at_least") return `did not ${todo}${filters}${when}`;
  if (op === "at_least" && n === 1) return `${did}${filters}${when}`;
  const times = Number.isFinite(n) ? (n === 1 ? "once" : `${n.toLocaleString()} times`) : "… times";
  return `${did}${filters} ${op.replace("_", " ")} ${times}${when}`;
}

function withinWords({ n, unit }: Span): string {
  if (!Number.isFinite(n)) return `in the last … ${UNITS[unit][1]}`;
  if (n === 1) return unit === "calendar_day" ? "today" : `in the last ${UNITS[unit][0]}`;
  return `in the last ${n.toLocaleString()} ${UNITS[unit][1]}`;
}

function agoWords({ n, unit }: Span): string {
  if (!Number.isFinite(n)) return `more than … ${UNITS[unit][1]} ago`;
  if (n === 1 && unit === "calendar_day") return "before today";
  return `more than ${n.toLocaleString()} ${UNITS[unit][n === 1 ? 0 : 1]} ago`;
}

/** "in the last 7 days", "more than 2 hours ago", "before 12 March 2026, 14:30". */
function timeWords(test: TimeTest, reading: Reading): string {
  switch (test.op) {
    case "within":
      return withinWords(test.span);
    case "before_span":
      return agoWords(test.span);
    case "before":
    case "after":
      return `${test.op} ${instantText(test.at, reading)}`;
    case "ever":
      return "at any time";
    case "never":
      return "never";
  }
}

/** "12 Mar 2026, 14:30" in the reader's zone. */
export function instantText(at: number, place: Pick<Reading, "timeZone" | "locale">): string {
  if (!Number.isFinite(at)) return "…";
  return new Intl.DateTimeFormat(place.locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: place.timeZone,
  }).format(at);
}

function datedWords(subject: string, never: string, test: TimeTest, reading: Reading): string {
  if (test.op === "never") return never;
  return `${subject} ${timeWords(test, reading)}`;
}

function propertyTimeWords(key: string, test: TimeTest, reading: Reading): string {
  if (test.op === "ever") return `${key} is a date`;
  if (test.op === "never") return `${key} is no date`;
  return `${key} is ${timeWords(test, reading)}`;
}

function reactionWords(
  leaf: Extract<LeafCondition, { type: "reaction" }>,
  reading: Reading,
): string {
  const name = reading.names.triggers.get(leaf.trigger);
  const message =
    leaf.trigger === "" ? "…" : name === undefined ? "a message that is gone" : quoted(name);
  const verb = REACTION_LABELS[leaf.what];
  if (leaf.is.op === "ever") return `${verb} ${message}`;
  if (leaf.is.op !== "never") return `${verb} ${message} ${timeWords(leaf.is, reading)}`;
  return verb.startsWith("was ")
    ? `was never ${verb.slice("was ".length)} ${message}`
    : `never ${verb} ${message}`;
}
