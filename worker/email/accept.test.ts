import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { OLIVIA } from "../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { OperatorEntry } from "../../protocol/entries.ts";
import { answerIn, begunByMail, mailedAnswer, messages } from "../testing/mail-conversation.ts";
import { arrive, changed, collectJobs, written } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("accept");
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A conversation by email, answered once, with its reply address. */
async function answered() {
  const sent = await mailedAnswer(workspace);
  const of = peersOf(env).conversation(workspace.me.workspace.id, sent.conversation);
  const log = (): Promise<OperatorEntry[]> => of.log(0, 100);
  const accept = (seq: number): Promise<unknown> =>
    workspace.owner.call("POST", `/api/conversations/${sent.conversation}/accept`, { seq });
  return { ...sent, of, log, accept };
}

const EVE = "ada@her-other-address.example";

describe("a mail of somebody else", () => {
  it("becomes the person's message when an operator takes it as theirs, once, also after eviction", async () => {
    const { conversation, of, to, log, accept } = await answered();
    await arrive(written({ from: EVE, to, subject: "Re", text: "From my other address." }), to);
    const aside = (await log()).at(-1)?.seq ?? 0;
    expect(messages(await log()).length).toBe(2);
    for (let n = 0; n < 3; n++) await accept(aside);
    await evictDurableObject(
      env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, conversation)),
    );
    await accept(aside);
    const all = messages(await log());
    expect(all.length).toBe(3);
    expect(all.at(-1)).toMatchObject({
      author: { kind: "visitor" },
      text: "From my other address.",
      accepted: { aside, by: { name: "Owner" } },
      mail: { from: EVE, isProven: false },
    });
    expect(await of.summary()).toMatchObject({
      last: { text: "From my other address." },
      unread: 1,
    });
  });

  it("proves nothing: answers go where they went, and its sender is a stranger the next time too", async () => {
    const { of, socket, to, jobs, address, log, accept } = await answered();
    await arrive(written({ from: EVE, to, subject: "Re", text: "One." }), to);
    await accept((await log()).at(-1)?.seq ?? 0);
    expect(await of.summary()).toMatchObject({ mail: { address, isProven: true } });
    await arrive(written({ from: EVE, to, subject: "Re", text: "Two." }), to);
    expect((await log()).at(-1)).toMatchObject({ type: "aside", why: "stranger" });
    await answerIn(socket, "We see.");
    await eventually(() => expect(jobs.length).toBe(2));
    expect(jobs[1]?.to).toBe(address);
    const { results } = await env.DB.prepare("SELECT 1 FROM mail_visitors WHERE address = ?")
      .bind(EVE)
      .all();
    expect(results).toEqual([]);
  });

  it("opens a closed conversation again, and somebody waits", async () => {
    const { of, to, log, accept } = await answered();
    await arrive(written({ from: EVE, to, subject: "Re", text: "Still broken." }), to);
    const aside = (await log()).at(-1)?.seq ?? 0;
    await of.setStatus(OLIVIA, "closed");
    await accept(aside);
    const summary = await of.summary();
    expect(summary).toMatchObject({ status: "open" });
    expect(summary?.waitingSince).not.toBeNull();
    expect((await log()).slice(-2).map((entry) => entry.type)).toEqual(["reopened", "message"]);
  });
});

describe("a message whose sender nobody vouches for", () => {
  it("keeps standing where it is, counts from now on, and may be quoted to the person", async () => {
    const { of, socket, to, jobs, address, log, accept } = await answered();
    const raw = written({ from: address, to, subject: "Re", text: "It is me.", isProven: false });
    await arrive(raw, to);
    const [, , doubtful] = messages(await log());
    const seq = doubtful?.seq ?? 0;
    for (let n = 0; n < 3; n++) await accept(seq);
    const entries = await log();
    expect(entries.filter((entry) => entry.type === "accepted")).toMatchObject([{ message: seq }]);
    expect(messages(entries).length).toBe(3);
    await answerIn(socket, "We thought so.");
    await eventually(() => expect(jobs.length).toBe(2));
    expect(jobs[1]?.mail).toMatchObject({ quote: { text: "It is me." } });
    expect(await of.summary()).toMatchObject({ mail: { isProven: true } });
  });

  it("that began a conversation proves no address by being taken as the person's", async () => {
    collectJobs();
    const { conversation } = await begunByMail(workspace, { isProven: false });
    await workspace.owner.call("POST", `/api/conversations/${conversation}/accept`, { seq: 1 });
    const summary = await peersOf(env)
      .conversation(workspace.me.workspace.id, conversation)
      .summary();
    expect(summary).toMatchObject({ mail: { isProven: false } });
  });
});

it("nothing else can be taken: what is proven, what we wrote, what mail servers report, what is not there", async () => {
  const { to, address, log, accept } = await answered();
  const raw = written({ from: address, to, subject: "Failure", text: "It did not arrive." });
  const type = "Content-Type: multipart/report; report-type=delivery-status; boundary=x";
  await arrive(
    changed(raw, (text) => text.replace(/Content-Type: [^\r]*/, type)),
    to,
  );
  const before = await log();
  expect(before.at(-1)).toMatchObject({ type: "aside", why: "bounce" });
  for (const seq of [1, 2, 3, before.length, 999]) await accept(seq);
  expect(await log()).toEqual(before);
});

it("what was taken as the person's goes back to nobody while nobody vouches for the address", async () => {
  const jobs = collectJobs();
  const { conversation, socket } = await begunByMail(workspace, { isProven: false });
  await workspace.owner.call("POST", `/api/conversations/${conversation}/accept`, { seq: 1 });
  await answerIn(socket, "Hello, this is the shop.");
  await eventually(() => expect(jobs.length).toBe(1));
  expect(jobs[0]?.mail).toMatchObject({ isProven: false, quote: null });
});
