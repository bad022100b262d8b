import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EvaluationJob } from "../protocol/jobs.ts";
import type { ToPage } from "../protocol/visitor-frames.ts";
import type { Env } from "../worker/env.ts";
import { consumeEvaluation } from "../worker/queues/evaluation.ts";
import { popup, setDefinitions, TRIGGER, trigger } from "./testing/definitions.ts";
import { keepTo } from "./testing/figures.ts";
import { eventually } from "./testing/eventually.ts";
import { Stage } from "./testing/stage.ts";

/**
 * What the platform bills by the row, counted and not timed: every row of every object and of D1, indexes and alarms
 * included. The figures are kept with the tests, for the benchmarks to print.
 */

type ToldMoments = Extract<ToPage, { t: "moments" }>;

const bindings = env as unknown as Env; // the test's env is the Worker's

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

/** A pop-up goes live in the stage's workspace. Resolves with a list that jobs of its evaluations are put into. */
async function goLive(): Promise<EvaluationJob[]> {
  const [job] = vi.mocked(bindings.PROJECTION.send).mock.calls[0] ?? [];
  if (job === undefined) throw new Error("nothing was projected yet");
  const definition = trigger({
    variants: [{ id: "a", name: "A", weight: 1, action: popup("You rang.") }],
  });
  await setDefinitions(bindings.DB, job.workspace, { triggers: { [TRIGGER]: definition } });
  const jobs: EvaluationJob[] = [];
  vi.spyOn(bindings.EVALUATION, "send").mockImplementation(async (evaluation) => {
    jobs.push(evaluation);
    return {} as QueueSendResponse; // nobody reads it
  });
  return jobs;
}

async function evaluate(jobs: EvaluationJob[]): Promise<void> {
  await eventually(() => expect(jobs).not.toEqual([]));
  const messages = jobs.splice(0).map((body) => ({
    id: crypto.randomUUID(),
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  await consumeEvaluation(createMessageBatch("parley-evaluation", messages), bindings);
}

/** Pop-ups one after the other, each fired by an event, seen and closed. */
async function beGreeted(times: number, everyMs: number, jobs: EvaluationJob[]): Promise<void> {
  const { page } = stage.sockets;
  const tell = (...facts: object[]) => {
    const at = Date.now();
    const numbered = facts.map((fact) => ({ n: ++said, at, ...fact }));
    return page.ask({ t: "events", stream: "greeted", sentAt: at, facts: numbered });
  };
  for (let time = 0; time < times; time++) {
    const before = page.ofType("moments").length;
    await stage.act(async () => {
      await tell({ type: "track", name: "Bell Rung" });
      await evaluate(jobs);
    });
    const told = page.ofType("moments").slice(before) as ToldMoments[]; // as the protocol has them
    const delivery = told.at(-1)?.moments.shown[0]?.delivery;
    expect(delivery).toBeDefined();
    await stage.pass(3 * SECOND_MS);
    await stage.act(() =>
      tell(...["seen", "closed"].map((did) => ({ type: "reaction", delivery, did }))),
    );
    await stage.pass(AWAKE_MS);
    await stage.sleep();
    await stage.pass(everyMs - AWAKE_MS - 3 * SECOND_MS);
  }
}

test("rows per pop-up that an event fires, seen and closed, everything counted", async (context) => {
  const jobs = await goLive();
  await beGreeted(2, 30 * SECOND_MS, jobs);
  const rows = await rowsPer(40, "everything", () => beGreeted(40, 30 * SECOND_MS, jobs));
  keepTo(context, { figure: rows, unit: "rows", budget: 24 });
});

test("a conversation that rests has no alarm set and owes nothing when it wakes", async () => {
  await converse(2, 30 * SECOND_MS, true);
  expect(await stage.conversationAlarm()).toBeNull();
  await stage.pass(600 * SECOND_MS);
  expect(await stage.conversationAlarm()).toBeNull();
});
