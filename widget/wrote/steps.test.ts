import { describe, expect, test } from "vitest";
import { wroteTexts } from "../languages/wrote-texts.ts";
import { CODE_LIFETIME_MS } from "../limits.ts";
import { flawOf, readAddress, readAsked, readCode, writeAsked } from "./steps.ts";

test("an address is taken without the white space around it, and what is none is nothing", () => {
  expect(readAddress(" Ada@corp.example ")).toBe("Ada@corp.example");
  for (const text of ["", "ada", "ada@", "@corp.example", "a da@corp.example", "a@b@c"])
    expect(readAddress(text)).toBeUndefined();
  expect(readAddress(`${"a".repeat(252)}@b`)).toHaveLength(254);
  expect(readAddress(`${"a".repeat(253)}@b`)).toBeUndefined();
});

test.each([
  ["123456", "123456"],
  [" 123 456 ", "123456"],
  ["123-456", "123456"],
  ["١٢٣٤٥٦", "123456"],
  ["۱۲۳۴۵۶", "123456"],
  ["12345", undefined],
  ["1234567", undefined],
  ["१२३४५६", undefined],
  ["", undefined],
])("the code in %j is %s", (text, code) => {
  expect(readCode(text)).toBe(code);
});

describe("what was asked for", () => {
  test("is known again for as long as the code works", () => {
    const asked = { email: "a b@corp.example", at: 1_000, asker: "1-2-3-4" };
    expect(readAsked(writeAsked(asked), 1_000 + CODE_LIFETIME_MS - 1)).toEqual(asked);
    expect(readAsked(writeAsked(asked), 1_000 + CODE_LIFETIME_MS)).toBeUndefined();
  });

  test("is nothing where something else is kept", () => {
    for (const kept of [undefined, "", "1000", "x 1-2 a@corp.example", "1000 a@corp.example"])
      expect(readAsked(kept, 1_000)).toBeUndefined();
  });
});

test("every refusal has its words, and what is not known has some too", () => {
  expect(wroteTexts[flawOf("code_expired")]).toBe(wroteTexts.codeExpired);
  expect(wroteTexts[flawOf("too_many_tries")]).toBe(wroteTexts.codeTries);
  for (const code of [undefined, "overloaded", "bad_token", "ended", "toString"])
    expect(flawOf(code)).toBe("noAnswer");
});
