import { expect, test } from "vitest";
import { CLOSE } from "../../../protocol/errors.ts";
import { afterClose, reconnectDelay } from "./reconnect.ts";

test("tries grow apart up to 15 seconds, and jitter keeps clients from coming together", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelay(attempt, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
  ]);
  expect(reconnectDelay(3, 0)).toBe(2_000);
});

test("an ended right is not tried again; a refused client pauses", () => {
  expect(afterClose(CLOSE.ended)).toBe("stop");
  expect([CLOSE.flooding, CLOSE.replaced].map(afterClose)).toEqual(["pause", "pause"]);
  expect([1000, 1001, 1006, 1012].map(afterClose)).toEqual([
    "reconnect",
    "reconnect",
    "reconnect",
    "reconnect",
  ]);
});
