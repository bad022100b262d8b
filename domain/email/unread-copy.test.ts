import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MESSAGE_TEXT_MAX } from "../../protocol/limits.ts";
import {
  COPY_MESSAGES_MAX,
  COPY_QUIET_MS,
  COPY_TEXT_MAX,
  copyStep as stepAfter,
  fittingCopy,
  UNREAD_COPY_MS,
  type UnreadMessage,
} from "./unread-copy.ts";

const copyStep = (unread: UnreadMessage[], isHere: boolean | null, now: number) =>
  stepAfter(unread, isHere, now, UNREAD_COPY_MS);
const at = (...times: number[]): UnreadMessage[] =>
  times.map((time, index) => ({ seq: index + 1, visible: index + 1, at: time, text: "x" }));

describe("what was not read in the chat", () => {
  it("is nothing to mail while everything is read", () => {
    expect(copyStep([], false, 0)).toEqual({ kind: "none" });
  });

  it("waits until the operator pauses, and goes at once to somebody who is not there", () => {
    expect(copyStep(at(0), null, COPY_QUIET_MS - 1)).toEqual({
      kind: "wait",
      until: COPY_QUIET_MS,
    });
    expect(copyStep(at(0), null, COPY_QUIET_MS)).toEqual({ kind: "ask" });
    expect(copyStep(at(0), false, COPY_QUIET_MS)).toEqual({ kind: "send" });
    expect(copyStep(at(0, 20_000), null, COPY_QUIET_MS)).toEqual({ kind: "wait", until: 50_000 });
  });

  it("waits five minutes for somebody who is", () => {
    expect(copyStep(at(0, 1), true, COPY_QUIET_MS + 1)).toEqual({
      kind: "wait",
      until: UNREAD_COPY_MS,
    });
    expect(copyStep(at(0), true, UNREAD_COPY_MS - 1)).toMatchObject({ kind: "wait" });
    expect(copyStep(at(0), true, UNREAD_COPY_MS)).toEqual({ kind: "send" });
  });

  it("does not wait longer because the operator goes on writing", () => {
    const busy = at(0, UNREAD_COPY_MS - 1);
    expect(copyStep(busy, null, UNREAD_COPY_MS - 1)).toEqual({
      kind: "wait",
      until: UNREAD_COPY_MS,
    });
    expect(copyStep(busy, null, UNREAD_COPY_MS)).toEqual({ kind: "send" });
  });

  it("goes no later than a workspace has set, also before the operator pauses", () => {
    expect(stepAfter(at(0), true, COPY_QUIET_MS, 3_600_000)).toEqual({
      kind: "wait",
      until: 3_600_000,
    });
    expect(stepAfter(at(0, 59_000), null, 60_000, 60_000)).toEqual({ kind: "send" });
  });

  it("never waits for a moment that has passed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1 }),
        fc.option(fc.boolean()),
        fc.integer({ min: 0, max: 1_200_000 }),
        (times, isHere, now) => {
          const step = copyStep(at(...times.toSorted((a, b) => a - b)), isHere, now);
          if (step.kind === "wait") expect(step.until).toBeGreaterThan(now);
        },
      ),
    );
  });
});

describe("one mail", () => {
  const of = (...lengths: number[]): UnreadMessage[] =>
    lengths.map((length, index) => ({
      ...(at(0)[0] as UnreadMessage),
      seq: index,
      text: "x".repeat(length),
    }));

  it.each([
    [COPY_MESSAGES_MAX - 1, COPY_MESSAGES_MAX - 1, 0],
    [COPY_MESSAGES_MAX, COPY_MESSAGES_MAX, 0],
    [COPY_MESSAGES_MAX + 1, COPY_MESSAGES_MAX, 1],
  ])("of %i messages holds %i and counts %i", (count, shown, left) => {
    const fitting = fittingCopy(of(...Array.from({ length: count }, () => 1)));
    expect([fitting.shown.length, fitting.left]).toEqual([shown, left]);
    expect(fitting.shown.at(-1)?.seq).toBe(count - 1);
  });

  it.each([
    [COPY_TEXT_MAX - 1_000, 2],
    [COPY_TEXT_MAX - 999, 1],
  ])("holds what fits its length: %i and 1,000", (length, shown) => {
    expect(fittingCopy(of(length, 1_000)).shown.length).toBe(shown);
  });

  it("always holds the newest", () => {
    expect(fittingCopy(of(1, MESSAGE_TEXT_MAX)).shown.at(-1)?.text.length).toBe(MESSAGE_TEXT_MAX);
    expect(MESSAGE_TEXT_MAX).toBeLessThan(COPY_TEXT_MAX);
  });
});
