import fc from "fast-check";
import { expect, test } from "vitest";
import { inkOn } from "./contrast.ts";

/** By the letter of WCAG 2.2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test("the ink on every colour has a contrast of at least 4.5 to 1", () => {
  const anyColor = fc
    .integer({ min: 0, max: 0xffffff })
    .map((bits) => `#${bits.toString(16).padStart(6, "0")}`);
  fc.assert(
    fc.property(anyColor, (color) => {
      const ink = inkOn(color) === "#fff" ? "#ffffff" : "#000000";
      expect(contrast(color, ink)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 20_000 },
  );
});

test("dark colours carry white, light ones black", () => {
  expect(inkOn("#4f46e5")).toBe("#fff");
  expect(inkOn("#facc15")).toBe("#000");
});
