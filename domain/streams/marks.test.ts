import fc from "fast-check";
import { expect, test } from "vitest";
import { STREAM_WINDOW } from "../../protocol/limits.ts";
import { admit, EMPTY_MARK, type StreamMark } from "./marks.ts";

function taken(mark: StreamMark, n: number): StreamMark {
  const admission = admit(mark, n);
  if (admission.kind !== "new") throw new Error(`${n} was ${admission.kind}`);
  return admission.mark;
}

test("numbers in order move the contiguous mark and leave no bits", () => {
  let mark = EMPTY_MARK;
  for (let n = 1; n <= 1_000; n++) mark = taken(mark, n);
  expect(mark).toEqual({ through: 1_000, ahead: [0, 0] });
});

test("a number below, at and above the window: taken, taken, refused", () => {
  expect(admit(EMPTY_MARK, STREAM_WINDOW - 1).kind).toBe("new");
  expect(admit(EMPTY_MARK, STREAM_WINDOW).kind).toBe("new");
  expect(admit(EMPTY_MARK, STREAM_WINDOW + 1).kind).toBe("beyond");
});

test("filling the gap swallows everything that had overtaken it", () => {
  let mark = EMPTY_MARK;
  for (let n = STREAM_WINDOW; n >= 1; n--) mark = taken(mark, n);
  expect(mark).toEqual({ through: STREAM_WINDOW, ahead: [0, 0] });
});

test("any order with any repetition within the window takes each number exactly once", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 400 }), (numbers) => {
      let mark = EMPTY_MARK;
      const seen = new Set<number>();
      for (const n of numbers) {
        let first = 1;
        while (seen.has(first)) first++;
        const admission = admit(mark, n);
        if (seen.has(n)) expect(admission.kind).toBe("seen");
        else if (n >= first + STREAM_WINDOW) expect(admission.kind).toBe("beyond");
        else {
          if (admission.kind !== "new") throw new Error(`${n} was ${admission.kind}`);
          mark = admission.mark;
          seen.add(n);
        }
      }
    }),
  );
});
