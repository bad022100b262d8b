import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COPY_QUIET_MS, UNREAD_COPY_MS } from "../../domain/email/unread-copy.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import {
  OLIVIA,
  openVisitorSocket,
  type TestSocket,
} from "../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { MailedEntry } from "../../protocol/entries.ts";
import { newId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import type { MomentContent } from "../../protocol/triggers.ts";
import { answerIn, begunByMail, fates, messages } from "../testing/mail-conversation.ts";
import {
  arrive,
  buryJobs,
  collectJobs,
  countingTransport,
  deliverJobs,
  freshAddress,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
let address: string;
let jobs: SendEmail[];
let operator: TestSocket;
let offset: number;
let workspaces = 0;

/** Each test has a workspace of its own, and so a chat that nobody has written in. */
beforeEach(async () => {
  workspace = await newWorkspace(`copies-${++workspaces}`);
  address = freshAddress();
  offset = 0;
  jobs = collectJobs();
  await prove();
  operator = await workspace.owner.openConversation(workspace.conversation);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const prove = () =>
  env.DB.prepare("INSERT INTO mail_visitors VALUES (?, ?, ?, ?)")
    .bind(workspace.me.workspace.id, address, workspace.visitor, Date.now())
    .run();

const chat = () => peersOf(env).conversation(workspace.me.workspace.id, workspace.conversation);
const object = () =>
  env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, workspace.conversation));
const log = () => chat().log(0, 1_000);

let sendings = 0;
const write = (text: string) =>
  operator.ask({ t: "message", stream: `w${++sendings}`, n: 1, text });

/** Lets time pass, and what is due with it happen. */
async function pass(ms: number): Promise<void> {
  offset += ms;
  setClockOffset(offset);
  await chat().refresh();
}

/** Whether the person has a page open. */
const isHere = (isHere: boolean) =>
  vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(isHere);

async function copies(): Promise<SendEmail[]> {
  // A push may still be under way.
  await eventually(async () => {
    const pending = fates(await log()).filter((state) => state === "queued").length;
    expect(new Set(jobs.map((job) => job.id)).size).toBeGreaterThanOrEqual(Math.min(pending, 1));
  });
  return jobs.filter((job) => job.mail.template === "copy");
}

describe("an answer that the person does not see", () => {
  it("goes out at once, as one mail with the thread, where they have no page open", async () => {
    const visitor = await openVisitorSocket(chat(), newId("dev", Date.now()));
    await visitor.ask({ t: "message", stream: "v", n: 1, text: "Where is my teapot?" });
    visitor.close();
    isHere(false);
    await write("It left us today.");
    await write("It will be there on Friday.");
    await pass(COPY_QUIET_MS - 1_000);
    expect(jobs).toEqual([]);
    await pass(1_001);
    const [job, ...others] = await copies();
    if (job === undefined) throw new Error("no copy");
    expect(others).toEqual([]);
    const transport = countingTransport();
    for (let n = 1; n <= 10; n++) await deliverJobs([job, job], transport, n);
    expect(transport.sent.length).toBe(1);
    const mail = transport.sent[0]?.mail;
    expect(mail).toMatchObject({ to: address, subject: "A message from Owner" });
    expect(mail?.from.name).toMatch(/^Owner \(copies-\d+\)$/);
    expect(mail?.headers["Auto-Submitted"]).toBe("auto-generated");
    expect(mail?.text).toMatch(
      /It left us today\.[\s\S]*It will be there on Friday\.[\s\S]*> You: Where is my teapot\?/,
    );
    expect(mail?.html).not.toMatch(/<img|https?:(?!\/\/parley\.test\/c\/)/);
    const entries = await log();
    expect(fates(entries)).toEqual(["queued", "sent"]);
    const told = entries.find((entry): entry is MailedEntry => entry.type === "mailed");
    expect(told).toMatchObject({ copy: { to: address, messages: 2 } });
    expect(told?.message).toBe(messages(entries).at(-1)?.seq);
  });

  it("is answered by mail in the same chat, and counts as read by it", async () => {
    isHere(false);
    await write("It left us today.");
    await pass(COPY_QUIET_MS);
    const transport = countingTransport();
    await deliverJobs(await copies(), transport);
    const to = transport.sent[0]?.mail.replyTo ?? "";
    vi.restoreAllMocks();
    await arrive(written({ from: address, to, subject: "Re", text: "Thank you." }), to);
    expect(messages(await log()).at(-1)).toMatchObject({
      author: { kind: "visitor" },
      text: "Thank you.",
      mail: { isProven: true },
    });
  });

  it("waits five minutes where they have a page open", async () => {
    const asked = isHere(true);
    await write("It left us today.");
    await pass(COPY_QUIET_MS);
    await pass(UNREAD_COPY_MS - COPY_QUIET_MS - 1_000);
    expect(jobs).toEqual([]);
    expect(asked).toHaveBeenCalledTimes(1);
    await pass(1_000);
    expect((await copies()).length).toBe(1);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("EOUT-04: is not sent when they read it in time, and never after", async () => {
    isHere(true);
    await write("It left us today.");
    await pass(COPY_QUIET_MS);
    const visitor = await openVisitorSocket(chat(), newId("dev", Date.now()));
    await visitor.ask({ t: "read", through: 1 });
    await pass(UNREAD_COPY_MS);
    await pass(UNREAD_COPY_MS);
    expect(fates(await log())).toEqual([]);
    expect(jobs).toEqual([]);
  });

  it("is not sent when they read it while their object was asked", async () => {
    await write("It left us today.");
    vi.spyOn(VisitorObject.prototype, "isHere").mockImplementation(async () => {
      const visitor = await openVisitorSocket(chat(), newId("dev", Date.now()));
      await visitor.ask({ t: "read", through: 1 });
      visitor.close();
      return false;
    });
    await pass(COPY_QUIET_MS);
    expect(jobs).toEqual([]);
  });

  it("is one mail also where the object is thrown out before and after it was decided", async () => {
    isHere(false);
    await write("It left us today.");
    await evictDurableObject(object());
    await pass(COPY_QUIET_MS);
    expect((await copies()).length).toBe(1);
    await evictDurableObject(object());
    await pass(UNREAD_COPY_MS);
    await evictDurableObject(object());
    await pass(UNREAD_COPY_MS);
    const all = await copies();
    expect(new Set(all.map((job) => job.id)).size).toBe(1);
    // The same words, however often the job is made.
    expect(new Set(all.map((job) => JSON.stringify(job.mail))).size).toBe(1);
    expect(fates(await log())).toEqual(["queued"]);
  });

  it("goes out by the object's own alarm", async () => {
    isHere(false);
    await write("It left us today.");
    setClockOffset(COPY_QUIET_MS + 1);
    await evictDurableObject(object());
    await chat().summary();
    await eventually(async () => {
      await runDurableObjectAlarm(object());
      expect(fates(await log())).toEqual(["queued"]);
    });
  });

  it("is asked for again where the person's object does not answer", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await write("It left us today.");
    const asked = isHere(false).mockRejectedValueOnce(new Error("lost"));
    await expect(pass(COPY_QUIET_MS)).rejects.toThrow("lost");
    expect(asked).toHaveBeenCalledTimes(1);
    await pass(0);
    expect((await copies()).length).toBe(1);
  });

  it("brings the next unread ones in a mail of their own, and none twice", async () => {
    isHere(false);
    await write("One.");
    await pass(COPY_QUIET_MS);
    await write("Two.");
    await pass(COPY_QUIET_MS);
    await eventually(() => expect(new Set(jobs.map((job) => job.id)).size).toBe(2));
    const texts = [...new Map(jobs.map((job) => [job.id, job])).values()].map(({ mail }) =>
      mail.template === "copy" ? mail.unread.map(({ text }) => text) : [],
    );
    expect(texts).toEqual([["One."], ["Two."]]);
  });

  it("shows nothing before it that nobody vouches for", async () => {
    isHere(false);
    await write("It left us today.");
    await pass(COPY_QUIET_MS);
    const transport = countingTransport();
    await deliverJobs((await copies()).slice(0, 1), transport);
    const to = transport.sent[0]?.mail.replyTo ?? "";
    const forged = { from: address, to, subject: "Re", text: "Forged.", isProven: false };
    expect(await arrive(written(forged), to)).toBeNull();
    expect(messages(await log()).at(-1)).toMatchObject({ text: "Forged." });
    await write("Was that you?");
    await pass(COPY_QUIET_MS);
    await eventually(async () => expect((await copies()).length).toBeGreaterThan(1));
    const said = JSON.stringify((await copies()).at(-1));
    expect(said).toContain("Was that you?");
    expect(said).not.toContain("Forged.");
  });

  it("that did not arrive can be sent again, to the same address in the same words", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    isHere(false);
    const { seq } = await write("It left us today.");
    await pass(COPY_QUIET_MS);
    const [first] = await copies();
    await buryJobs(await copies());
    expect(fates(await log())).toEqual(["queued", "failed"]);
    vi.restoreAllMocks();
    jobs = collectJobs();
    await workspace.owner.call("POST", `/api/conversations/${workspace.conversation}/mail-again`, {
      message: seq,
    });
    await eventually(() => expect(jobs.length).toBe(1));
    expect(jobs[0]).toMatchObject({ to: address, mail: first?.mail });
    expect(jobs[0]?.id).not.toBe(first?.id);
  });
});

describe("the time that a workspace has set", () => {
  const set = async (copyAfterMinutes: number): Promise<void> => {
    const sender = { fromName: null, fromAddress: null, replyDomain: null, originalsDays: 0 };
    await workspace.owner.call("PUT", "/api/settings/email", { ...sender, copyAfterMinutes });
    operator = await workspace.owner.openConversation(workspace.conversation);
  };

  it("is how long an answer stays unread", async () => {
    await set(15);
    expect(operator.ofType("hello")[0]).toMatchObject({ copyAfterMs: 15 * 60_000 });
    isHere(true);
    await write("It left us today.");
    await pass(15 * 60_000 - 1_000);
    expect(jobs).toEqual([]);
    await pass(1_000);
    expect((await copies()).length).toBe(1);
  });

  it("may be never, also for what was written before", async () => {
    isHere(true);
    await write("It left us today.");
    await set(0);
    expect(operator.ofType("hello")[0]).toMatchObject({ mailTo: address, copyAfterMs: null });
    await write("And arrives on Friday.");
    await pass(UNREAD_COPY_MS);
    await evictDurableObject(object());
    await pass(UNREAD_COPY_MS);
    expect(fates(await log())).toEqual([]);
  });
});

describe("no copy", () => {
  it("goes where no address is known to be the person's", async () => {
    await env.DB.prepare("DELETE FROM mail_visitors WHERE address = ?").bind(address).run();
    operator = await workspace.owner.openConversation(workspace.conversation);
    isHere(false);
    await write("It left us today.");
    await pass(UNREAD_COPY_MS);
    expect(fates(await log())).toEqual([]);
  });

  it("is made of notes, and of what was sent as a mail on purpose", async () => {
    isHere(false);
    await operator.ask({ t: "note", stream: "n", n: 1, text: "Only for us." });
    const mail = { subject: "Hello" };
    await operator.ask({ t: "message", stream: "m", n: 1, text: "By mail.", mail });
    await pass(UNREAD_COPY_MS);
    expect((await copies()).length).toBe(0);
    await write("In the chat.");
    await pass(COPY_QUIET_MS);
    expect(JSON.stringify(await copies())).not.toContain("Only for us.");
  });

  it("is made in a conversation by email, where each answer is a mail already", async () => {
    vi.restoreAllMocks();
    jobs = collectJobs();
    const { conversation } = await begunByMail(workspace);
    const of = peersOf(env).conversation(workspace.me.workspace.id, conversation);
    await answerIn(await workspace.owner.openConversation(conversation), "Hello.");
    setClockOffset(UNREAD_COPY_MS);
    await of.refresh();
    expect(fates(await of.log(0, 100))).toEqual(["queued"]);
    expect(jobs.every((job) => job.mail.template === "answer")).toBe(true);
  });

  it("is made of what a trigger has sent", async () => {
    isHere(false);
    await write("It left us today.");
    await pass(COPY_QUIET_MS);
    const before = (await copies()).length;
    await chat().deliver(OLIVIA, {
      delivery: newId("dlv", Date.now()),
      trigger: newId("trg", Date.now()),
      triggerName: "Sale",
      version: 1,
      variantName: "A",
      content: { heading: "", text: "Ten percent off" } as MomentContent, // the rest is not looked at
    });
    await pass(UNREAD_COPY_MS);
    expect((await copies()).length).toBe(before);
  });
});
