import { afterEach, describe, expect, test, vi } from "vitest";
import { ALARM_LATE_MS, ALARM_PATIENCE_MS, Timers, UNDONE_PAUSE_MS } from "./timers.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function setUp(now: () => number = () => 0) {
  const armed: number[] = [];
  return { armed, timers: new Timers((at) => armed.push(at), now) };
}

test("the alarm is set for the soonest timer only, and never pushed out", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  timers.set("b", 300);
  timers.set("c", 50);
  timers.setNoLater("a", 400);
  for (let at = 500; at < 1_500; at++) timers.setNoLater("b", at);
  expect(armed).toEqual([100, 50]);
});

test("due timers are taken once and the rest is armed again", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  timers.set("b", 300);
  expect(timers.take(150)).toEqual(["a"]);
  timers.rearm();
  expect(armed).toEqual([100, 300]);
  expect(timers.take(150)).toEqual([]);
});

test("an alarm that comes early takes nothing and is armed again, for another moment than it came for", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  expect(timers.take(99)).toEqual([]);
  timers.rearm();
  expect(armed).toEqual([100, 101]);
  expect(timers.take(101)).toEqual(["a"]);
});

test("a moment between two milliseconds is the later one, so that its alarm finds it due", () => {
  const { armed, timers } = setUp();
  timers.set("a", 99.1);
  timers.setNoLater("a", 99.5);
  expect(armed).toEqual([100]);
  expect(timers.take(100)).toEqual(["a"]);
});

test("with nothing left no alarm is set", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  timers.clear("a");
  timers.take(100);
  timers.rearm();
  expect(armed).toEqual([100]);
});

test("while the alarm's work is done nothing is set, and then once for the soonest", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  timers.take(100);
  timers.set("b", 500);
  timers.set("c", 200);
  expect(armed).toEqual([100]);
  timers.rearm();
  expect(armed).toEqual([100, 200]);
});

test("an alarm that is known to be set is not set again for something later", () => {
  const { armed, timers } = setUp();
  timers.assume(100);
  timers.set("a", 200);
  expect(armed).toEqual([]);
  timers.take(100);
  timers.rearm();
  expect(armed).toEqual([200]);
});

test("an alarm that does not come is set again by what is owed next, once, and for the soonest", () => {
  let now = 0;
  const { armed, timers } = setUp(() => now);
  timers.set("a", 100);
  now = 100 + ALARM_LATE_MS;
  timers.setNoLater("a", now + 1);
  timers.set("far", now + 600_000);
  expect(armed).toEqual([100]);
  now++;
  timers.setNoLater("a", now + 1);
  timers.set("far", now + 600_000);
  expect(armed).toEqual([100, 100]);
  expect(timers.take(now)).toEqual(["a"]);
});

test("what is due in the past already is not lost by that: its alarm is about to come", () => {
  let now = 100_000;
  const { armed, timers } = setUp(() => now);
  timers.set("past", 1);
  timers.set("far", now + 600_000);
  now += ALARM_LATE_MS;
  timers.set("far", now + 600_000);
  expect(armed).toEqual([1]);
});

describe("an alarm's work", () => {
  const setUpAt = (now: number) => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now });
    const { armed, timers } = setUp(() => Date.now());
    timers.set("a", now);
    timers.set("b", now + 60_000);
    armed.length = 0;
    return { armed, timers };
  };

  test("is given what is due; once it is done, the rest is armed and nothing waits any more", async () => {
    const { armed, timers } = setUpAt(1_000);
    const given: string[][] = [];
    await timers.run(async (due) => void given.push(due));
    expect([given, armed, vi.getTimerCount()]).toEqual([[["a"]], [61_000], 0]);
  });

  test("that fails throws nothing, and is due again after longer and longer, until it succeeds", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { armed, timers } = setUpAt(1_000);
    const fail = () => timers.run(() => Promise.reject(new Error("down")));
    await fail();
    expect(armed).toEqual([1_000 + UNDONE_PAUSE_MS]);
    vi.setSystemTime(1_000 + UNDONE_PAUSE_MS);
    await fail();
    expect(armed.slice(1)).toEqual([1_000 + 3 * UNDONE_PAUSE_MS]);
    vi.setSystemTime(1_000 + 3 * UNDONE_PAUSE_MS);
    await timers.run(async () => {});
    expect(armed.slice(2)).toEqual([61_000]);
    vi.setSystemTime(61_000);
    await fail();
    expect(armed.slice(3)).toEqual([61_000 + UNDONE_PAUSE_MS]);
  });

  test("that has set its own next time before it fails keeps that, and what woke the object unnamed is due again", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { armed, timers } = setUpAt(1_000);
    await timers.run(async () => {
      timers.set("a", 31_000);
      throw new Error("down");
    });
    expect(armed).toEqual([31_000]);
    const woken = setUp(() => Date.now());
    await woken.timers.run(() => Promise.reject(new Error("down")));
    expect(woken.armed).toEqual([1_000 + UNDONE_PAUSE_MS]);
  });

  test("that does not end is waited for so long and no longer: what is set meanwhile has its turn", async () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const { armed, timers } = setUpAt(1_000);
    let isOver = false;
    const running = timers.run(() => new Promise(() => {})).then(() => (isOver = true));
    timers.set("c", 2_000);
    await vi.advanceTimersByTimeAsync(ALARM_PATIENCE_MS - 1);
    expect([isOver, armed]).toEqual([false, []]);
    await vi.advanceTimersByTimeAsync(1);
    await running;
    expect(armed).toEqual([2_000]);
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.any(String),
      "a",
      expect.stringContaining("10 s"),
    );
    const due: string[][] = [];
    vi.setSystemTime(1_000 + ALARM_PATIENCE_MS + UNDONE_PAUSE_MS);
    await timers.run(async (names) => void due.push(names.toSorted()));
    expect(due).toEqual([["a", "c"]]);
  });
});
