import { expect, test } from "vitest";
import { Timers } from "./timers.ts";

function setUp() {
  const armed: number[] = [];
  return { armed, timers: new Timers((at) => armed.push(at)) };
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

test("an alarm that comes early takes nothing and is armed again", () => {
  const { armed, timers } = setUp();
  timers.set("a", 100);
  expect(timers.take(99)).toEqual([]);
  timers.rearm();
  expect(armed).toEqual([100, 100]);
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
