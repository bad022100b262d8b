import { expect, test } from "vitest";
import type { MailedEntry } from "../../../protocol/entries.ts";
import { mailAgainOf, mailedWords, sizeWords } from "./mail-words.ts";

const mailed = (state: MailedEntry["state"], code: string | null = null): MailedEntry => ({
  type: "mailed",
  seq: 2,
  at: 0,
  message: 1,
  state,
  code,
  by: null,
});

test("a mail that may have arrived is told apart from one that did not", () => {
  expect(mailedWords(mailed("sent"))).toBe("Sent by email");
  expect(mailedWords(mailed("failed", "http_422"))).toBe("Not delivered by email.");
  expect(mailedWords(mailed("failed", "bad_address"))).toContain("cannot be mailed");
  expect(mailedWords(mailed("unknown"))).toContain("may bring a second one");
});

test("a copy of what was not read says so, and of how many messages", () => {
  const copy = (messages: number) => ({
    ...mailed("sent"),
    copy: { to: "ada@x.example", messages },
  });
  expect(mailedWords(copy(1))).toBe("Not read in the chat: sent by email");
  expect(mailedWords(copy(3))).toBe("3 not read in the chat: sent by email");
});

test("what waits for its address to get the next mail says until when, and is not offered again", () => {
  const held = { ...mailed("held", "unproven_limit"), copy: { to: "ada@x.example", messages: 1 } };
  expect(mailedWords(held, "on Friday")).toBe(
    "Not mailed: the address is not proven and gets one mail a day. Goes out on Friday if not read by then.",
  );
  expect(mailAgainOf(held)).toBeNull();
});

test("what arrived is not offered again, and what is held back is only sent against that", () => {
  for (const state of ["queued", "sent", "delayed", "delivered"] as const)
    expect(mailAgainOf(mailed(state))).toBeNull();
  for (const state of ["failed", "unknown", "dropped"] as const)
    expect(mailAgainOf(mailed(state))).toBe("again");
  for (const state of ["bounced", "complained"] as const)
    expect(mailAgainOf(mailed(state))).toBe("anyway");
  expect(mailAgainOf(mailed("failed", "suppressed"))).toBe("anyway");
});

test("sizes are told as people read them", () => {
  expect([999, 1_000, 999_499, 1_000_000, 2_340_000].map(sizeWords)).toEqual([
    "999 B",
    "1 KB",
    "999 KB",
    "1.0 MB",
    "2.3 MB",
  ]);
});
