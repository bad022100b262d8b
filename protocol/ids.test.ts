import { expect, test } from "vitest";
import { asId, isId, newId } from "./ids.ts";

test("ids sort by the time they were made and do not repeat", () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => newId("msg" as "cnv", 1_700_000_000_000 + i));
  expect([...ids].sort()).toEqual(ids);
  const atOnce = Array.from({ length: 10_000 }, () => newId("cnv", 1_700_000_000_000));
  expect(new Set(atOnce).size).toBe(10_000);
});

test("the same time and randomness make the same id", () => {
  const random = new Uint8Array(10).fill(255);
  expect(newId("vis", 0, random)).toBe(newId("vis", 0, random));
  expect(newId("vis", 0, random)).toBe(`vis_0000000000${"z".repeat(16)}`);
});

test.each(["", "vis", "vis_", "cnv_1", "vis_A", "vis_../x", `vis_${"a".repeat(41)}`, 7, null])(
  "%j is no visitor's id",
  (value) => {
    expect(isId("vis", value)).toBe(false);
  },
);

test("a string that is no id is refused aloud", () => {
  expect(() => asId("vis", "cnv_1")).toThrow(TypeError);
});
