import * as z from "zod";
import { expect, test } from "vitest";
import { fitsBytes, isShallow, parseBounded } from "./json.ts";
import { FRAME_MAX_BYTES, FRAME_MAX_DEPTH } from "./limits.ts";

const anything = z.unknown();
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test("depth below, at and above the limit", () => {
  expect(isShallow(nested(FRAME_MAX_DEPTH - 1))).toBe(true);
  expect(isShallow(nested(FRAME_MAX_DEPTH))).toBe(true);
  expect(isShallow(nested(FRAME_MAX_DEPTH + 1))).toBe(false);
});

test("brackets inside texts are not depth", () => {
  expect(isShallow(JSON.stringify({ text: '[[[[[[[[[[[[[[[[[[[[[["\\' }))).toBe(true);
});

test("bytes are counted as UTF-8: below, at and above the limit", () => {
  expect(fitsBytes("é".repeat(FRAME_MAX_BYTES / 2 - 1))).toBe(true);
  expect(fitsBytes("é".repeat(FRAME_MAX_BYTES / 2))).toBe(true);
  expect(fitsBytes("é".repeat(FRAME_MAX_BYTES / 2 + 1))).toBe(false);
});

test.each([
  ["", "bad_json"],
  ["undefined", "bad_json"],
  [nested(200_000), "too_large"],
  [nested(20_000), "too_deep"],
  [`"${"x".repeat(FRAME_MAX_BYTES)}"`, "too_large"],
])("hostile text %# is refused before any validator sees it", (text, code) => {
  expect(parseBounded(text, anything)).toMatchObject({ ok: false, code });
});
