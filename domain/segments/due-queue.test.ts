import fc from "fast-check";
import { expect, test } from "vitest";
import { DueQueue } from "./due-queue.ts";

test("the soonest is always known, whatever is moved or taken out", () => {
  const change = fc.record({
    number: fc.nat({ max: 9 }),
    at: fc.oneof(fc.nat({ max: 20 }), fc.constant(Infinity)),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), fc.nat({ max: 20 }), (changes, now) => {
      const queue = new DueQueue(10);
      const plain = new Map<number, number>();
      for (const { number, at } of changes) {
        queue.set(number, at);
        plain.set(number, at);
        expect(queue.nextAt).toBe(Math.min(Infinity, ...plain.values()));
      }
      const due = [...plain].filter(([, at]) => at <= now).map(([number]) => number);
      expect(new Set(queue.due(now))).toEqual(new Set(due));
    }),
  );
});
