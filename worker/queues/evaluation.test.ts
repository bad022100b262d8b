import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { visitorName } from "../../protocol/addresses.ts";
import type { Condition } from "../../protocol/conditions.ts";
import { newId, type SegmentId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import type { BackfillSegment, EvaluationJob } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { archiveSegment, insertSegment, readSegment } from "../d1/segments.ts";
import { BACKFILL_PAGE_SIZE } from "../d1/segments-backfill.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { BACKFILL_TRIES, consumeDeadEvaluations, consumeEvaluation } from "./evaluation.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const TEAM = { online: [], others: [] };

/** Objects that only write down what they are asked, and the queue that further jobs go to. */
function recordCalls(failing: (name: string) => boolean = () => false) {
  const calls: string[] = [];
  const sent: EvaluationJob[] = [];
  const note = (name: string, what: string) => {
    if (failing(name)) throw new Error("the object is moving");
    calls.push(`${name} ${what}`);
  };
  vi.spyOn(env.VISITOR, "getByName").mockImplementation(
    (name) =>
      ({
        evaluate: async (team: unknown) => note(name, `evaluate ${JSON.stringify(team)}`),
        refresh: async () => note(name, "refresh"),
      }) as never, // all that is called
  );
  vi.spyOn(env.INBOX, "getByName").mockImplementation(() => ({ team: async () => TEAM }) as never); // all that is called
  vi.spyOn(env.EVALUATION, "send").mockImplementation(async (job) => {
    sent.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  return { calls, sent };
}

async function consume(jobs: unknown[], attempts = 1) {
  const messages = jobs.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    body,
    attempts,
  }));
  const batch = createMessageBatch("parley-evaluation", messages) as MessageBatch<EvaluationJob>;
  const retries = batch.messages.map((one) => vi.spyOn(one, "retry"));
  await consumeEvaluation(batch, env);
  const result = await getQueueResult(batch, createExecutionContext());
  return {
    acked: result.explicitAcks.map(Number).toSorted((a, b) => a - b),
    retried: result.retryMessages.map((retry) => Number(retry.msgId)).toSorted((a, b) => a - b),
    delays: retries.flatMap((retry) =>
      retry.mock.calls.map(([options]) => options?.delaySeconds ?? 0),
    ),
  };
}

function evaluateJob(workspace: WorkspaceId, visitor: VisitorId, firing = 1): EvaluationJob {
  return { type: "EvaluateVisitor", workspace, visitor, firing, version: 1 };
}

describe("an evaluation", () => {
  it("asks a visitor once for all jobs of a batch, and again when it is delivered again", async () => {
    const { calls } = recordCalls();
    const workspace = newId("wsp", Date.now());
    const [one, other] = [newId("vis", 1), newId("vis", 2)];
    const jobs = [
      evaluateJob(workspace, one, 1),
      evaluateJob(workspace, other, 1),
      evaluateJob(workspace, one, 2),
    ];
    expect(await consume(jobs)).toEqual({ acked: [0, 1, 2], retried: [], delays: [] });
    const asked = (visitor: VisitorId) =>
      `${visitorName(workspace, visitor)} evaluate ${JSON.stringify(TEAM)}`;
    expect(calls.toSorted()).toEqual([asked(one), asked(other)].toSorted());
    await consume(jobs);
    expect(calls.length).toBe(4);
  });

  it("that an object cannot take is tried again by itself, and holds up none of the others", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const workspace = newId("wsp", Date.now());
    const moving = newId("vis", 3);
    recordCalls((name) => name === visitorName(workspace, moving));
    const jobs = [
      evaluateJob(workspace, newId("vis", 4)),
      evaluateJob(workspace, moving, 1),
      null,
      evaluateJob(workspace, moving, 2),
      { type: "SomethingNew", workspace },
      evaluateJob(workspace, newId("vis", 5)),
    ];
    const delay = retryDelaySeconds(3);
    expect(await consume(jobs, 3)).toEqual({
      acked: [0, 5],
      retried: [1, 2, 3, 4],
      delays: [delay, delay, delay, delay],
    });
  });

  it("that every try failed for is kept for people to look at", async () => {
    const workspace = newId("wsp", Date.now());
    const job = evaluateJob(workspace, newId("vis", 6));
    for (let times = 0; times < 2; times++) {
      const batch = createMessageBatch("parley-evaluation-dead", [
        { id: "dead-evaluation-1", timestamp: new Date(), body: job as unknown, attempts: 31 },
        { id: "dead-evaluation-2", timestamp: new Date(), body: null, attempts: 31 },
      ]) as MessageBatch<EvaluationJob>;
      await consumeDeadEvaluations(batch, env);
      const result = await getQueueResult(batch, createExecutionContext());
      expect(result.explicitAcks.length).toBe(2);
    }
    const { results } = await env.DB.prepare(
      "SELECT * FROM dead_letters WHERE message LIKE 'dead-evaluation-%' ORDER BY message",
    ).all();
    expect(results).toMatchObject([
      { workspace_id: workspace, type: "EvaluateVisitor", body: JSON.stringify(job) },
      { workspace_id: null, type: "unknown" },
    ]);
  });
});

