import type { EventFilter, ValueTest } from "../../protocol/conditions.ts";
import type { Json } from "../../protocol/json.ts";
import { toMinor } from "../money/minor.ts";
import { compares } from "./numbers.ts";
import type { Occurrence } from "./person-view.ts";
import { textTester } from "./texts.ts";

/** @param currency What stands under the key `currency` beside the value. */
export type ValueTester = (value: Json | undefined, currency: Json | undefined) => boolean;

const NO_TEXTS: readonly string[] = [];

/**
 * What a test of a property means. Values of another type than the test's are as good as missing, except that they
 * exist. Null is missing. A list passes when one of its items does; a negative text test when none does. An amount is
 * a decimal in the currency that stands beside it under `currency`, compared in minor units; in another currency, or
 * with none, it does not pass.
 */
export function valueTester(is: ValueTest): ValueTester {
  switch (is.type) {
    case "text": {
      const passes = textTester(is.test);
      return (value) => passes(textsOf(value), value !== undefined && value !== null);
    }
    case "number": {
      const { op, value: wanted } = is.test;
      const passes = (value: Json) => typeof value === "number" && compares(op, value, wanted);
      return (value) =>
        Array.isArray(value) ? value.some(passes) : value !== undefined && passes(value);
    }
    case "flag":
      return (value) => value === is.value;
    case "amount": {
      const wanted = toMinor(is.test.value, is.currency);
      return (value, currency) => {
        if (typeof currency !== "string" || currency.toUpperCase() !== is.currency) return false;
        const minor = toMinor(value, is.currency);
        return minor !== null && wanted !== null && compares(is.test.op, minor, wanted);
      };
    }
  }
}

/** The texts that a property holds: itself, or those in a list. */
export function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : NO_TEXTS;
}

type Properties = Occurrence["props"];
const testers = new WeakMap<readonly EventFilter[], (props: Properties) => boolean>();

/** Whether an event's own properties pass every filter. Lists of filters that are asked again are prepared once. */
export function matchesFilters(
  where: readonly EventFilter[] | undefined,
  occurrence: Occurrence,
): boolean {
  if (where === undefined || where.length === 0) return true;
  let passes = testers.get(where);
  if (passes === undefined) {
    passes = filtersTester(where);
    testers.set(where, passes);
  }
  return passes(occurrence.props);
}

function filtersTester(where: readonly EventFilter[]): (props: Properties) => boolean {
  const parts = where.map(({ key, is }) => ({ key, passes: valueTester(is) }));
  return (props) =>
    parts.every(({ key, passes }) => passes(ownValue(props, key), ownValue(props, "currency")));
}

function ownValue(props: Properties, key: string): Json | undefined {
  return Object.hasOwn(props, key) ? props[key] : undefined;
}
