import { describe, expect, it } from "vitest";
import { THREAD_MAILS_MAX, THREAD_WINDOW_MS } from "../../domain/email/limits.ts";
import { admitsMailFrom, withArrival, withBrake, type MailThread } from "./mail-thread.ts";

const EMPTY: MailThread = { received: [], arrivals: [], pending: [] };
/** A thread that so many mails came to, one each second. */
const after = (count: number): MailThread =>
  Array.from({ length: count }, (_, n) => n * 1_000).reduce(
    (thread, at) => withArrival(thread, null, at),
    EMPTY,
  );
const LAST = (THREAD_MAILS_MAX - 1) * 1_000;

describe("the brake", () => {
  it.each([
    [THREAD_MAILS_MAX - 1, LAST, null],
    [THREAD_MAILS_MAX, LAST, THREAD_WINDOW_MS],
    [THREAD_MAILS_MAX, THREAD_WINDOW_MS - 1, THREAD_WINDOW_MS],
    [THREAD_MAILS_MAX, THREAD_WINDOW_MS, null],
    // More than are admitted, from before the limit was what it is.
    [THREAD_MAILS_MAX + 5, LAST + 5_000, THREAD_WINDOW_MS + 5_000],
  ])("after %i mails, at %i, admits the next from %s", (count, at, from) => {
    expect(admitsMailFrom(after(count), at)).toBe(from);
  });

  it("is told once in its time", () => {
    const told = withBrake(EMPTY, 1_000) ?? expect.unreachable("it was never told");
    expect(withBrake(told, 1_000)).toBeNull();
    expect(withBrake(told, 1_000 + THREAD_WINDOW_MS - 1)).toBeNull();
    expect(withBrake(told, 1_000 + THREAD_WINDOW_MS)).toMatchObject({
      brakedAt: 1_000 + THREAD_WINDOW_MS,
    });
  });
});
