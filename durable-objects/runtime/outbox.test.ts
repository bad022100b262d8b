import { describe, expect, test } from "vitest";
import { PUSH_INTERVAL_MS } from "../../protocol/limits.ts";
import { Outbox, PUSH_PATIENCE_MS, retryDelayMs, STORED_PAUSE_MAX_MS } from "./outbox.ts";
import { Timers } from "./timers.ts";

/** A destination that answers as told, over a clock that the test moves. */
function setUp(
  options: {
    confirmed?: number;
    answer?: () => Promise<"confirmed" | "accepted">;
    pauseMaxMs?: number;
  } = {},
) {
  const world = { now: 1_000_000, version: 0, pushed: [] as number[], moved: [] as number[] };
  const timers = new Timers(
    () => {},
    () => world.now,
  );
  const outbox = new Outbox<"list">(timers, (_, confirmed) => world.moved.push(confirmed), {
    now: () => world.now,
    random: () => 0.5,
  });
  outbox.add(
    "list",
    options.confirmed ?? 0,
    () => world.version,
    async () => {
      world.pushed.push(world.version);
      return options.answer === undefined ? "confirmed" : options.answer();
    },
    options.pauseMaxMs,
  );
  const change = async () => {
    world.version++;
    await Promise.all(outbox.changed("list"));
  };
  const pass = async (ms: number) => {
    for (const end = world.now + ms; world.now < end;) {
      world.now += 50;
      await outbox.run(timers.take(world.now));
      timers.rearm();
    }
  };
  return { world, timers, outbox, change, pass };
}

describe("an outbox", () => {
  test("pushes the first change at once and what follows once a second, newest state only", async () => {
    const { world, change, pass } = setUp();
    for (let i = 0; i < 10; i++) await change();
    expect(world.pushed).toEqual([1]);
    await pass(PUSH_INTERVAL_MS);
    expect(world.pushed).toEqual([1, 10]);
    await pass(60_000);
    expect(world.pushed).toEqual([1, 10]);
    expect(world.moved).toEqual([1, 10]);
  });

  test("while changes keep coming the pause grows to its longest, and the last one still arrives", async () => {
    const { world, outbox, change, pass } = setUp({ pauseMaxMs: STORED_PAUSE_MAX_MS });
    const begunAt = world.now;
    const pushedAt: number[] = [];
    for (let i = 0; i < 200; i++) {
      await change();
      await pass(100);
      if (pushedAt.length < world.pushed.length)
        pushedAt.push(Math.floor((world.now - begunAt) / 1_000));
    }
    expect(pushedAt).toEqual([0, 1, 3, 7, 12, 17]);
    await pass(STORED_PAUSE_MAX_MS);
    expect(outbox.isSettled()).toBe(true);
    await pass(2 * STORED_PAUSE_MAX_MS);
    await change();
    expect(world.pushed.at(-1)).toBe(world.version);
    await change();
    await pass(PUSH_INTERVAL_MS);
    expect(world.pushed.at(-1)).toBe(world.version);
  });

  test("a clock that is set back keeps no push away", async () => {
    const { world, change, pass } = setUp();
    await change();
    world.now -= 3_600_000;
    await change();
    await pass(PUSH_INTERVAL_MS);
    expect(world.pushed).toEqual([1, 2]);
  });

  test("a push that fails is made again until it succeeds", async () => {
    let isDown = true;
    const { world, outbox, change, pass } = setUp({
      answer: async () => {
        if (isDown) throw new Error("down");
        return "confirmed";
      },
    });
    await change();
    await pass(20_000);
    expect(world.moved).toEqual([]);
    expect(world.pushed.length).toBeGreaterThanOrEqual(4);
    isDown = false;
    await pass(5_000);
    expect(outbox.isBehind("list")).toBe(false);
  });

  test("a push that does not end is made again after a while, and what its late end tells is taken", async () => {
    const ends: ((answer: "confirmed") => void)[] = [];
    const { world, timers, outbox } = setUp({
      answer: () => new Promise((resolve) => ends.push(resolve)),
    });
    const turn = () => {
      void outbox.run(timers.take(world.now));
      timers.rearm();
    };
    const settle = () => new Promise((resolve) => setTimeout(resolve));
    const begunAt = world.now;
    world.version++;
    void outbox.changed("list");
    for (; world.now < begunAt + PUSH_PATIENCE_MS - 1; world.now++) turn();
    expect(world.pushed).toEqual([1]);
    for (; world.now < begunAt + 2 * PUSH_PATIENCE_MS - 1; world.now++) turn();
    expect(world.pushed).toEqual([1, 1]);
    world.version++;
    ends[0]?.("confirmed");
    await settle();
    expect([world.moved, outbox.isBehind("list")]).toEqual([[1], true]);
    // The second one is on its way still, and nothing is pushed beside it.
    void outbox.changed("list");
    turn();
    expect(world.pushed).toEqual([1, 1]);
    ends[1]?.("confirmed");
    await settle();
    for (let ms = 0; ms < 5_000; ms++, world.now++) turn();
    expect(world.pushed).toEqual([1, 1, 2]);
  });

  test("an accepted push moves nothing until the effect is confirmed", async () => {
    const { world, outbox, change, pass } = setUp({ answer: async () => "accepted" });
    await change();
    expect(outbox.isBehind("list")).toBe(true);
    await pass(10_000);
    expect(world.pushed.length).toBeGreaterThan(1);
    outbox.confirm("list", 1);
    outbox.confirm("list", 1);
    outbox.confirm("list", 0);
    expect(world.moved).toEqual([1]);
    const pushes = world.pushed.length;
    await pass(60_000);
    expect(world.pushed).toHaveLength(pushes);
  });

  test("when a part was confirmed, the rest leaves at once", async () => {
    const { world, outbox, change } = setUp({ answer: async () => "accepted" });
    await change();
    await change();
    await outbox.pushRest("list");
    expect(world.pushed).toEqual([1, 2]);
    outbox.confirm("list", 2);
    await outbox.pushRest("list");
    expect(world.pushed).toEqual([1, 2]);
  });

  test("a waking object that lags owes a push by itself", async () => {
    const { world, outbox, timers } = setUp();
    world.version = 3;
    const woken = new Outbox<"list">(timers, () => {}, { now: () => world.now, random: () => 0.5 });
    const pushed: number[] = [];
    woken.add(
      "list",
      2,
      () => 3,
      async () => {
        pushed.push(3);
        return "confirmed";
      },
    );
    world.now += PUSH_INTERVAL_MS;
    await woken.run(timers.take(world.now));
    expect(pushed).toEqual([3]);
    expect(outbox.isBehind("list")).toBe(true);
  });

  test("pauses are capped at 4 seconds in the first minute and grow to ten minutes after", () => {
    expect([0, 1, 2, 3, 10].map((attempt) => retryDelayMs(attempt, 59_999))).toEqual([
      1_000, 2_000, 4_000, 4_000, 4_000,
    ]);
    expect(retryDelayMs(6, 60_000)).toBe(64_000);
    expect(retryDelayMs(30, 3_600_000)).toBe(600_000);
  });
});
