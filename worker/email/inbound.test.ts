import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { MAIL_MAX_BYTES, THREAD_MAILS_MAX } from "../../domain/email/limits.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { OLIVIA, openOperatorSocket } from "../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import {
  answerIn,
  answeredByMail,
  begunByMail,
  conversationsOf as allConversationsOf,
  fates,
  messages,
  onlyConversationOf as theOnlyConversationOf,
} from "../testing/mail-conversation.ts";
import {
  arrive,
  buryJobs,
  changed,
  collectJobs,
  countingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  rawMail,
  withHeader,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import worker from "../index.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { readStoredMail, type StoredMail } from "./mailbox.ts";

let workspace: WorkspaceFixture;
let inbox: string;
beforeAll(async () => {
  workspace = await newWorkspace("inbound");
  inbox = inboxOf(workspace.me.workspace.id);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const of = (conversation: ConversationId) =>
  peersOf(env).conversation(workspace.me.workspace.id, conversation);
const log = (conversation: ConversationId) => of(conversation).log(0, 100);
const conversationsOf = (address: string) => allConversationsOf(workspace, address);
const onlyConversationOf = (address: string) => theOnlyConversationOf(workspace, address);

/** The one job on the queue, sent into the mailbox. */
async function sentMail(jobs: Parameters<typeof deliverJobs>[0]): Promise<StoredMail> {
  const job = jobs.at(-1);
  if (job === undefined) throw new Error("no job");
  await deliverJobs([job], countingTransport());
  const mail = await readStoredMail(env.FILES, job.id);
  if (mail === null) throw new Error("not sent");
  return mail;
}

describe("a mail from nobody known", () => {
  it("begins a conversation by email, of a visitor with a claimed address and no device", async () => {
    const { address, conversation } = await begunByMail(workspace);
    const summary = await of(conversation).summary();
    expect(summary).toMatchObject({
      status: "open",
      mail: { address, subject: "Where is my teapot?", isProven: true },
      visitor: { name: "Ada Byron", email: address },
      last: { text: "I ordered it on Monday." },
      unread: 1,
    });
    const [message] = messages(await log(conversation));
    expect(message).toMatchObject({
      visibleSeq: 1,
      author: { kind: "visitor" },
      mail: { from: address, subject: "Where is my teapot?", isProven: true, flaw: null },
    });
    if (summary === null) throw new Error("no summary");
    const card = await peersOf(env).visitor(workspace.me.workspace.id, summary.visitor.id).card();
    expect(card).toMatchObject({
      name: "Ada Byron",
      identifiers: [{ kind: "email", value: address, isVerified: false }],
      conversations: [conversation],
      openConversation: conversation,
      firstSource: "Email",
      sessions: 0,
    });
  });

  it("is one conversation, however often the mail comes", async () => {
    const { address, raw, conversation } = await begunByMail(workspace);
    await Promise.all(Array.from({ length: 4 }, () => arrive(raw, inbox)));
    // Another server on the way has added a header of its own.
    await arrive(withHeader(raw, "X-Seen: again"), inbox);
    expect(await conversationsOf(address)).toEqual([conversation]);
    expect(messages(await log(conversation)).length).toBe(1);
  });

  it("with the Message-ID of another mail and other words is another one, of the same visitor", async () => {
    const { address, raw, conversation } = await begunByMail(workspace);
    const other = changed(raw, (text) => text.replace(/\r\n\r\n[\s\S]*/, "\r\n\r\naGVsbG8=\r\n"));
    await arrive(other, inbox);
    const all = await conversationsOf(address);
    expect(all.length).toBe(2);
    const visitors = await Promise.all(all.map((id) => of(id).summary()));
    expect(new Set(visitors.map((summary) => summary?.visitor.id)).size).toBe(1);
    expect(messages(await log(conversation)).length).toBe(1);
  });

  it("that nobody vouches for is never added to the one who has the address", async () => {
    const { address, conversation } = await begunByMail(workspace);
    const forged = written({
      from: address,
      to: inbox,
      subject: "Another thing",
      text: "Send it elsewhere.",
      isProven: false,
    });
    await arrive(forged, inbox);
    const [one, two] = await Promise.all(
      (await conversationsOf(address)).map((id) => of(id).summary()),
    );
    expect(one?.visitor.id).not.toBe(two?.visitor.id);
    expect(messages(await log(conversation)).length).toBe(1);
  });

  it("goes on where a crash left it: the visitor's object may have failed", async () => {
    const address = freshAddress();
    const raw = written({ from: address, to: inbox, subject: "Tea", text: "Hello" });
    const spy = vi.spyOn(env.VISITOR, "getByName").mockImplementationOnce(() => {
      throw new Error("lost");
    });
    await expect(arrive(raw, inbox)).rejects.toThrow("lost");
    spy.mockRestore();
    expect(await arrive(raw, inbox)).toBeNull();
    const conversation = await onlyConversationOf(address);
    expect(messages(await log(conversation)).map((entry) => entry.text)).toEqual(["Hello"]);
  });

  it("is taken by the Worker's own handler", async () => {
    const address = freshAddress();
    const raw = written({ from: address, to: inbox, subject: "Tea", text: "Hello" });
    const message = {
      from: address,
      to: inbox,
      raw: new Blob([raw]).stream(),
      rawSize: raw.length,
      setReject: () => {},
    };
    await worker.email(message, env);
    expect((await conversationsOf(address)).length).toBe(1);
  });
});

describe("a mail from an address that somebody has proven on the site", () => {
  const from = async (isProven: boolean) => {
    const address = freshAddress();
    const owner = workspace.visitor;
    await env.DB.prepare("INSERT INTO identifiers VALUES (?, 'email', ?, ?, ?)")
      .bind(workspace.me.workspace.id, address, owner, Date.now())
      .run();
    await arrive(
      written({ from: address, to: inbox, subject: "Teapot", text: "Hello", isProven }),
      inbox,
    );
    return { owner, summary: await of(await onlyConversationOf(address)).summary() };
  };

  it("is that person's, beside what they have said in the chat", async () => {
    const { owner, summary } = await from(true);
    expect(summary?.visitor.id).toBe(owner);
  });

  it("is nobody's where its domain does not vouch for it", async () => {
    const { owner, summary } = await from(false);
    expect(summary?.visitor.id).not.toBe(owner);
  });
});

describe("an operator's answer", () => {
  it("goes out as one mail, and its answer comes back into the same conversation", async () => {
    const jobs = collectJobs();
    const { address, conversation, socket } = await begunByMail(workspace);
    await answerIn(socket, "It left us <today>.");
    await eventually(() => expect(jobs.length).toBe(1));
    const mail = await sentMail(jobs);
    expect(mail).toMatchObject({
      to: address,
      from: '"Olivia (inbound)" <parley@example.com>',
      subject: "Re: Where is my teapot?",
    });
    expect(mail.text).toContain("It left us <today>.");
    expect(mail.text).toContain("> I ordered it on Monday.");
    expect(mail.html).toContain("It left us &lt;today&gt;.");
    expect(mail.html).not.toMatch(/<img|https?:(?!\/\/parley\.test\/c\/)/);
    expect(mail.headers["Auto-Submitted"]).toBeUndefined();
    expect(mail.headers["References"]).toMatch(
      new RegExp(`^<${conversation}@reply.parley.test> <[^>]+@corp.example>$`),
    );
    await eventually(async () =>
      expect(fates(await log(conversation))).toEqual(["queued", "sent"]),
    );

    const back = mail.replyTo ?? "";
    expect(back.split("@")[0]?.length).toBeLessThanOrEqual(64);
    const reply = written({
      from: `Ada <${address}>`,
      to: back,
      subject: mail.subject,
      text: "Thank you!",
      answered: mail,
    });
    for (let i = 0; i < 5; i++) expect(await arrive(reply, back.toUpperCase())).toBeNull();
    const all = messages(await log(conversation));
    expect(all.map((entry) => entry.text)).toEqual([
      "I ordered it on Monday.",
      "It left us <today>.",
      "Thank you!",
    ]);
    expect(all[2]?.mail?.folded).toContain("It left us <today>.");

    await answerIn(socket, "You are welcome.");
    await eventually(() => expect(jobs.length).toBe(2));
    const second = await sentMail(jobs);
    expect(second.headers["References"]?.split(" ").length).toBe(3);
    expect(second.headers["In-Reply-To"]).toBe(second.headers["References"]?.split(" ").at(-1));
  });

  it.each([
    ["with keys, one mail", true],
    ["without keys, one mail too", false],
  ])("whose job is delivered ten times, at once and later: %s", async (_, hasKeys) => {
    const { conversation, jobs } = await answeredByMail(workspace);
    const transport = countingTransport({ hasKeys });
    await deliverJobs(jobs, transport);
    await deliverJobs([...jobs, ...jobs, ...jobs, ...jobs], transport, 2);
    for (let i = 0; i < 5; i++) await deliverJobs(jobs, transport, 3 + i);
    expect(transport.sent.length).toBe(1);
    expect(fates(await log(conversation))).toEqual(["queued", "sent"]);
  });

  it("whose job was lost is put on the queue again, as the same mail, also after eviction", async () => {
    const { conversation, jobs } = await answeredByMail(workspace);
    const stub = env.CONVERSATION.getByName(
      conversationName(workspace.me.workspace.id, conversation),
    );
    await evictDurableObject(stub);
    await of(conversation).summary();
    // Not while it may well be on its way: a copy would only ask a slow provider twice.
    await runDurableObjectAlarm(stub);
    expect(jobs.length).toBe(1);
    setClockOffset(60_000);
    await eventually(() => expect(jobs.length).toBeGreaterThan(1));
    expect(jobs[1]).toEqual(jobs[0]);
  });

  it("that the queue would not take is put there as soon as it does", async () => {
    const jobs = collectJobs();
    const { socket } = await begunByMail(workspace);
    vi.mocked(env.EMAILS.send).mockRejectedValueOnce(new Error("overloaded"));
    await answerIn(socket, "It left us today.");
    await eventually(() => expect(jobs.length).toBe(1));
  });

  it("whose transport is slow is not called unknown by another copy of its job", async () => {
    const { conversation, jobs } = await answeredByMail(workspace);
    const slow = countingTransport({ hasKeys: false });
    const { send } = slow;
    const gate = Promise.withResolvers<void>();
    slow.send = async (...args) => {
      await gate.promise;
      return send(...args);
    };
    const first = deliverJobs(jobs, slow);
    await eventually(async () => {
      const row = await env.DB.prepare("SELECT state FROM mails WHERE job = ?")
        .bind(jobs[0]?.id)
        .first();
      expect(row).toEqual({ state: "sending" });
    });
    // The copy comes again later, when the first has ended.
    expect(await deliverJobs(jobs, slow)).toBe(0);
    gate.resolve();
    expect(await first).toBe(1);
    expect(await deliverJobs(jobs, slow, 2)).toBe(1);
    expect(slow.sent.length).toBe(1);
    expect(fates(await log(conversation))).toEqual(["queued", "sent"]);
  });

  it("that was called unknown and was sent after all is shown as sent, and stays so", async () => {
    const { conversation, jobs } = await answeredByMail(workspace);
    const [job] = jobs;
    if (job === undefined) throw new Error("no job");
    for (const fate of ["unknown", "unknown", "sent", "sent", "failed"] as const)
      await of(conversation).mailed({ job: job.id, message: 2, fate, code: null });
    expect(fates(await log(conversation))).toEqual(["queued", "unknown", "sent"]);
  });

  it("that may have been sent is not sent again by itself, only by a person", async () => {
    const { conversation, jobs } = await answeredByMail(workspace);
    const outcome = { state: "unknown", cause: "TimeoutError" } as const;
    const silent = countingTransport({ hasKeys: false, outcome });
    await deliverJobs(jobs, silent);
    await deliverJobs(jobs, silent, 2);
    expect(silent.sent.length).toBe(1);
    expect(fates(await log(conversation))).toEqual(["queued", "unknown"]);

    const message = messages(await log(conversation))[1]?.seq;
    const path = `/api/conversations/${conversation}/mail-again`;
    await workspace.owner.call("POST", path, { message });
    await workspace.owner.call("POST", path, { message });
    await eventually(() => expect(jobs.length).toBe(2));
    expect(jobs[1]?.id).not.toBe(jobs[0]?.id);
    await deliverJobs(jobs.slice(1), countingTransport());
    expect(fates(await log(conversation))).toEqual(["queued", "unknown", "queued", "sent"]);
  });

  it("that every try failed for is shown as not delivered", async () => {
    const { conversation, jobs } = await answeredByMail(workspace);
    await buryJobs(jobs);
    await buryJobs(jobs);
    expect(fates(await log(conversation))).toEqual(["queued", "failed"]);
    const letters = await env.DB.prepare("SELECT body FROM dead_letters WHERE workspace_id = ?")
      .bind(workspace.me.workspace.id)
      .all<{ body: string }>();
    expect(letters.results.map((row) => row.body).join()).not.toContain("It left us");
  });

  it("to an address that nobody vouches for says nothing of what came, and goes once a day", async () => {
    const jobs = collectJobs();
    const { conversation, socket } = await begunByMail(workspace, { isProven: false });
    await answerIn(socket, "Hello, this is the shop.");
    await eventually(() => expect(jobs.length).toBe(1));
    const mail = await sentMail(jobs);
    expect(mail.subject).toBe("A message from Olivia");
    expect(JSON.stringify(mail)).not.toMatch(/teapot|ordered|Ada/);
    await answerIn(socket, "And one more thing.");
    await eventually(() => expect(jobs.length).toBeGreaterThan(1));
    const transport = countingTransport();
    await deliverJobs(jobs.slice(-1), transport);
    expect(transport.sent).toEqual([]);
    const entries = await log(conversation);
    expect(fates(entries)).toEqual(["queued", "sent", "queued", "failed"]);
    expect(entries.at(-1)).toMatchObject({ code: "unproven_limit" });
  });

  it("in a conversation by chat, and a note in one by email, are no mail", async () => {
    const jobs = collectJobs();
    const chat = await openOperatorSocket(of(workspace.conversation), OLIVIA);
    await answerIn(chat, "Hello in the chat.");
    const { socket } = await begunByMail(workspace);
    await socket.ask({ t: "note", stream: "n", n: 1, text: "Only for us." });
    await answerIn(socket, "It left us today.");
    await eventually(() => expect(jobs.length).toBe(1));
    expect(JSON.stringify(jobs)).not.toMatch(/Only for us|in the chat/);
  });
});

describe("the address to answer to", () => {
  async function answered() {
    const { address, conversation, jobs } = await answeredByMail(workspace);
    const mail = await sentMail(jobs);
    return { address, conversation, mail, to: mail.replyTo ?? "" };
  }

  it("with one character changed leads nowhere, in the same words as one that never was", async () => {
    const { address, to, conversation } = await answered();
    const [local = "", domain = ""] = to.split("@");
    const raw = written({ from: address, to, subject: "Re: Tea", text: "Hello" });
    const refusals = new Set<string | null>();
    for (const at of [0, 1, 3, 10, 28, 29, 30, 40, local.length - 1]) {
      const other = local[at] === "1" ? "2" : "1";
      refusals.add(
        await arrive(raw, `${local.slice(0, at)}${other}${local.slice(at + 1)}@${domain}`),
      );
    }
    refusals.add(await arrive(raw, `nobody@${domain}`));
    refusals.add(await arrive(raw, `inbox.nobody@${domain}`));
    expect([...refusals]).toEqual(["There is no such address here"]);
    expect(messages(await log(conversation)).length).toBe(2);
  });

  it("in somebody else's hands writes beside the conversation, for operators alone", async () => {
    const { conversation, to } = await answered();
    const raw = written({ from: "eve@evil.example", to, subject: "Re: Tea", text: "I am Ada." });
    expect(await arrive(raw, to)).toBeNull();
    const entries = await log(conversation);
    expect(entries.at(-1)).toMatchObject({
      type: "aside",
      why: "stranger",
      text: "I am Ada.",
      mail: { from: "eve@evil.example", isProven: false },
    });
    expect(messages(entries).length).toBe(2);
    const summary = await of(conversation).summary();
    expect(summary).toMatchObject({ visibleSeq: 2, mail: { isProven: true } });
    expect(summary?.last?.text).toBe("Mail from eve@evil.example (not verified)");
    expect(summary?.waitingSince).not.toBeNull();
  });

  it("with its holder's name forged carries a warning, and is quoted to nobody", async () => {
    const { address, conversation, to } = await answered();
    const raw = written({ from: address, to, subject: "Re", text: "Forged.", isProven: false });
    await arrive(raw, to);
    const [, , forged] = messages(await log(conversation));
    expect(forged).toMatchObject({ text: "Forged.", mail: { isProven: false } });
    const socket = await openOperatorSocket(of(conversation), OLIVIA);
    const jobs = collectJobs();
    await answerIn(socket, "Was that you?");
    await eventually(() => expect(jobs.length).toBeGreaterThan(0));
    expect(JSON.stringify(jobs)).not.toContain("Forged.");
  });

  it("takes a vacation notice quietly: a closed conversation stays closed", async () => {
    const { address, conversation, to } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    const raw = written({ from: address, to, subject: "Away", text: "I am away." });
    await arrive(withHeader(raw, "Auto-Submitted: auto-replied"), to);
    const entries = await log(conversation);
    expect(entries.at(-1)).toMatchObject({ type: "aside", why: "automatic" });
    expect(await of(conversation).summary()).toMatchObject({
      status: "closed",
      waitingSince: null,
    });
    await arrive(written({ from: address, to, subject: "Re", text: "I am back." }), to);
    expect(await of(conversation).summary()).toMatchObject({ status: "open" });
  });

  it(`takes ${THREAD_MAILS_MAX} mails in a short time and sends further ones back`, async () => {
    const { address, to } = await answered();
    const outcomes: (string | null)[] = [];
    // The mail that began the conversation counts.
    for (let n = 2; n <= THREAD_MAILS_MAX + 1; n++)
      outcomes.push(await arrive(written({ from: address, to, subject: "Re", text: `${n}` }), to));
    expect(outcomes.slice(0, -1).every((one) => one === null)).toBe(true);
    expect(outcomes.at(-1)).toBe("Too many mails came to this address in a short time");
  });
});

describe("a mail that cannot be taken as it is", () => {
  const size = (bytes: number): Uint8Array<ArrayBuffer> => {
    const head = new TextEncoder().encode(`From: ${freshAddress()}\r\n\r\n`);
    const raw = new Uint8Array(bytes).fill(97);
    raw.set(head);
    return raw;
  };

  it("is refused above the limit, by its envelope's word and by its own length", async () => {
    const refusal = "The mail is larger than 10 MB";
    expect(await arrive(size(100), inbox, { rawSize: MAIL_MAX_BYTES + 1 })).toBe(refusal);
    expect(await arrive(size(MAIL_MAX_BYTES + 1), inbox, { rawSize: 100 })).toBe(refusal);
    expect(await arrive(size(MAIL_MAX_BYTES), inbox)).toBeNull();
  });

  it("with two senders is sent back, and kept", async () => {
    const mail = written({ from: freshAddress(), to: inbox, subject: "Tea", text: "Hello" });
    const raw = withHeader(mail, "From: eve@evil.example");
    expect(await arrive(raw, inbox)).toMatch(/^The sender cannot be told/);
    const kept = await env.FILES.list({ prefix: `mail/${workspace.me.workspace.id}/` });
    expect(kept.objects.some((object) => object.size === raw.length)).toBe(true);
  });

  it("with too many parts begins its conversation unread; the original can be downloaded, also after eviction", async () => {
    const address = freshAddress();
    const parts = "--b\r\n\r\nx\r\n".repeat(5_000);
    const text = `From: ${address}\r\nSubject: Parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`;
    await arrive(rawMail(text), inbox);
    const conversation = await onlyConversationOf(address);
    const [message] = messages(await log(conversation));
    expect(message).toMatchObject({ mail: { flaw: "too_many_parts" } });
    await evictDurableObject(
      env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, conversation)),
    );
    const path = `/api/conversations/${conversation}`;
    const original = await workspace.owner.fetch(`${path}/mail?seq=1`);
    expect(await original.text()).toBe(text);
    expect(original.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''mail.eml",
    );
    expect((await workspace.owner.fetch(`${path}/attachment?seq=1&index=0`)).status).toBe(404);
    expect((await workspace.owner.fetch(`${path}/mail?seq=99`)).status).toBe(404);
  });

  it("has its attachments given out as files alone, whatever they say they are", async () => {
    const address = freshAddress();
    const text = `From: ${address}\r\nSubject: File\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; name="a'\u00fc.html"\r\nContent-Disposition: attachment\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n`;
    await arrive(rawMail(text), inbox);
    const conversation = await onlyConversationOf(address);
    const path = `/api/conversations/${conversation}/attachment?seq=1&index=0`;
    const response = await workspace.owner.fetch(path);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(await response.text()).toContain("<script>");
    const other = await newWorkspace("elsewhere");
    expect((await other.owner.fetch(path)).status).toBe(404);
  });

  it("while nothing can be stored fails the delivery, so that the sender tries again", async () => {
    vi.spyOn(env.FILES, "put").mockRejectedValueOnce(new Error("no storage"));
    const raw = written({ from: freshAddress(), to: inbox, subject: "Tea", text: "Hello" });
    await expect(arrive(raw, inbox)).rejects.toThrow("no storage");
  });
});
