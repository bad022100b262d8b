import { expect, test } from "vitest";
import { peopleCountWords, shareWords } from "./count-words.ts";

test("a count is exact, or between its bounds", () => {
  expect(peopleCountWords({ from: 1, to: 1 })).toBe("1 person");
  expect(peopleCountWords({ from: 0, to: 0 })).toBe("0 people");
  expect(peopleCountWords({ from: 90, to: 1_128 })).toBe("between 90 and 1,128 people");
});

test("a share never rounds somebody away, nor to everybody", () => {
  expect(shareWords(0, 100)).toBe("0 %");
  expect(shareWords(1, 1_000)).toBe("under 1 %");
  expect(shareWords(999, 1_000)).toBe("over 99 %");
  expect(shareWords(1_000, 1_000)).toBe("100 %");
  expect(shareWords(0, 0)).toBeNull();
});
