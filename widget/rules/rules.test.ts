import { beforeEach, describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { ArmedRule, PageMoment } from "../../protocol/triggers.ts";
import { createRules } from "./rules.ts";
import { createUpward } from "./upward.ts";

const HERE = "https://shop.test/kettles";

const rule = (id: string, moment: PageMoment, page: ArmedRule["page"] = null): ArmedRule => ({
  delivery: asId("dlv", `dlv_${id}`),
  trigger: asId("trg", `trg_${id.replace(/\d/, "")}`),
  page,
  moment,
});

/** A clock that moves only when it is told to, and counts the timers that are set. */
function fakeClock() {
  let at = 1_000;
  let timers: { run: () => void; at: number }[] = [];
  return {
    now: () => at,
    setTimeout(run: () => void, ms: number) {
      const timer = { run, at: at + ms };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer: unknown) {
      timers = timers.filter((other) => other !== timer);
    },
    pending: () => timers.length,
    pass(ms: number) {
      const end = at + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        at = next.at;
        timers = timers.filter((other) => other !== next);
        next.run();
      }
      at = end;
    },
  };
}

let clock = fakeClock();
let fired: string[] = [];
let rules = createRules(() => {}, clock);

beforeEach(() => {
  clock = fakeClock();
  fired = [];
  rules = createRules((delivery) => fired.push(delivery), clock);
  rules.look(true);
});

describe("page rules", () => {
  test("come true after their time on the page, once", () => {
    rules.arm(
      [rule("late", { on: "time", seconds: 30 }), rule("now", { on: "time", seconds: 0 })],
      HERE,
    );
    expect(fired).toEqual(["dlv_now"]);
    clock.pass(29_999);
    expect(fired).toEqual(["dlv_now"]);
    clock.pass(1);
    clock.pass(60_000);
    expect(fired).toEqual(["dlv_now", "dlv_late"]);
    expect(clock.pending()).toBe(0);
  });

  test("count time only while the page is looked at, and keep no timer while it is not", () => {
    rules.arm([rule("a", { on: "time", seconds: 30 })], HERE);
    clock.pass(20_000);
    rules.look(false);
    expect(clock.pending()).toBe(0);
    clock.pass(60_000);
    expect(fired).toEqual([]);
    rules.look(true);
    clock.pass(9_999);
    expect(fired).toEqual([]);
    clock.pass(1);
    expect(fired).toEqual(["dlv_a"]);
  });

  test("begin anew on another page, and not when they are only told again", () => {
    const armed = [rule("a", { on: "time", seconds: 10 })];
    rules.arm(armed, HERE);
    clock.pass(6_000);
    rules.arm([...armed], HERE);
    clock.pass(3_000);
    rules.arm(armed, `${HERE}/2`);
    clock.pass(9_999);
    expect(fired).toEqual([]);
    clock.pass(1);
    expect(fired).toEqual(["dlv_a"]);
    rules.arm(armed, HERE);
    clock.pass(10_000);
    expect(fired).toEqual(["dlv_a", "dlv_a"]);
  });

  test("come true once on a page when they are armed again after they have, clicks excepted", () => {
    for (const on of ["exit", "scroll", "time", "inactivity", "click"] as const) {
      const moment = { on, seconds: 10, percent: 50, selector: "#a" } as PageMoment; // what each of them needs
      rules.arm([rule(`${on}1`, moment)], `${HERE}/${on}`);
      const happen = () => {
        rules.exit();
        rules.scroll(60);
        rules.click(() => true);
        clock.pass(20_000);
      };
      happen();
      rules.arm([rule(`${on}2`, moment)], `${HERE}/${on}`);
      happen();
      expect(clock.pending()).toBe(0);
    }
    expect(fired).toEqual([
      "dlv_exit1",
      "dlv_scroll1",
      "dlv_time1",
      "dlv_inactivity1",
      "dlv_click1",
      "dlv_click2",
    ]);
  });

  test("that are no longer armed do not come true", () => {
    rules.arm([rule("a", { on: "time", seconds: 10 })], HERE);
    rules.arm([], HERE);
    expect(clock.pending()).toBe(0);
    clock.pass(20_000);
    expect(fired).toEqual([]);
  });

  test("for other pages wait", () => {
    rules.arm([rule("a", { on: "exit" }, { op: "ends", value: "/cart" })], HERE);
    rules.exit();
    expect(fired).toEqual([]);
    rules.arm(
      [rule("a", { on: "exit" }, { op: "ends", value: "/cart" })],
      "https://shop.test/cart",
    );
    rules.exit();
    rules.exit();
    expect(fired).toEqual(["dlv_a"]);
  });

  test("of inactivity count from the last thing that the person did", () => {
    rules.arm([rule("a", { on: "inactivity", seconds: 10 })], HERE);
    clock.pass(8_000);
    rules.act();
    clock.pass(9_999);
    expect(fired).toEqual([]);
    clock.pass(1);
    expect(fired).toEqual(["dlv_a"]);
  });

  test("of scrolling come true at their share of the way", () => {
    rules.arm([rule("a", { on: "scroll", percent: 50 })], HERE);
    rules.scroll(49.9);
    expect(fired).toEqual([]);
    rules.scroll(50);
    rules.scroll(90);
    expect(fired).toEqual(["dlv_a"]);
  });

  test("of clicks come true where their selector matches", () => {
    rules.arm(
      [rule("a", { on: "click", selector: ".buy" }), rule("b", { on: "click", selector: ".no" })],
      HERE,
    );
    rules.click((selector) => selector === ".buy");
    expect(fired).toEqual(["dlv_a"]);
  });
});

describe("a fast scroll back up", () => {
  const run = (steps: [y: number, at: number][]) => {
    const upward = createUpward();
    return steps.some(([y, at]) => upward.moved(y, at));
  };

  test("is noticed", () => {
    expect(
      run([
        [1_000, 0],
        [900, 50],
        [780, 100],
        [640, 150],
      ]),
    ).toBe(true);
  });

  test("is not what a slow one, a short one, a way down or a jump of the page is", () => {
    expect(
      run([
        [1_000, 0],
        [900, 300],
        [780, 600],
        [640, 900],
      ]),
    ).toBe(false);
    expect(
      run([
        [1_000, 0],
        [950, 50],
        [900, 100],
        [850, 150],
      ]),
    ).toBe(false);
    expect(
      run([
        [0, 0],
        [400, 50],
        [800, 100],
        [1_200, 150],
      ]),
    ).toBe(false);
    expect(
      run([
        [1_000, 0],
        [0, 10],
      ]),
    ).toBe(false);
  });
});
