import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { createLog } from "./entry-log.ts";

const entry = (seq: number): VisibleEntry => ({
  seq,
  at: seq,
  type: "message",
  author: { kind: "visitor" },
  text: `${seq}`,
});
const numbers = (log: ReturnType<typeof createLog>) => log.all().map(({ seq }) => seq);

describe("the entries held", () => {
  test("have no gap and no double, in whatever order and however often they come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 })), (arrivals) => {
        const log = createLog();
        log.start(0);
        for (const seq of arrivals) {
          // What a gap keeps out is asked for, as the conversation does.
          if (!log.add(entry(seq)))
            for (let missing = log.through() + 1; missing <= seq; missing++)
              log.add(entry(missing));
        }
        expect(numbers(log)).toEqual(
          Array.from({ length: Math.max(0, ...arrivals) }, (_, i) => i + 1),
        );
      }),
    );
  });

  test("begin after a number, and older ones come in front of them", () => {
    const log = createLog();
    expect(log.add(entry(41))).toBe(false);
    log.start(40);
    expect(log.add(entry(41))).toBe(true);
    expect(log.add(entry(43))).toBe(false);
    expect([log.first(), log.through()]).toEqual([41, 41]);
    log.addEarlier([38, 39, 40, 41].map(entry));
    expect(numbers(log)).toEqual([38, 39, 40, 41]);
  });

  test("take no older ones that leave a gap", () => {
    const log = createLog();
    log.start(40);
    log.add(entry(41));
    log.addEarlier([30, 31].map(entry));
    expect(numbers(log)).toEqual([41]);
  });
});
