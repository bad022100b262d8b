import type { Money } from "../../protocol/person.ts";
import type { Goal } from "../../protocol/triggers.ts";
import { amountOf, currencyOf, orderIdOf } from "../commerce/cart.ts";
import { toMinor } from "../money/minor.ts";
import type { Occurrence } from "../segments/person-view.ts";

/** What reaching a goal is worth: a fixed amount, or one that its event names; null where it names none. */
export function goalValue({ value }: Goal, { props }: Occurrence): Money | null {
  if (value === null) return null;
  if (value.type === "fixed") return { amountMinor: value.amountMinor, currency: value.currency };
  const currency = currencyOf(props);
  const amountMinor = Object.hasOwn(props, value.key) ? toMinor(props[value.key], currency) : null;
  if (currency === null || amountMinor === null) return null;
  return { amountMinor: Math.max(0, amountMinor), currency };
}

/** The id of the order that an event is about; null where it names none. */
export function orderOf({ props }: Occurrence): string | null {
  return orderIdOf(props);
}

/** What an `Order Refunded` gives back. */
export function refundOf({ props }: Occurrence): Money | null {
  return amountOf(props);
}
