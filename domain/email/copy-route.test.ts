import { describe, expect, it } from "vitest";
import {
  copyRoute,
  EVERYTHING_LATEST_MS,
  EVERYTHING_QUIET_MS,
  everythingStep,
  heldStep,
} from "./copy-route.ts";
import type { UnreadMessage } from "./unread-copy.ts";

const at = (...times: number[]): UnreadMessage[] =>
  times.map((time, index) => ({ seq: index + 1, visible: index + 1, at: time, text: "x" }));
const typed = { address: "a@x.test", isProven: false, isEverything: false };

describe("where a copy goes", () => {
  it("is nowhere without an address", () => {
    expect(copyRoute(null, undefined, null)).toBeNull();
    expect(copyRoute(null, undefined, "a@x.test")).toBeNull();
  });

  it("is an address that is known to be theirs before one that they typed", () => {
    expect(copyRoute("known@x.test", typed, null)).toEqual({
      to: "known@x.test",
      standing: "proven",
      isEverything: false,
    });
    expect(
      copyRoute("old@x.test", { address: "new@x.test", isProven: true, isEverything: true }, null),
    ).toEqual({ to: "new@x.test", standing: "proven", isEverything: true });
  });

  it("is unproven until its own owner has answered", () => {
    expect(copyRoute(null, typed, null)?.standing).toBe("unproven");
    expect(copyRoute(null, typed, "b@x.test")?.standing).toBe("unproven");
    expect(copyRoute(null, typed, "a@x.test")?.standing).toBe("answered");
  });
});

describe("everything by mail", () => {
  it("waits for a pause, but not for ever", () => {
    expect(everythingStep([], 0)).toEqual({ kind: "none" });
    expect(everythingStep(at(0, 10), EVERYTHING_QUIET_MS)).toEqual({
      kind: "wait",
      until: EVERYTHING_QUIET_MS + 10,
    });
    expect(everythingStep(at(0), EVERYTHING_QUIET_MS - 1)).toMatchObject({ kind: "wait" });
    expect(everythingStep(at(0), EVERYTHING_QUIET_MS)).toEqual({ kind: "send" });
    const busy = at(0, EVERYTHING_LATEST_MS - 1);
    expect(everythingStep(busy, EVERYTHING_LATEST_MS - 1)).toEqual({
      kind: "wait",
      until: EVERYTHING_LATEST_MS,
    });
    expect(everythingStep(busy, EVERYTHING_LATEST_MS)).toEqual({ kind: "send" });
  });
});

describe("a mail that is due", () => {
  it("is held until its address may get the next one, and nothing else is", () => {
    expect(heldStep({ kind: "send" }, 100, 99)).toEqual({ kind: "hold", until: 100 });
    expect(heldStep({ kind: "send" }, 100, 100)).toEqual({ kind: "send" });
    expect(heldStep({ kind: "wait", until: 5 }, 100, 0)).toEqual({ kind: "wait", until: 5 });
    expect(heldStep({ kind: "none" }, 100, 0)).toEqual({ kind: "none" });
  });
});
