import type { TimelineItem } from "../../../protocol/person.ts";
import { dayNumber, type Clock } from "../words/times.ts";

export const timelineKey = (item: Pick<TimelineItem, "seq" | "index">): string =>
  `${item.seq}.${item.index}`;

const newestFirst = (a: TimelineItem, b: TimelineItem): number =>
  b.seq - a.seq || b.index - a.index;

/** Puts new items (oldest first) before those held (newest first); one that is held already is not doubled. */
export function withNewItems(
  held: readonly TimelineItem[],
  fresh: readonly TimelineItem[],
): TimelineItem[] {
  const keys = new Set(held.map(timelineKey));
  return [...fresh.filter((item) => !keys.has(timelineKey(item))), ...held].sort(newestFirst);
}

export type TimelineDay = { day: number; at: number; items: TimelineItem[] };

/** The timeline by calendar days, newest first. Items that came with two pages are shown once. */
export function byDay(items: readonly TimelineItem[], clock: Clock): TimelineDay[] {
  const days: TimelineDay[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(timelineKey(item))) continue;
    seen.add(timelineKey(item));
    const day = dayNumber(item.at, clock);
    const open = days.at(-1);
    if (open?.day === day) open.items.push(item);
    else days.push({ day, at: item.at, items: [item] });
  }
  return days;
}
