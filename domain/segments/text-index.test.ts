import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextTest } from "../../protocol/conditions.ts";
import { TextIndex } from "./text-index.ts";
import { textTester } from "./texts.ts";

/** Few letters, so that values and texts meet often; more tests than a text has letters, so that the index is used. */
const word = fc.string({
  unit: fc.constantFrom("a", "B", "b", "/", "é"),
  minLength: 1,
  maxLength: 6,
});
const textTest: fc.Arbitrary<TextTest> = fc.oneof(
  fc.record({
    op: fc.constantFrom("is", "is_not", "contains", "contains_not", "starts", "ends"),
    value: word,
  }),
  fc.record({
    op: fc.constantFrom("in", "not_in"),
    values: fc.array(word, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ op: fc.constantFrom("exists", "exists_not") }),
);
const text = fc.option(
  fc.string({ unit: fc.constantFrom("A", "a", "b", "/", "é"), maxLength: 12 }),
);

describe("an index of text tests", () => {
  test("names every test that comes out otherwise when one text takes the place of another", () => {
    fc.assert(
      fc.property(
        fc.array(textTest, { minLength: 30, maxLength: 60 }),
        text,
        text,
        (tests, before, after) => {
          const index = new TextIndex(tests.map((test, number) => ({ number, test })));
          const named = new Set(index.between(before, after));
          for (const [number, test] of tests.entries()) {
            const passes = textTester(test);
            const holds = (one: string | null) => passes(one === null ? [] : [one], one !== null);
            if (holds(before) !== holds(after)) expect(named).toContain(number);
          }
        },
      ),
      { numRuns: Number(process.env["PARLEY_RUNS"] ?? 1_000) },
    );
  });

  test("leaves out what the text says nothing of", () => {
    const tests = Array.from({ length: 100 }, (_, number) => ({
      number,
      test: { op: "contains", value: `/page-${number}/` } as const,
    }));
    const index = new TextIndex(tests);
    expect([...index.between("https://shop.test/page-17/", null)]).toContain(17);
    expect([...index.between("https://shop.test/page-17/", null)].length).toBeLessThan(10);
    expect([...index.between("https://shop.test/cart", "https://shop.test/")]).toEqual([]);
  });

  test("is of no use to a text that has more letters than there are tests", () => {
    const index = new TextIndex([{ number: 7, test: { op: "contains", value: "kettle" } }]);
    expect([...index.between("a tea pot", null)]).toEqual([7]);
  });
});
