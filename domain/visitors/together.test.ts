import fc from "fast-check";
import { expect, test } from "vitest";
import { asId, type VisitorId } from "../../protocol/ids.ts";
import type { TimelinePage } from "../../protocol/operator-api.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import { mergeTimelines, type TogetherPosition } from "./together.ts";

const item = (seq: number, index: number, at: number): TimelineItem => ({
  seq,
  index,
  at,
  type: "track",
  name: "Product Viewed",
  props: {},
});

/** A timeline as an object answers it: newest first, by its own numbers. */
function pageOf(log: readonly TimelineItem[], before: string | null, size: number): TimelinePage {
  const [seq = 0, index = 0] = (before ?? "").split(".").map(Number);
  const rest = log
    .toReversed()
    .filter((one) => before === null || one.seq < seq || (one.seq === seq && one.index < index));
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return {
    items,
    nextBefore: rest.length > size && last !== undefined ? `${last.seq}.${last.index}` : null,
  };
}

function readAll(logs: ReadonlyMap<VisitorId, TimelineItem[]>, pageSize: number, limit: number) {
  const all: { visitor: VisitorId; item: TimelineItem }[] = [];
  let position: TogetherPosition | null = new Map();
  for (let pages = 0; position !== null; pages++) {
    expect(pages).toBeLessThan(200);
    const asked: TogetherPosition = position;
    const merged = mergeTimelines(
      [...logs].map(([visitor, log]) => {
        const before = asked.get(visitor);
        return {
          visitor,
          page: before === null ? null : pageOf(log, before ?? null, pageSize),
        };
      }),
      limit,
    );
    expect(merged.items.length).toBeLessThanOrEqual(limit);
    all.push(...merged.items);
    position = merged.next;
  }
  return all;
}

test("two timelines are one, newest first", () => {
  const [a, b] = [asId("vis", "vis_a"), asId("vis", "vis_b")];
  const logs = new Map([
    [a, [item(1, 0, 10), item(1, 1, 30), item(2, 0, 50)]],
    [b, [item(1, 0, 20), item(2, 0, 40)]],
  ]);
  expect(readAll(logs, 2, 2).map(({ item: { at } }) => at)).toEqual([50, 40, 30, 20, 10]);
});

test("whatever was told late and however long the pages are: everything comes once, each one's own in order", () => {
  const log = fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 25 }).map((told) => {
    const items: TimelineItem[] = [];
    for (const [isNext, at] of told) {
      const last = items.at(-1);
      const isSame = last !== undefined && !isNext;
      items.push(item(isSame ? last.seq : (last?.seq ?? 0) + 1, isSame ? last.index + 1 : 0, at));
    }
    return items;
  });
  fc.assert(
    fc.property(
      fc.array(log, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      (all, pageSize, limit) => {
        const logs = new Map(all.map((one, n) => [asId("vis", `vis_${n}`), one]));
        const read = readAll(logs, pageSize, limit);
        for (const [visitor, one] of logs)
          expect(read.filter((line) => line.visitor === visitor).map((line) => line.item)).toEqual(
            one.toReversed(),
          );
      },
    ),
  );
});

test("what comes in the order of time stays in it, across pages, also those that are shorter than what is shown", () => {
  const log = fc
    .array(fc.nat(1_000), { maxLength: 25 })
    .map((times) => times.toSorted((a, b) => a - b).map((at, n) => item(n + 1, 0, at)));
  fc.assert(
    fc.property(
      fc.array(log, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      (all, pageSize, limit) => {
        const logs = new Map(all.map((one, n) => [asId("vis", `vis_${n}`), one]));
        const times = readAll(logs, pageSize, limit).map(({ item: { at } }) => at);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      },
    ),
  );
});
