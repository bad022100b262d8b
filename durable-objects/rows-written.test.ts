import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepTo } from "./testing/figures.ts";
import { Stage } from "./testing/stage.ts";

/**
 * What the platform bills by the row, counted and not timed: every row of every object and of D1, indexes and alarms
 * included. The figures are kept with the tests, for the benchmarks to print.
 */

let stage: Stage;
let said = 0;
beforeEach(async () => {
  stage = await Stage.set();
  said = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const SECOND_MS = 1_000;
/** An object that nobody speaks to is asleep after this. */
const AWAKE_MS = 10 * SECOND_MS;

/** Rows that a piece of work writes for each of its units. */
async function rowsPer(
  units: number,
  of: "objects" | "everything",
  work: () => Promise<void>,
): Promise<number> {
  const before = { ...stage.rows };
  await work();
  const objects = stage.rows.objects - before.objects;
  const database = stage.rows.database - before.database;
  return (of === "objects" ? objects : objects + database) / units;
}

async function converse(messages: number, everyMs: number, withReading: boolean): Promise<void> {
  for (const end = said + messages; said < end;) {
    const isVisitors = ++said % 2 === 1;
    const [from, to] = isVisitors
      ? [stage.sockets.chat, stage.sockets.operator]
      : [stage.sockets.operator, stage.sockets.chat];
    await stage.act(async () => from.send({ t: "typing", on: true }));
    await stage.pass(3 * SECOND_MS);
    await stage.act(async () => {
      const n = Math.ceil(said / 2);
      await from.ask({ t: "message", stream: "s", n, text: `message ${said}` });
      if (withReading) await to.ask({ t: "read", through: Number.MAX_SAFE_INTEGER });
    });
    await stage.pass(AWAKE_MS);
    await stage.sleep();
    await stage.pass(everyMs - AWAKE_MS - 3 * SECOND_MS);
  }
}

test("rows per message at a human pace, everything counted", async (context) => {
  await converse(2, 30 * SECOND_MS, false);
  const rows = await rowsPer(40, "everything", () => converse(40, 30 * SECOND_MS, false));
  keepTo(context, { figure: rows, unit: "rows", budget: 8 });
});

test("rows per message at a human pace that is read at once, everything counted", async (context) => {
  await converse(2, 30 * SECOND_MS, false);
  const rows = await rowsPer(40, "everything", () => converse(40, 30 * SECOND_MS, true));
  keepTo(context, { figure: rows, unit: "rows", budget: 12 });
});

test("rows in objects per message under continuous load", async (context) => {
  const rows = await rowsPer(600, "objects", async () => {
    for (let n = 1; n <= 600; n++) {
      await stage.act(() =>
        stage.sockets.chat.ask({ t: "message", stream: "s", n, text: `message ${n}` }),
      );
      await stage.pass(SECOND_MS / 10);
    }
  });
  keepTo(context, { figure: rows, unit: "rows", budget: 1.5 });
});

test("rows in objects per event under continuous load, in batches of ten", async (context) => {
  const rows = await rowsPer(1_000, "objects", async () => {
    for (let first = 1; first <= 1_000; first += 10) {
      const facts = Array.from({ length: 10 }, (_, index) => ({
        type: "track",
        n: first + index,
        at: Date.now(),
        name: "Product Viewed",
        props: { product_id: `kettle-${index}` },
      }));
      await stage.act(() =>
        stage.sockets.page.ask({ t: "events", stream: "s", sentAt: Date.now(), facts }),
      );
      await stage.pass(SECOND_MS);
    }
  });
  keepTo(context, { figure: rows, unit: "rows", budget: 0.3 });
});

test("a conversation that rests has no alarm set and owes nothing when it wakes", async () => {
  await converse(2, 30 * SECOND_MS, true);
  expect(await stage.conversationAlarm()).toBeNull();
  await stage.pass(600 * SECOND_MS);
  expect(await stage.conversationAlarm()).toBeNull();
});
