import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { OperatorEntry } from "../../../protocol/entries.ts";
import { append, emptyLog, hasKey, lastSeq, prepend } from "./entry-log.ts";

const entry = (seq: number): OperatorEntry => ({
  type: "message",
  seq,
  visibleSeq: seq,
  at: seq,
  author: { kind: "visitor" },
  text: `${seq}`,
  key: `s:${seq}`,
});
const span = (from: number, to: number): OperatorEntry[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => entry(from + index));

test("entries come once, and a gap is noticed instead of hidden", () => {
  const log = prepend(emptyLog, { entries: span(5, 8), hasMore: true });
  expect(append(log, span(7, 9))).toEqual({
    log: { entries: span(5, 9), hasOlder: true },
    isGap: false,
  });
  const gap = append(log, [entry(9), entry(11)]);
  expect(gap.isGap).toBe(true);
  expect(lastSeq(gap.log)).toBe(9);
});

test("older pages join up or are ignored", () => {
  const log = prepend(emptyLog, { entries: span(10, 12), hasMore: true });
  expect(prepend(log, { entries: span(5, 9), hasMore: false })).toEqual({
    entries: span(5, 12),
    hasOlder: false,
  });
  expect(prepend(log, { entries: span(5, 10), hasMore: true }).entries).toEqual(span(5, 12));
  expect(prepend(log, { entries: span(2, 7), hasMore: true })).toBe(log);
  expect(prepend(log, { entries: [], hasMore: false }).hasOlder).toBe(false);
});

test("own bubbles are found by their key", () => {
  const log = prepend(emptyLog, { entries: span(1, 2), hasMore: false });
  expect([hasKey(log, "s:2"), hasKey(log, "s:3")]).toEqual([true, false]);
});

test("whatever arrives, doubled or out of order, the log has no gap and nothing twice", () => {
  const batches = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 6 })),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), batches, (start, arrivals) => {
      let log = prepend(emptyLog, { entries: span(start, start), hasMore: true });
      for (const [from, length] of arrivals) log = append(log, span(from, from + length)).log;
      const numbers = log.entries.map(({ seq }) => seq);
      expect(numbers).toEqual(span(start, lastSeq(log)).map(({ seq }) => seq));
    }),
  );
});
