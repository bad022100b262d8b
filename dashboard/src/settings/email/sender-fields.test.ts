import { expect, test } from "vitest";
import { readSender } from "./sender-fields.ts";
import { flawWords, RECORD_WORDS } from "./record-words.ts";

const typed = (change: Partial<Parameters<typeof readSender>[0]>) =>
  readSender({
    fromName: "",
    fromAddress: "",
    replyDomain: "",
    copyAfterMinutes: 5,
    askAfterMinutes: 2,
    originalsDays: 0,
    ...change,
  });

test("what is left empty is the installation's", () => {
  expect(typed({ fromName: "  " })).toEqual({
    ok: true,
    sender: {
      fromName: null,
      fromAddress: null,
      replyDomain: null,
      copyAfterMinutes: 5,
      askAfterMinutes: 2,
      originalsDays: 0,
    },
  });
});

test("addresses and domains are kept in one spelling", () => {
  expect(typed({ fromAddress: " Hello@Example.com ", replyDomain: "Reply.Example.com" })).toEqual({
    ok: true,
    sender: {
      fromName: null,
      fromAddress: "hello@example.com",
      replyDomain: "reply.example.com",
      copyAfterMinutes: 5,
      askAfterMinutes: 2,
      originalsDays: 0,
    },
  });
});

test.each([
  [{ fromAddress: "hello" }, "fromAddress"],
  [{ replyDomain: "https://reply.example.com" }, "replyDomain"],
  [{ replyDomain: "reply" }, "replyDomain"],
  [{ fromName: "x".repeat(81) }, "fromName"],
  [{ fromAddress: "a@example.com", replyDomain: "example.com" }, "replyDomain"],
])("%j is told at its own field", (change, field) => {
  expect(typed(change)).toMatchObject({ ok: false, field });
});

test("each record and each reason has words", () => {
  expect(Object.values(RECORD_WORDS).every((words) => words.length > 10)).toBe(true);
  expect(flawWords("unknown_to_provider", "resend")).toContain("Resend");
});
