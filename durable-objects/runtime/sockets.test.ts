import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { conversationName } from "../../protocol/addresses.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import {
  DEVICE_SOCKETS_MAX,
  JOB_MAX_BYTES,
  JOB_MAX_MESSAGES,
  MESSAGE_TEXT_MAX,
  OPERATOR_SOCKETS_MAX,
  SOCKET_BURST,
} from "../../protocol/limits.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { ConversationContract } from "../contracts.ts";
import {
  freshIds,
  OLIVIA,
  openOperatorSocket,
  openVisitorSocket,
  type TestSocket,
} from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
afterEach(() => vi.restoreAllMocks());

async function begin() {
  const ids = freshIds();
  const object = bindings.CONVERSATION.getByName(
    conversationName(ids.workspace, ids.conversation),
  ) as unknown as ConversationContract;
  const label = { id: ids.visitor, name: null, placeholder: "Amber Otter", email: null };
  await object.begin(label);
  return { ...ids, object };
}

test.each([
  ["a device", DEVICE_SOCKETS_MAX],
  ["a session", OPERATOR_SOCKETS_MAX],
] as const)("%s may hold %d sockets; one more closes the oldest", async (who, max) => {
  const { object, device } = await begin();
  const open = (): Promise<TestSocket> =>
    who === "a device" ? openVisitorSocket(object, device) : openOperatorSocket(object, OLIVIA);
  const sockets: TestSocket[] = [];
  for (let i = 0; i < max; i++) sockets.push(await open());
  await sockets[0]?.ask({ t: "resume", after: 0 });
  expect(sockets.map((socket) => socket.closed)).toEqual(sockets.map(() => null));
  const newest = await open();
  expect((await sockets[0]?.untilClosed())?.code).toBe(4409);
  await newest.ask({ t: "resume", after: 0 });
  await sockets[1]?.ask({ t: "resume", after: 0 });
});

test("a burst of commands at the limit is answered, one above it closes the socket", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const { object, device } = await begin();
    const socket = await openVisitorSocket(object, device);
    const asked = Array.from({ length: SOCKET_BURST }, () => socket.ask({ t: "resume", after: 0 }));
    expect(await Promise.all(asked)).toHaveLength(SOCKET_BURST);
    socket.send({ t: "resume", id: "one-more", after: 0 });
    expect((await socket.untilClosed()).code).toBe(4429);
  } finally {
    vi.useRealTimers();
  }
});

test("a signal of typing is passed on once a second, its end at once", async () => {
  const { object, device } = await begin();
  const operator = await openOperatorSocket(object, OLIVIA);
  const visitor = await openVisitorSocket(object, device);
  for (let i = 0; i < 20; i++) visitor.send({ t: "typing", on: true });
  visitor.send({ t: "typing", on: false });
  await operator.until((frame) => frame["t"] === "typing" && frame["on"] === false);
  for (let i = 0; i < 20; i++) visitor.send({ t: "typing", on: i % 2 === 0 });
  await visitor.ask({ t: "read", through: 0 });
  expect(operator.ofType("typing").map((frame) => frame["on"])).toEqual([true, false]);
  expect(await object.log(0, 10)).toEqual([]);
});

test("jobs keep to the queue's limits, and what does not fit in one follows in the next", async () => {
  const jobs: ProjectionJob[] = [];
  vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
    jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  const { object, device } = await begin();
  const total = JOB_MAX_MESSAGES + 1;
  for (let n = 1; n <= total; n++) {
    await object.receive(device, { stream: "s", n, text: `${n} `.padEnd(MESSAGE_TEXT_MAX, "茶") });
  }
  const seen = new Set<number>();
  for (let rounds = 0; seen.size < total && rounds < 100; rounds++) {
    await vi.waitUntil(() => jobs.length > 0, { timeout: 20_000 });
    const job = jobs.shift();
    if (job?.type !== "ProjectConversation") throw new Error("another job");
    expect(new TextEncoder().encode(JSON.stringify(job)).length).toBeLessThan(128_000);
    expect(job.entries.length).toBeGreaterThan(0);
    expect(job.entries.length).toBeLessThanOrEqual(JOB_MAX_MESSAGES);
    for (const entry of job.entries) seen.add(entry.seq);
    await object.confirmProjection(job.from, job.through, job.summary.version);
  }
  expect([...seen].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: total }, (_, i) => i + 1),
  );
  expect(JOB_MAX_BYTES).toBeLessThan(128_000);
}, 60_000);
