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

/** A line as it is shown; `key` is its own among all that are shown together. */
export type TimelineLine = { key: string; item: TimelineItem };

export type TimelineDay<Line> = { day: number; at: number; lines: Line[] };

/** The timeline by calendar days, newest first. Lines that came with two pages are shown once. */
export function byDay<Line extends TimelineLine>(
  lines: readonly Line[],
  clock: Clock,
): TimelineDay<Line>[] {
  const days: TimelineDay<Line>[] = [];
  const seen = new Set<string>();
  for (const line of lines) {
    if (seen.has(line.key)) continue;
    seen.add(line.key);
    const { at } = line.item;
    const day = dayNumber(at, clock);
    const open = days.at(-1);
    if (open?.day === day) open.lines.push(line);
    else days.push({ day, at, lines: [line] });
  }
  return days;
}
