import * as fc from "fast-check";
import { expect, test } from "vitest";
import { discountMinorOf, judgeCode } from "./code.ts";

const CODE = "TEA10-7QX2M9PD";

test("a personal code is taken as it was pasted, spaces and small letters included", () => {
  expect(judgeCode(`  tea10-7qx2m9pd \n`, [])).toEqual({ isGood: true, code: CODE });
});

test("unknown codes are refused in plain words", () => {
  for (const typed of ["TEA10", "TEA10-", "TEA10-7QX2M9P", "TEA10-7QX2M9PDX", "TEA20-7QX2M9PD"]) {
    expect(judgeCode(typed, [])).toEqual({
      isGood: false,
      problem: `We do not know the code ${typed}. Check it letter by letter, or write to us.`,
    });
  }
  expect(judgeCode("  ", [])).toMatchObject({ problem: "Type or paste your code first." });
});

test("a code works once", () => {
  expect(judgeCode(CODE, [{ id: "KL-1", code: CODE }])).toMatchObject({
    isGood: false,
    problem: "This code was used for order KL-1. Each code works once.",
  });
  expect(judgeCode(CODE, [{ id: "KL-1", code: undefined }])).toMatchObject({ isGood: true });
});

test("ten percent come off, in whole cents and never more than the goods cost", () => {
  expect(discountMinorOf(CODE, 1_450)).toBe(145);
  expect(discountMinorOf(CODE, 1_455)).toBe(146);
  expect(discountMinorOf(undefined, 1_450)).toBe(0);
  expect(discountMinorOf("NOPE", 1_450)).toBe(0);
  fc.assert(
    fc.property(fc.nat(10_000_000), (subtotal) => {
      const off = discountMinorOf(CODE, subtotal);
      expect(Number.isInteger(off)).toBe(true);
      expect(off).toBeLessThanOrEqual(subtotal);
    }),
  );
});
