import type { VisitorId } from "../../protocol/ids.ts";
import type { TimelinePage } from "../../protocol/operator-api.ts";
import type { TimelineItem } from "../../protocol/person.ts";

/** One timeline of several visitors, merged from pages of each. */

/** Where each visitor's timeline goes on, as its own cursor says; null where it has ended. */
export type TogetherPosition = ReadonlyMap<VisitorId, string | null>;

export type TogetherPage = {
  items: { visitor: VisitorId; item: TimelineItem }[];
  /** Null when nothing is left. */
  next: TogetherPosition | null;
};

const ENDED: TimelinePage = { items: [], nextBefore: null };

/**
 * The newest of each one's next items, newest first. Each one's own items keep their order, which what was told late may
 * break in time; none is left out and none comes twice.
 * @param pages The next page of each; null of whoever has ended.
 * @param limit At most so many.
 */
export function mergeTimelines(
  pages: readonly { visitor: VisitorId; page: TimelinePage | null }[],
  limit: number,
): TogetherPage {
  const streams = pages.map(({ visitor, page }) => ({ visitor, ...(page ?? ENDED), taken: 0 }));
  const items: TogetherPage["items"] = [];
  // What comes after the end of a page may be newer than what the others still have.
  const isCut = () =>
    streams.some((one) => one.taken === one.items.length && one.nextBefore !== null);
  while (items.length < limit && !isCut()) {
    const [newest] = streams
      .filter((one) => one.taken < one.items.length)
      .toSorted((one, other) => headOf(other).at - headOf(one).at);
    if (newest === undefined) break;
    items.push({ visitor: newest.visitor, item: headOf(newest) });
    newest.taken += 1;
  }
  const next = new Map(
    streams.map((one) => [
      one.visitor,
      one.taken < one.items.length ? justPast(headOf(one)) : one.nextBefore,
    ]),
  );
  return { items, next: [...next.values()].every((position) => position === null) ? null : next };
}

function headOf({ items, taken }: { items: readonly TimelineItem[]; taken: number }): TimelineItem {
  const head = items[taken];
  if (head === undefined) throw new Error("a page has no such item");
  return head;
}

/** The cursor before which this item is the first. */
function justPast({ seq, index }: TimelineItem): string {
  return `${seq}.${index + 1}`;
}
