import { expect, test } from "vitest";
import { sendable, textOf } from "./message-text.ts";

test.each([
  [42, "42", "42"],
  [undefined, "", undefined],
  [null, "", undefined],
  ["  ", "  ", undefined],
  [" Hello ", " Hello ", "Hello"],
  ["a".repeat(8_000), "a".repeat(8_000), "a".repeat(8_000)],
  ["a".repeat(8_001), "a".repeat(8_001), undefined],
])(
  "what the page hands over is text, and sent only when it is a message (%#)",
  (value, text, sent) => {
    expect(textOf(value)).toBe(text);
    expect(sendable(textOf(value))).toBe(sent);
  },
);
