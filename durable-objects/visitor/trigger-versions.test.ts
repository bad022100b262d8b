import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Condition } from "../../protocol/conditions.ts";
import type { EvaluationJob } from "../../protocol/jobs.ts";
import type { ObjectBindings } from "../bindings.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { SEGMENT, setDefinitions, TRIGGER, trigger } from "../testing/definitions.ts";
import { heldEvaluationJobs } from "../testing/evaluation-jobs.ts";
import { Guest } from "../testing/guest.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

let jobs: EvaluationJob[] = [];
beforeEach(() => {
  jobs = heldEvaluationJobs(bindings);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

test("an event that fired a trigger's former version does not fire the one that replaced it", async () => {
  const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
  const { workspace } = guest.ids;
  // Published a moment before the event, and read by this isolate a moment after.
  await guest.track("Bell Rung");
  await guest.decides();
  await setDefinitions(bindings.DB, workspace, { triggers: { [TRIGGER]: trigger() } });
  await bindings.DB.prepare(
    "UPDATE trigger_versions SET live_at = live_at - 5000 WHERE workspace_id = ?",
  )
    .bind(workspace)
    .run();
  await guest.passes(1_000);
  await guest.decides();
  expect(await guest.deliveries()).toHaveLength(1);
});

test("definitions that come between an event and its evaluation meet what happened since they went live", async () => {
  const guest = await Guest.arrive({});
  const before = bindings.DB.batch.bind(bindings.DB);
  await guest.track("Bell Rung");
  await setDefinitions(bindings.DB, guest.ids.workspace, { triggers: { [TRIGGER]: trigger() } });
  await guest.passes(1_000);
  expect(jobs).toEqual([]);
  // The next one happens while this isolate cannot read them.
  vi.spyOn(bindings.DB, "batch").mockRejectedValue(new Error("D1 is away"));
  await guest.track("Bell Rung");
  vi.spyOn(bindings.DB, "batch").mockImplementation(before);
  await guest.passes(10_000);
  await guest.decides();
  expect(await guest.deliveries()).toHaveLength(1);
});

test("what happened while no definitions could be read counts once in those that are read then", async () => {
  const guest = new Guest();
  const twice: Condition = {
    type: "event",
    name: "Bell Rung",
    within: { n: 1, unit: "day" },
    times: { op: "at_least", n: 2 },
  };
  await setDefinitions(bindings.DB, guest.ids.workspace, { segments: { [SEGMENT]: twice } });
  const read = bindings.DB.batch.bind(bindings.DB);
  const segments = async () => (await guest.object.card())?.segments.map(({ id }) => id);
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(bindings.DB, "batch").mockRejectedValue(new Error("D1 is away"));
  await guest.boot();
  await guest.track("Bell Rung");
  vi.spyOn(bindings.DB, "batch").mockImplementation(read);
  await guest.passes(10_000);
  expect(await segments()).toEqual([]);
  await guest.sleeps();
  await guest.track("Bell Rung");
  expect(await segments()).toEqual([SEGMENT]);
});
