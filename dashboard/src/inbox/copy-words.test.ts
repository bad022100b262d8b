import { expect, test } from "vitest";
import { copyWords } from "./copy-words.ts";

const typed = { address: "typed@x.test", isProven: false, isEverything: false };
const words = (change: Partial<Parameters<typeof copyWords>[0]>) =>
  copyWords({ mailTo: null, copyAfterMs: 300_000, contact: undefined, ...change })?.words ?? null;

test("nobody is mailed without an address, or where nothing goes out", () => {
  expect(words({})).toBeNull();
  expect(words({ mailTo: "known@x.test", contact: typed, copyAfterMs: null })).toBeNull();
});

test("who is mailed is whose address is known, and else what was typed, which is said", () => {
  expect(words({ mailTo: "known@x.test", contact: typed })).toBe(
    "If not read, by email to known@x.test",
  );
  expect(words({ contact: typed })).toBe("If not read, by email (not verified) to typed@x.test");
  expect(words({ contact: { ...typed, isProven: true } })).toBe(
    "If not read, by email to typed@x.test",
  );
  expect(copyWords({ mailTo: null, copyAfterMs: 300_000, contact: typed })?.title).toContain(
    "one mail a day",
  );
});

test("who wants everything is told apart", () => {
  const contact = { ...typed, isProven: true, isEverything: true };
  expect(words({ mailTo: "known@x.test", contact })).toBe("By email, too, to typed@x.test");
});
