import { expect, test } from "vitest";
import type { TogetherPosition } from "../../domain/visitors/together.ts";
import { newId } from "../../protocol/ids.ts";
import { readTogetherCursor, writeTogetherCursor } from "./together-cursor.ts";

test("a cursor says of each where it goes on, and who has ended", () => {
  const [ann, bob] = [newId("vis", 1), newId("vis", 2)];
  const position: TogetherPosition = new Map([
    [ann, "12.3"],
    [bob, null],
  ]);
  expect(readTogetherCursor(writeTogetherCursor(position))).toEqual(position);
});

test.each([
  "",
  "~",
  "end",
  "vis_1",
  "vis_1.",
  "vis_1.end~",
  "opr_1.1.1",
  "vis_1.1",
  "vis_1.1.12345",
])("%j is no cursor", (text) => {
  expect(readTogetherCursor(text)).toBeNull();
});
