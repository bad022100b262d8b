import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { openVisitorSocket, type TestSocket } from "../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../protocol/addresses.ts";
import { newId } from "../../protocol/ids.ts";
import { SUBJECT_MAX } from "../../protocol/limits.ts";
import { isSuppressed, suppress } from "../d1/suppressions.ts";
import { begunByMail, fates, messages } from "../testing/mail-conversation.ts";
import {
  arrive,
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
beforeAll(async () => {
  workspace = await newWorkspace("on-purpose");
});
beforeEach(async () => {
  address = freshAddress();
  await prove(address);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Makes an address known to be the chat's visitor's, and the only one. */
async function prove(proven: string): Promise<void> {
  const { id } = workspace.me.workspace;
  await env.DB.batch([
    env.DB.prepare("DELETE FROM mail_visitors WHERE workspace_id = ? AND visitor_id = ?").bind(
      id,
      workspace.visitor,
    ),
    env.DB.prepare("INSERT INTO mail_visitors VALUES (?, ?, ?, ?)").bind(
      id,
      proven,
      workspace.visitor,
      Date.now(),
    ),
  ]);
}

const chat = () => peersOf(env).conversation(workspace.me.workspace.id, workspace.conversation);

/** The socket that the dashboard opens. */
async function openSocket(conversation: string = workspace.conversation): Promise<TestSocket> {
  const socket = await workspace.owner.openConversation(conversation);
  await socket.ask({ t: "resume", after: 0 });
  return socket;
}

const send = (
  socket: TestSocket,
  subject: string,
  stream: string = crypto.randomUUID(),
  text = "It left us today.",
) => socket.ask({ t: "message", stream, n: 1, text, mail: { subject } });

describe("a mail on purpose, in a chat", () => {
  it("goes to the address that is known to be the person's, and its answer comes back into the chat", async () => {
    const jobs = collectJobs();
    const socket = await openSocket();
    expect(socket.ofType("hello")[0]).toMatchObject({ mailTo: address });
    const before = (await chat().log(0, 100)).length;
    const { seq } = await send(socket, "Your teapot");
    await eventually(() => expect(jobs.length).toBe(1));
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    const mail = transport.sent[0]?.mail;
    expect(mail).toMatchObject({ to: address, subject: "Your teapot" });
    const entries = await chat().log(before, 100);
    expect(entries.find((entry) => entry.seq === seq)).toMatchObject({
      email: { to: address, subject: "Your teapot" },
    });
    expect(fates(entries)).toEqual(["queued", "sent"]);

    const to = mail?.replyTo ?? "";
    const answer = { from: address, to, subject: "Re: Your teapot", text: "Thank you." };
    expect(await arrive(written(answer), to)).toBeNull();
    const [last] = messages(await chat().log(before, 100)).slice(-1);
    expect(last).toMatchObject({ text: "Thank you.", mail: { isProven: true } });
    // The chat stays a chat: what is written next is no mail.
    expect(await chat().summary()).not.toHaveProperty("mail");
    await socket.ask({ t: "message", stream: crypto.randomUUID(), n: 1, text: "You are welcome." });
    expect(jobs.length).toBe(1);
  });

  it("is one mail, however often its frame comes, also after eviction", async () => {
    const jobs = collectJobs();
    const stream = crypto.randomUUID();
    const first = await send(await openSocket(), "Once", stream);
    const again = await send(await openSocket(), "Once", stream);
    await evictDurableObject(
      env.CONVERSATION.getByName(
        conversationName(workspace.me.workspace.id, workspace.conversation),
      ),
    );
    const later = await send(await openSocket(), "Once", stream);
    expect([again["seq"], later["seq"]]).toEqual([first["seq"], first["seq"]]);
    const transport = countingTransport();
    for (let n = 1; n <= 10; n++) await deliverJobs(jobs, transport, n);
    expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
    expect(transport.sent.length).toBe(1);
  });

  it("is seen by the person as what was said, without subject and address", async () => {
    collectJobs();
    const visitor = await openVisitorSocket(chat(), newId("dev", Date.now()));
    await visitor.ask({ t: "resume", after: 0 });
    await send(await openSocket(), "A subject for the mail alone", undefined, "Seen by both");
    const entry = await visitor.until((frame) => JSON.stringify(frame).includes("Seen by both"));
    expect(JSON.stringify(entry)).not.toMatch(/subject|corp\.example/);
  });

  it("lets answers in from each address that mails went to, and from nobody else", async () => {
    const jobs = collectJobs();
    const mailed = async (): Promise<{ from: string; to: string }> => {
      const from = freshAddress();
      await prove(from);
      const before = jobs.length;
      await send(await openSocket(), "Hello");
      await eventually(() => expect(jobs.length).toBe(before + 1));
      const transport = countingTransport();
      await deliverJobs(jobs.slice(before), transport);
      return { from, to: transport.sent[0]?.mail.replyTo ?? "" };
    };
    const newest = async () => (await chat().log(0, 1_000)).at(-1);
    const [first, second] = [await mailed(), await mailed()];
    for (const { from, to } of [first, second]) {
      await arrive(written({ from, to, subject: "Re", text: `From ${from}` }), to);
      expect(await newest()).toMatchObject({ type: "message", text: `From ${from}` });
    }
    const crossed = { from: first.from, to: second.to, subject: "Re", text: "Crossed" };
    await arrive(written(crossed), second.to);
    expect(await newest()).toMatchObject({ type: "aside", why: "stranger" });
  });

  it("is refused where no address is known to be the person's, and nothing is said in the chat", async () => {
    await env.DB.prepare("DELETE FROM mail_visitors WHERE visitor_id = ?")
      .bind(workspace.visitor)
      .run();
    const jobs = collectJobs();
    const socket = await openSocket();
    expect(socket.ofType("hello")[0]).toMatchObject({ mailTo: null });
    const before = (await chat().log(0, 1_000)).length;
    expect(await send(socket, "Hello")).toMatchObject({ t: "error", code: "invalid" });
    expect((await chat().log(0, 1_000)).length).toBe(before);
    expect(jobs).toEqual([]);
  });

  it("goes to the address that the person has proven on the site rather than to one that wrote a mail", async () => {
    const proven = freshAddress();
    await env.DB.prepare("INSERT INTO identifiers VALUES (?, 'email', ?, ?, 1)")
      .bind(workspace.me.workspace.id, proven, workspace.visitor)
      .run();
    await prove(freshAddress());
    const socket = await openSocket();
    expect(socket.ofType("hello")[0]).toMatchObject({ mailTo: proven });
    await env.DB.prepare("DELETE FROM identifiers WHERE value = ?").bind(proven).run();
  });

  it("has a subject of a length that a header takes", async () => {
    collectJobs();
    const socket = await openSocket();
    for (const [subject, t] of [
      ["", "error"],
      ["   ", "error"],
      ["x".repeat(SUBJECT_MAX - 1), "ack"],
      ["x".repeat(SUBJECT_MAX), "ack"],
      ["x".repeat(SUBJECT_MAX + 1), "error"],
    ] as const)
      expect(await send(socket, subject), subject).toMatchObject({ t });
  });

  it("cannot be asked for by a visitor", async () => {
    const jobs = collectJobs();
    const visitor = await openVisitorSocket(chat(), newId("dev", Date.now()));
    await send(visitor, "From a visitor");
    expect(messages(await chat().log(0, 1_000)).at(-1)).not.toHaveProperty("email");
    expect(jobs).toEqual([]);
  });

  it("to an address that mails come back from is held back, and sent when somebody lifts it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const jobs = collectJobs();
    const { id } = workspace.me.workspace;
    await suppress(env.DB, id, { address, why: "bounced", reason: null, at: Date.now() });
    const { seq } = await send(await openSocket(), "Hello");
    await eventually(() => expect(jobs.length).toBe(1));
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    expect(transport.sent).toEqual([]);
    await workspace.owner.call("POST", `/api/conversations/${workspace.conversation}/mail-again`, {
      message: seq,
      lift: true,
    });
    expect(await isSuppressed(env.DB, id, address)).toBe(false);
    await eventually(() => expect(jobs.length).toBe(2));
    await deliverJobs(jobs.slice(1), transport);
    expect(transport.sent[0]?.mail).toMatchObject({ to: address, subject: "Hello" });
  });
});

describe("a subject of one's own, in a conversation by email", () => {
  it("is taken as it is, without an Re", async () => {
    const jobs = collectJobs();
    const { conversation, address: ada } = await begunByMail(workspace);
    const socket = await openSocket(conversation);
    expect(socket.ofType("hello")[0]).toMatchObject({ mailTo: ada });
    await send(socket, "About something else");
    await eventually(() => expect(jobs.length).toBe(1));
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    expect(transport.sent[0]?.mail).toMatchObject({ to: ada, subject: "About something else" });
  });

  it("is not offered where nobody vouches for the address", async () => {
    collectJobs();
    const { conversation } = await begunByMail(workspace, { isProven: false });
    const socket = await openSocket(conversation);
    expect(socket.ofType("hello")[0]).toMatchObject({ mailTo: null });
    expect(await send(socket, "Hello")).toMatchObject({ t: "error", code: "invalid" });
  });
});
