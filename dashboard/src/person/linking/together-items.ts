import type { VisitorId } from "../../../../protocol/ids.ts";
import type { TogetherTimeline, VisitorLink } from "../../../../protocol/linking.ts";
import type { PersonRow } from "../../../../protocol/segments-api.ts";
import type { Money, PersonCard, TimelineItem } from "../../../../protocol/person.ts";
import { timelineKey } from "../timeline-items.ts";

/** What is shown of several visitors together. */

/** The letter that stands for each of them on one screen: A is who is looked at. */
export function lettersOf(people: readonly Pick<PersonRow, "id">[]): Map<VisitorId, string> {
  return new Map(people.map(({ id }, index) => [id, String.fromCharCode(65 + index)]));
}

/** Each link once, at whichever of its two is farther from who is looked at. */
export function linksAt(
  person: VisitorId,
  people: readonly Pick<PersonRow, "id">[],
  links: readonly VisitorLink[],
): VisitorLink[] {
  const place = (id: VisitorId) => people.findIndex((one) => one.id === id);
  return links.filter(({ one, other }) => (place(one) > place(other) ? one : other) === person);
}

export const togetherKey = (line: TogetherTimeline["items"][number]): string =>
  `${line.visitor}.${timelineKey(line.item)}`;

/** Puts one visitor's new items (oldest first) before those held (newest first); none is doubled. */
export function withNewLines(
  held: TogetherTimeline["items"],
  visitor: VisitorId,
  fresh: readonly TimelineItem[],
): TogetherTimeline["items"] {
  const keys = new Set(held.map(togetherKey));
  const added = fresh
    .map((item) => ({ visitor, item }))
    .filter((line) => !keys.has(togetherKey(line)));
  return [...added.reverse(), ...held];
}

/** What all of them bought, each currency by itself. */
export function ordersOf(people: readonly Pick<PersonCard, "orders">[]): {
  count: number;
  totals: Money[];
} {
  const totals = new Map<string, number>();
  for (const { amountMinor, currency } of people.flatMap(({ orders }) => orders.totals))
    totals.set(currency, (totals.get(currency) ?? 0) + amountMinor);
  return {
    count: people.reduce((sum, { orders }) => sum + orders.count, 0),
    totals: [...totals].map(([currency, amountMinor]) => ({ currency, amountMinor })),
  };
}
