import { expect, test } from "vitest";
import { cleanLine, cleanMessage } from "./clean.ts";

test("a line loses control characters and marks that turn the direction", () => {
  expect(cleanLine("  Ann\u202Egnp\u2066 \r\nBcc: x\u0000 ", 100)).toBe("Anngnp Bcc: x");
  expect(cleanLine("مرحبا", 100)).toBe("مرحبا");
});

test("a line is cut without splitting a character", () => {
  expect(cleanLine("abc😀", 4)).toBe("abc");
  expect(cleanLine("abc😀", 5)).toBe("abc😀");
});

test("a message keeps its line breaks and nothing that cannot be shown", () => {
  expect(cleanMessage(" a\r\nb\u0007\tc\uD800 ")).toBe("a\nb\tc\uFFFD");
});

test("plain text stays as it is, but for white space", () => {
  expect(cleanLine("  Stove-top  kettle\tred ", 100)).toBe("Stove-top kettle red");
  expect(cleanLine("Stove-top kettle", 9)).toBe("Stove-top");
  expect(cleanMessage(" 2 kettles,\n\tplease — größer ")).toBe("2 kettles,\n\tplease — größer");
});
