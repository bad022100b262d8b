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

test("each fate has words of its own that say whether it arrived, and none of them is a state's name", () => {
  const told = new Map([
    ["waiting to be sent", mailedWords(mailed("queued"))],
    ["sent", mailedWords(mailed("sent"))],
    ["waiting at the other end", mailedWords(mailed("delayed"))],
    ["delivered", mailedWords(mailed("delivered"))],
    ["bounced", mailedWords(mailed("bounced", "550 5.1.1 User unknown"))],
    ["complained", mailedWords(mailed("complained"))],
    ["unknown", mailedWords(mailed("unknown", "TimeoutError"))],
    ["given up by the provider", mailedWords(mailed("dropped"))],
    ["failed", mailedWords(mailed("failed", "http_422"))],
    ["given up", mailedWords(mailed("failed", "gave_up"))],
    ["suppressed", mailedWords(mailed("failed", "suppressed"))],
  ]);
  expect(new Set(told.values()).size).toBe(told.size);
  for (const words of told.values()) {
    expect(words).toMatch(/^(?:Sending|Sent|Delivered|Not delivered|Perhaps sent) by email/);
    expect(words).not.toMatch(/!|bounce|suppress|queue|reject|unknown|undefined|null/i);
  }
  expect(told.get("suppressed")).toContain("held back");
  expect(told.get("waiting at the other end")).toContain("takes it later");
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
