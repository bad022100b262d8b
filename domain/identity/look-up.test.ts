import fc from "fast-check";
import { expect, test } from "vitest";
import { lookUpBeginnings, lookUpKeys } from "./look-up.ts";

const keysOf = (
  name: string | null,
  ...identifiers: Parameters<typeof lookUpKeys>[0]["identifiers"]
) => lookUpKeys({ name, identifiers }).map(({ kind, value }) => `${kind} ${value}`);

test("somebody is found by each word of their name, and by identifiers as they are compared", () => {
  expect(
    keysOf(
      "  Élodie  van der Berg ",
      { kind: "email", value: " Ann@Example.COM ", isVerified: false },
      { kind: "email", value: "ann@example.com", isVerified: true },
      { kind: "phone", value: "+49 (151) 123-4567", isVerified: false },
      { kind: "user_id", value: "7", isVerified: true },
    ),
  ).toEqual([
    "email ann@example.com",
    "phone +491511234567",
    "name elodie van der berg",
    "name van der berg",
    "name der berg",
    "name berg",
  ]);
});

test("what is no identifier is no key, and nobody without a name has one", () => {
  expect(
    keysOf(
      null,
      { kind: "email", value: "not an address", isVerified: false },
      { kind: "phone", value: "0151", isVerified: false },
    ),
  ).toEqual([]);
});

test("a name has at most four keys, each of at most 64 code units", () => {
  expect(keysOf("a b c d")).toHaveLength(4);
  expect(keysOf("a b c d e")).toHaveLength(4);
  for (const length of [63, 64, 65]) {
    const [key] = lookUpKeys({ name: "x".repeat(length), identifiers: [] });
    expect(key?.value).toHaveLength(Math.min(length, 64));
  }
  const halved = lookUpKeys({ name: `${"x".repeat(63)}😀`, identifiers: [] });
  expect(halved).toEqual([{ kind: "name", value: `${"x".repeat(63)}\uFFFD` }]);
});

test("what is typed is the beginning of what it is meant for", () => {
  expect(lookUpBeginnings(" ÉLO")).toEqual([
    { kind: "name", value: "elo" },
    { kind: "email", value: "élo" },
  ]);
  expect(lookUpBeginnings("49 151")).toEqual([
    { kind: "name", value: "49 151" },
    { kind: "phone", value: "+49151" },
  ]);
  expect(lookUpBeginnings("  ")).toEqual([]);
});

test("any name is found by the beginning of any of its first words", () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(3), (words, n) => {
      const name = words.join(" ");
      const typed = name
        .trim()
        .split(/\s+/u)
        .slice(n % words.length)
        .join(" ");
      const beginning = lookUpBeginnings(typed).find(({ kind }) => kind === "name")?.value;
      if (beginning === undefined) return;
      const keys = lookUpKeys({ name, identifiers: [] });
      expect(keys.some(({ kind, value }) => kind === "name" && value.startsWith(beginning))).toBe(
        keys.length > 0,
      );
    }),
  );
});
