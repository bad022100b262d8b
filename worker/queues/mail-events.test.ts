import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import type { Colleagues } from "../../protocol/operator-api.ts";
import { toldEvent } from "../dev/told-event.ts";
import { isSuppressed } from "../d1/suppressions.ts";
import { answerIn, begunByMail, fates } from "../testing/mail-conversation.ts";
import { collectJobs, countingTransport, deliverJobs } from "../testing/mail-stage.ts";
import { env, mailsDuring } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { consumeDeadMailEvents, consumeMailEvents } from "./mail-events.ts";

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("mail-events");
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function deliver(bodies: unknown[], consume = consumeMailEvents) {
  const batch = createMessageBatch(
    "parley-mail-events",
    bodies.map((body, index) => ({
      id: String(index),
      timestamp: new Date(),
      attempts: 1,
      body,
    })),
  );
  await consume(batch, env);
  return getQueueResult(batch, createExecutionContext());
}

const event = (type: string, messageId: string, eventId: string = crypto.randomUUID()): object =>
  toldEvent({ type, messageId, eventId, recipient: "ada@corp.example", at: Date.now() });

async function sent() {
  const jobs = collectJobs();
  const begun = await begunByMail(workspace);
  await answerIn(begun.socket, "It left us today.");
  await eventually(() => expect(jobs.length).toBe(1));
  await deliverJobs(jobs, countingTransport());
  const [job] = jobs;
  if (job === undefined) throw new Error("no job");
  const log = () =>
    peersOf(env).conversation(workspace.me.workspace.id, begun.conversation).log(0, 100);
  return { ...begun, job, log };
}

it("what Cloudflare says of a mail stands on the message, ten times and in any order", async () => {
  const { job, log, address } = await sent();
  const [bounced, delivered] = [event("bounced", job.id), event("delivered", `<${job.id}>`)];
  const { explicitAcks } = await deliver(
    Array.from({ length: 10 }, () => [bounced, delivered]).flat(),
  );
  expect(explicitAcks.length).toBe(20);
  expect(fates(await log()).at(-1)).toBe("bounced");
  expect(fates(await log()).filter((state) => state === "bounced").length).toBe(1);
  expect(await isSuppressed(env.DB, workspace.me.workspace.id, address.toUpperCase())).toBe(true);
});

it("a delay and what the provider itself gives up are told apart, and hold no address back", async () => {
  const { job, log, address } = await sent();
  await deliver([event("deferred", job.id)]);
  await deliver([event("rejected", job.id)]);
  expect(fates(await log())).toEqual(["queued", "sent", "delayed", "dropped"]);
  expect((await log()).at(-1)).toMatchObject({ code: "spam" });
  expect(await isSuppressed(env.DB, workspace.me.workspace.id, address)).toBe(false);
});

it("what is no event of a mail is done with", async () => {
  const foreign = [null, "text", {}, { type: "cf.r2.bucket.created", payload: {} }];
  expect((await deliver(foreign)).explicitAcks.length).toBe(foreign.length);
});

it("an event whose conversation cannot be told comes again, and only that one", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const { job, log } = await sent();
  vi.spyOn(env.CONVERSATION, "getByName").mockImplementationOnce(() => {
    throw new Error("lost");
  });
  const bounced = event("bounced", job.id);
  const result = await deliver([bounced, event("delivered", "nobody-knows")]);
  expect(result.explicitAcks).toEqual(["1"]);
  expect(result.retryMessages.map((message) => message.msgId)).toEqual(["0"]);
  expect((await deliver([bounced])).explicitAcks).toEqual(["0"]);
  expect(fates(await log())).toEqual(["queued", "sent", "bounced"]);
});

it("an event that every try failed for is kept without the mail's subject and address", async () => {
  const { job } = await sent();
  const { explicitAcks } = await deliver([event("bounced", job.id)], consumeDeadMailEvents);
  expect(explicitAcks).toEqual(["0"]);
  const row = await env.DB.prepare("SELECT body FROM dead_letters WHERE type = 'MailEvent'").first<{
    body: string;
  }>();
  expect(row?.body).toContain(job.id);
  expect(row?.body).not.toContain("ada@corp.example");
});

it("an invitation whose mail came back says so", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  const jobs = await mailsDuring(() =>
    workspace.owner.call("POST", "/api/operators/invite", { email, role: "agent" }),
  );
  await deliverJobs(jobs, countingTransport());
  await deliver([event("bounced", jobs[0]?.id ?? "")]);
  const { invitations } = await workspace.owner.call<Colleagues>("GET", "/api/operators");
  expect(invitations.find((one) => one.email === email)?.mail).toBe("failed");
});
