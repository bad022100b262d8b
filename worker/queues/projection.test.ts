import { createMessageBatch, createExecutionContext, getQueueResult } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { conversationName, visitorName } from "../../protocol/addresses.ts";
import { newId } from "../../protocol/ids.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import { conversationJob, message, OPERATOR, visitorJob } from "../testing/projection-jobs.ts";
import { env } from "../testing/operator-browser.ts";
import { consumeDeadProjections, consumeProjection } from "./projection.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const QUEUE = "parley-projection";
const workspace = newId("wsp", Date.now());

/** Objects that only write down what is confirmed to them, in order. */
function recordConfirmations(failing: (name: string) => boolean = () => false): string[] {
  const confirmed: string[] = [];
  const stubOf = (name: string) => ({
    confirmProjection: async (...numbers: number[]) => {
      if (failing(name)) throw new Error("the object is moving");
      confirmed.push(`${name} ${numbers.join(" ")}`);
    },
  });
  for (const namespace of [env.CONVERSATION, env.VISITOR]) {
    vi.spyOn(namespace, "getByName").mockImplementation((name) => stubOf(name) as never); // all that is called
  }
  return confirmed;
}

async function consume(
  jobs: unknown[],
  attempts = 1,
): Promise<{ acked: number[]; retried: number[]; delays: number[] }> {
  const messages = jobs.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    body,
    attempts,
  }));
  const batch = createMessageBatch(QUEUE, messages) as MessageBatch<ProjectionJob>;
  const retries = batch.messages.map((one) => vi.spyOn(one, "retry"));
  await consumeProjection(batch, env);
  const result = await getQueueResult(batch, createExecutionContext());
  return {
    acked: result.explicitAcks.map(Number).toSorted((a, b) => a - b),
    retried: result.retryMessages.map((retry) => Number(retry.msgId)).toSorted((a, b) => a - b),
    delays: retries.flatMap((retry) =>
      retry.mock.calls.map(([options]) => options?.delaySeconds ?? 0),
    ),
  };
}

const rows = async (table: string, id: string): Promise<Record<string, unknown>[]> =>
  (
    await env.DB.prepare(
      `SELECT * FROM ${table} WHERE workspace_id = ? AND ${table === "messages" ? "conversation_id" : "id"} = ?`,
    )
      .bind(workspace, id)
      .all()
  ).results;