const isAda: Condition = {
  type: "property",
  key: "name",
  is: { type: "text", test: { op: "is", value: "Ada" } },
};

describe("a back-fill", () => {
  it("looks at those who may belong or did, a page at a time, and at nobody else", async () => {
    const { calls, sent } = recordCalls();
    const { workspace, segment, job } = await savedSegment(isAda);
    const adas = Array.from({ length: BACKFILL_PAGE_SIZE + 5 }, () => newId("vis", Date.now()));
    const [member, stranger] = [newId("vis", 1), newId("vis", 2)];
    await writeProjections(env.DB, [
      ...adas.map((id) => rowsOf(visitorJob(workspace, id, 1, "Ada"))),
      rowsOf(visitorJob(workspace, stranger, 1, "Bob")),
      rowsOf({
        ...visitorJob(workspace, member, 1, "Bob"),
        person: {
          ...visitorJob(workspace, member, 1, "Bob").person,
          segments: [{ id: segment, since: 1 }],
        },
      }),
    ]);
    let jobs: EvaluationJob[] = [job];
    for (let steps = 0; jobs.length > 0 && steps < 10; steps++) {
      expect((await consume(jobs)).acked.length).toBe(jobs.length);
      jobs = sent.splice(0);
    }
    expect(jobs).toEqual([]);
    const wanted = [...adas, member].map((id) => `${visitorName(workspace, id)} refresh`);
    expect(calls.toSorted()).toEqual(wanted.toSorted());
  });

  it("finds whoever time alone may bring", async () => {
    const { calls } = recordCalls();
    const { workspace, job } = await savedSegment({
      type: "seen",
      which: "last",
      is: { op: "before_span", span: { n: 30, unit: "day" } },
    });
    const visitor = newId("vis", Date.now());
    const recent = visitorJob(workspace, visitor, 1);
    const person = { ...recent.person, lastSeenAt: Date.now() };
    await writeProjections(env.DB, [rowsOf({ ...recent, person })]);
    await consume([job]);
    expect(calls).toEqual([`${visitorName(workspace, visitor)} refresh`]);
  });

  it("goes on without somebody whose object never answers, after some tries", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    // The oldest is on the first page: ids of one millisecond are in no order.
    const silent = newId("vis", 8);
    const others = Array.from({ length: BACKFILL_PAGE_SIZE + 5 }, () => newId("vis", Date.now()));
    const { workspace, job } = await savedSegment(isAda);
    const { calls, sent } = recordCalls((name) => name === visitorName(workspace, silent));
    await writeProjections(
      env.DB,
      [silent, ...others].map((id) => rowsOf(visitorJob(workspace, id, 1, "Ada"))),
    );
    expect((await consume([job], BACKFILL_TRIES - 1)).retried).toEqual([0]);
    expect(sent).toEqual([]);
    expect((await consume([job], BACKFILL_TRIES)).acked).toEqual([0]);
    expect((await consume(sent)).acked).toEqual([0]);
    const asked = others.map((id) => `${visitorName(workspace, id)} refresh`);
    expect([...new Set(calls)].toSorted()).toEqual(asked.toSorted());
  });

  it("stops when the segment has a newer version, is archived, or never was", async () => {
    const { calls, sent } = recordCalls();
    const { workspace, segment, job } = await savedSegment(isAda);
    await writeProjections(env.DB, [rowsOf(visitorJob(workspace, newId("vis", 7), 1, "Ada"))]);
    expect((await consume([{ ...job, version: 2 }])).acked).toEqual([0]);
    const row = await readSegment(env.DB, workspace, segment);
    if (row === null) throw new Error("not saved");
    await archiveSegment(env.DB, workspace, row, Date.now());
    expect((await consume([job])).acked).toEqual([0]);
    expect((await consume([{ ...job, segment: newId("seg", 1) }])).acked).toEqual([0]);
    expect(calls).toEqual([]);
    expect(sent).toEqual([]);
  });
});

async function savedSegment(
  condition: Condition,
): Promise<{ workspace: WorkspaceId; segment: SegmentId; job: BackfillSegment }> {
  const workspace = newId("wsp", Date.now());
  await env.DB.prepare(
    `INSERT INTO workspaces (id, name, site_key, widget, origins, version, created_at)
     VALUES (?1, 'Shop', ?1, '{}', '[]', 1, 1)`,
  )
    .bind(workspace)
    .run();
  const segment = newId("seg", Date.now());
  await insertSegment(env.DB, workspace, segment, { name: "A", description: "", condition }, 1);
  return {
    workspace,
    segment,
    job: { type: "BackfillSegment", workspace, segment, version: 1, after: "" },
  };
}
