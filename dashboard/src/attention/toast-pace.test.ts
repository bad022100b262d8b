import { expect, test } from "vitest";
import { createToastPace, SHOWN_MAX, SHOWN_MS } from "./toast-pace.ts";

test("of a burst of alerts a few are held out, and again once those are gone", () => {
  const mayShow = createToastPace();
  const burst = Array.from({ length: SHOWN_MAX + 2 }, (_, index) => mayShow(index));
  expect(burst).toEqual([true, true, true, false, false]);
  expect(mayShow(SHOWN_MS - 1)).toBe(false);
  expect(mayShow(SHOWN_MS)).toBe(true);
  expect(mayShow(SHOWN_MS)).toBe(false);
});
