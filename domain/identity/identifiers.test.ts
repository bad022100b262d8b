import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IDENTIFIER_MAX } from "../../protocol/limits.ts";
import { normaliseIdentifier } from "./identifiers.ts";

const email = (text: string) => normaliseIdentifier("email", text);
const phone = (text: string) => normaliseIdentifier("phone", text);
const userId = (text: string) => normaliseIdentifier("user_id", text);

describe("ID-16: an email is the same only when it is written the same after one normalisation", () => {
  test("white space around it and the size of A to Z make no difference", () => {
    expect(email("  Victim@Corp.COM\n")).toBe("victim@corp.com");
  });

  test.each([
    ["full-width letters", "Ｖictim@corp.com"],
    ["a Cyrillic o", "victim@cоrp.com"],
    ["a trailing dot", "victim@corp.com."],
    ["a tag", "victim+x@corp.com"],
    ["dots in the name", "v.ictim@corp.com"],
    ["a Kelvin sign, which small letters would make a k of", "victim@\u212Aorp.com"],
    ["a dotted capital I", "v\u0130ctim@corp.com"],
    ["an accent of its own", "victim\u0301@corp.com"],
  ])("%s is another address", (_, text) => {
    expect(email(text)).not.toBe("victim@corp.com");
    expect(email(text)).not.toBe("victim@korp.com");
    expect(email(text)).not.toBeNull();
  });

  test.each([
    "",
    "victim",
    "@corp.com",
    "victim@",
    "a@b@c",
    "a b@c.de",
    "a\u0000@c.de",
    "a\u202E@c.de",
    `${"a".repeat(250)}@c.de`,
  ])("%j is none", (text) => expect(email(text)).toBeNull());
});

describe("a phone number", () => {
  test("is what E.164 writes, whatever stands between its digits", () => {
    expect(phone("+49 (0)170-123")).not.toBe(phone("+49170123"));
    expect(phone("+49 (170) 123-456.7")).toBe("+491701234567");
  });

  test.each([
    "",
    "0170 1234567",
    "+0170123456",
    "+49170",
    "+４９1701234567",
    `+${"1".repeat(16)}`,
    "+49170123456x",
  ])("%j is none", (text) => expect(phone(text)).toBeNull());

  test("has from 7 to 15 digits", () => {
    expect(phone(`+${"1".repeat(6)}`)).toBeNull();
    expect(phone(`+${"1".repeat(7)}`)).not.toBeNull();
    expect(phone(`+${"1".repeat(15)}`)).not.toBeNull();
  });
});

describe("a user id", () => {
  test("is taken as it is", () => {
    for (const text of ["42", "Ann", "ann", "ünï/1 2:3"]) expect(userId(text)).toBe(text);
  });

  test.each(["", " 42", "42\n", "4\u00002", "4\u200B2", "4\u202E2", "\uD800"])(
    "%j is none",
    (text) => expect(userId(text)).toBeNull(),
  );

  test("is as long as the limit and no longer", () => {
    expect(userId("x".repeat(IDENTIFIER_MAX))).not.toBeNull();
    expect(userId("x".repeat(IDENTIFIER_MAX + 1))).toBeNull();
  });
});

test("nothing much longer than an identifier is looked at, whatever it would become", () => {
  expect(email(`${" ".repeat(2 * IDENTIFIER_MAX - 6)}a@b.co`)).toBe("a@b.co");
  expect(email(`${" ".repeat(2 * IDENTIFIER_MAX - 5)}a@b.co`)).toBeNull();
  expect(phone(`+49170${" ".repeat(2 * IDENTIFIER_MAX)}1234567`)).toBeNull();
});

test("normalising twice is normalising once, for every kind and text", () => {
  const kind = fc.constantFrom("email" as const, "phone" as const, "user_id" as const);
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.emailAddress(),
    fc.string().map((t) => `+1${t}`),
  );
  fc.assert(
    fc.property(kind, text, (kind, text) => {
      const once = normaliseIdentifier(kind, text);
      if (once !== null) expect(normaliseIdentifier(kind, once)).toBe(once);
    }),
  );
});