describe("a projection", () => {
  it("writes state and entries, confirms them to the object, and only then is done", async () => {
    const confirmed = recordConfirmations();
    const conversation = newId("cnv", Date.now());
    const visitor = newId("vis", Date.now());
    const entries = [
      message(1, "it's <b>'quoted'</b> \u{1F375} \"text\""),
      {
        type: "note",
        seq: 2,
        at: 2,
        author: { kind: "operator", operator: OPERATOR },
        text: "secret",
        key: "s:2",
      } as const,
      { type: "assigned", seq: 3, at: 3, by: OPERATOR, to: null, note: "for you" } as const,
      { type: "closed", seq: 4, at: 4, by: OPERATOR } as const,
    ];
    const job = conversationJob(workspace, conversation, {
      version: 7,
      entries,
      assignee: OPERATOR.id,
    });
    expect(await consume([job, visitorJob(workspace, visitor, 3, "Ada")])).toEqual({
      acked: [0, 1],
      retried: [],
      delays: [],
    });
    expect(confirmed.toSorted()).toEqual(
      [
        `${conversationName(workspace, conversation)} 1 4 7`,
        `${visitorName(workspace, visitor)} 3`,
      ].toSorted(),
    );
    expect(await rows("conversations", conversation)).toMatchObject([
      {
        status: "open",
        assignee_id: OPERATOR.id,
        unread: 1,
        last_at: 1_000,
        version: 7,
        summary: JSON.stringify(job.summary),
      },
    ]);
    const written = await rows("messages", conversation);
    expect(written).toMatchObject([
      {
        seq: 1,
        visible_seq: 1,
        type: "message",
        author: "visitor",
        text: entries[0]?.type === "message" ? entries[0].text : "",
      },
      { seq: 2, visible_seq: null, type: "note", author: OPERATOR.id, text: "secret" },
      { seq: 3, visible_seq: null, type: "assigned", author: OPERATOR.id, text: "for you" },
      { seq: 4, visible_seq: null, type: "closed", author: OPERATOR.id, text: null },
    ]);
    expect(JSON.parse(String(written[2]?.["body"]))).toMatchObject({ type: "assigned", to: null });
    expect(await rows("visitors", visitor)).toMatchObject([
      { name: "Ada", email: "ada@example.com", phone: null, version: 3 },
    ]);
  });

  it("delivered twice, late or out of order changes nothing, and is confirmed each time", async () => {
    const confirmed = recordConfirmations();
    const conversation = newId("cnv", Date.now());
    const older = conversationJob(workspace, conversation, { version: 1 });
    const newer = conversationJob(workspace, conversation, {
      version: 2,
      from: 2,
      entries: [message(2)],
      status: "closed",
    });
    await consume([newer]);
    await consume([older]);
    await consume([newer, older, newer]);
    expect(await rows("conversations", conversation)).toMatchObject([
      { version: 2, status: "closed" },
    ]);
    expect((await rows("messages", conversation)).map((row) => row["seq"])).toEqual([1, 2]);
    expect(confirmed.length).toBe(5);
    const visitor = newId("vis", Date.now());
    await consume([visitorJob(workspace, visitor, 2, "New")]);
    await consume([visitorJob(workspace, visitor, 1, "Old")]);
    expect(await rows("visitors", visitor)).toMatchObject([{ name: "New", version: 2 }]);
  });

  it("confirms several jobs of one conversation in the order of their numbers", async () => {
    const confirmed = recordConfirmations();
    const conversation = newId("cnv", Date.now());
    const jobs = [3, 1, 2].map((seq) =>
      conversationJob(workspace, conversation, {
        version: seq,
        from: seq,
        entries: [message(seq)],
      }),
    );
    await consume(jobs);
    const name = conversationName(workspace, conversation);
    expect(confirmed).toEqual([`${name} 1 1 1`, `${name} 2 2 2`, `${name} 3 3 3`]);
    expect(await rows("conversations", conversation)).toMatchObject([{ version: 3 }]);
  });

  it("that cannot be written holds up none of the other 99", async () => {
    recordConfirmations();
    const poison: Record<number, unknown> = {
      13: null,
      26: { type: "ProjectConversation", workspace, conversation: "cnv_x" },
      39: { type: "SomethingNew", workspace },
      // Passes as JSON and fails in the database: a column that must not be null.
      52: {
        ...visitorJob(workspace, newId("vis", 1), 1),
        person: { ...visitorJob(workspace, newId("vis", 1), 1).person, placeholder: null },
      },
    };
    const good = Array.from({ length: 100 }, () => newId("cnv", Date.now()));
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const result = await consume(
      good.map((id, index) => (index in poison ? poison[index] : conversationJob(workspace, id))),
    );
    expect(quiet).toHaveBeenCalledTimes(4);
    expect(result.retried).toEqual([13, 26, 39, 52]);
    expect(result.acked.length).toBe(96);
    for (const [index, id] of good.entries()) {
      if (!(index in poison)) expect((await rows("messages", id)).length).toBe(1);
    }
  });

  it("is tried again when the object could not be told, and not when it could", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const [told, moving] = [newId("cnv", Date.now()), newId("cnv", Date.now())];
    recordConfirmations((name) => name === conversationName(workspace, moving));
    const result = await consume(
      [conversationJob(workspace, told), conversationJob(workspace, moving)],
      3,
    );
    expect(result).toEqual({ acked: [0], retried: [1], delays: [retryDelaySeconds(3)] });
  });

  it("is tried again whole when the database is away", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const confirmed = recordConfirmations();
    vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is overloaded"));
    const result = await consume(
      [1, 2, 3].map(() => conversationJob(workspace, newId("cnv", Date.now()))),
    );
    expect(result.retried).toEqual([0, 1, 2]);
    expect(confirmed).toEqual([]);
  });

  it("is written with one statement for each table and two for memberships and names, and long ones with a few", async () => {
    recordConfirmations();
    const batch = vi.spyOn(env.DB, "batch");
    const jobs = Array.from({ length: 50 }, () => [
      conversationJob(workspace, newId("cnv", Date.now()), { entries: [message(1), message(2)] }),
      visitorJob(workspace, newId("vis", Date.now()), 1),
    ]).flat();
    await consume(jobs);
    expect(batch.mock.calls.map(([statements]) => statements.length)).toEqual([7]);
    // A hundred jobs of the largest size are beyond what one bound value may hold.
    const long = Array.from({ length: 100 }, () =>
      conversationJob(workspace, newId("cnv", Date.now()), {
        entries: Array.from({ length: 10 }, (_, index) => message(index + 1, "ж".repeat(8_000))),
      }),
    );
    expect((await consume(long)).acked.length).toBe(100);
    expect(batch.mock.calls[1]?.[0].length).toBeGreaterThan(3);
  });

  it("waits a little at first, then longer, never more than ten minutes", () => {
    const delays = Array.from({ length: 14 }, (_, index) => retryDelaySeconds(index + 1));
    expect(delays.slice(0, 7)).toEqual([1, 2, 4, 4, 4, 4, 16]);
    expect(delays.toSorted((a, b) => a - b)).toEqual(delays);
    expect(Math.max(...delays)).toBe(600);
  });

  it("that every try failed for is kept for people to look at", async () => {
    const job = conversationJob(workspace, newId("cnv", Date.now()));
    const messages = [
      { id: "dead-1", timestamp: new Date(), body: job as unknown, attempts: 11 },
      { id: "dead-2", timestamp: new Date(), body: null, attempts: 11 },
    ];
    for (let times = 0; times < 2; times++) {
      const batch = createMessageBatch(
        "parley-projection-dead",
        messages,
      ) as MessageBatch<ProjectionJob>;
      await consumeDeadProjections(batch, env);
      const result = await getQueueResult(batch, createExecutionContext());
      expect(result.explicitAcks.toSorted()).toEqual(["dead-1", "dead-2"]);
    }
    const { results } = await env.DB.prepare(
      "SELECT * FROM dead_letters WHERE message LIKE 'dead-%' ORDER BY message",
    ).all();
    expect(results).toMatchObject([
      {
        queue: "parley-projection-dead",
        workspace_id: workspace,
        type: "ProjectConversation",
        body: JSON.stringify(job),
      },
      { workspace_id: null, type: "unknown", body: "null" },
    ]);
  });
});
