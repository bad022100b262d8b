import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  MAIL_HEADERS_MAX_BYTES,
  THREAD_MAILS_MAX,
  THREAD_WINDOW_MS,
} from "../../domain/email/limits.ts";
import { replyAddress } from "../../domain/email/reply-address.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { OLIVIA, openOperatorSocket } from "../../durable-objects/testing/sockets.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { conversationName } from "../../protocol/addresses.ts";
import { newId, type ConversationId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { FIRST_MESSAGE_BURST } from "../../protocol/limits.ts";
import {
  answerIn,
  begunByMail,
  conversationsOf,
  fates,
  mailedAnswer,
  messages,
} from "../testing/mail-conversation.ts";
import {
  arrive,
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

/** What nobody notices until it is gone: each of these would leave everything else working. */

let workspace: WorkspaceFixture;
let inbox: string;
beforeAll(async () => {
  workspace = await newWorkspace("inbound-limits");
  inbox = inboxOf(workspace.me.workspace.id);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const NOWHERE = "There is no such address here";

const of = (conversation: ConversationId) =>
  peersOf(env).conversation(workspace.me.workspace.id, conversation);
const log = (conversation: ConversationId) => of(conversation).log(0, 100);
const listed = (raw: Uint8Array<ArrayBuffer>) => withHeader(raw, "List-Id: <tea.example>");

/** A conversation by email, answered once, and what comes to its reply address. */
async function answered(options?: { isProven?: boolean }) {
  const sent = await mailedAnswer(workspace, options);
  const mail = (text: string, from = sent.address) =>
    written({ from, to: sent.to, subject: "Re: Tea", text });
  return { ...sent, mail };
}

/** The next answer's job. */
async function nextJob(jobs: SendEmail[], answering: () => Promise<void>): Promise<SendEmail> {
  const before = jobs.length;
  await answering();
  await eventually(() => expect(jobs.length).toBeGreaterThan(before));
  const job = jobs.at(-1);
  if (job === undefined) throw new Error("no job");
  return job;
}

describe("an address to answer to", () => {
  it("is one at our own domain alone", async () => {
    const { conversation, to, mail } = await answered();
    const elsewhere = `${to.split("@")[0]}@elsewhere.example`;
    expect(await arrive(mail("Hello"), elsewhere)).toBe(NOWHERE);
    expect(messages(await log(conversation))).toHaveLength(2);
  });

  it("that was made for another person takes the same mail once more, beside the conversation", async () => {
    const { conversation, to, mail } = await answered();
    const address = freshAddress();
    await env.DB.prepare("INSERT INTO mail_correspondents VALUES (?, ?, ?, ?)")
      .bind(workspace.me.workspace.id, conversation, address, Date.now())
      .run();
    const right = { workspace: workspace.me.workspace.id, conversation, address };
    const other = await replyAddress(env.PARLEY_SECRET, right, env.EMAIL_REPLY_DOMAIN);
    const raw = mail("To both of you.");
    for (let n = 0; n < 2; n++) for (const one of [to, other]) await arrive(raw, one);
    expect((await log(conversation)).slice(-2)).toMatchObject([
      { type: "message", text: "To both of you." },
      { type: "aside", why: "stranger", text: "To both of you." },
    ]);
    expect(messages(await log(conversation))).toHaveLength(3);
  });

  it("takes mails again once the short time is over, and not sooner", async () => {
    const { mail, to } = await answered();
    for (let n = 2; n <= THREAD_MAILS_MAX; n++) expect(await arrive(mail(`${n}`), to)).toBeNull();
    setClockOffset(THREAD_WINDOW_MS - MINUTE_MS);
    expect(await arrive(mail("Too soon"), to)).not.toBeNull();
    setClockOffset(THREAD_WINDOW_MS + MINUTE_MS);
    expect(await arrive(mail("Later"), to)).toBeNull();
  });

  it("EIN-20: tells operators that mails are sent back, and until when: once in a short time, also after eviction", async () => {
    const { conversation, mail, to } = await answered();
    const flood = async (name: string) => {
      for (let n = 0; n <= THREAD_MAILS_MAX + 5; n++) await arrive(mail(`${name} ${n}`), to);
    };
    const told = async () => (await log(conversation)).filter(({ type }) => type === "braked");
    const startedAt = Date.now();
    await flood("first");
    const [line, ...others] = await told();
    expect(others).toEqual([]);
    const until = line?.type === "braked" ? line.until : 0;
    expect(Math.abs(until - startedAt - THREAD_WINDOW_MS)).toBeLessThan(MINUTE_MS);
    const stub = env.CONVERSATION.getByName(
      conversationName(workspace.me.workspace.id, conversation),
    );
    await evictDurableObject(stub);
    await flood("second");
    expect(await told()).toHaveLength(1);
    expect((await of(conversation).summary())?.lastAt).toBe(line?.at);
    setClockOffset(THREAD_WINDOW_MS + MINUTE_MS);
    await flood("third");
    expect(await told()).toHaveLength(2);
  });

  it("takes what a list passes on without opening a closed conversation", async () => {
    const { conversation, mail, to } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    expect(await arrive(listed(mail("To the list.")), to)).toBeNull();
    expect(messages(await log(conversation)).at(-1)).toMatchObject({ text: "To the list." });
    expect(await of(conversation).summary()).toMatchObject({ status: "closed" });
  });

  it("has triggers hear of what is the person's own, and of nothing else", async () => {
    const { mail, to, address, conversation } = await answered();
    const heard = vi.spyOn(VisitorObject.prototype, "conversationChanged");
    const through = async (count: number) => {
      const newest = () =>
        heard.mock.calls.map(([state]) => state).findLast(({ id }) => id === conversation);
      await eventually(() => expect(newest()?.through).toBe(count));
      return newest()?.wrote;
    };
    await arrive(listed(mail("To the list.")), to);
    expect(await through(3)).toBe(1);
    const forged = { from: address, to, subject: "Re: Tea", text: "Forged.", isProven: false };
    await arrive(written(forged), to);
    expect(await through(4)).toBe(1);
    await arrive(mail("Mine."), to);
    expect(await through(5)).toBe(5);
  });
});

describe("a mail", () => {
  it("without a Message-ID is told from others by its sender, time and subject", async () => {
    const address = freshAddress();
    const raw = changed(
      written({ from: address, to: inbox, subject: "Tea", text: "Hello" }),
      (text) => text.replace(/Message-ID: [^\r]*\r\n/, ""),
    );
    const later = changed(raw, (text) =>
      text.replace(/\r\nDate: [^\r]*/, "\r\nDate: Thu, 01 Jan 2026 10:00:00 +0000"),
    );
    for (const one of [raw, later, raw, later]) await arrive(one, inbox);
    expect(await conversationsOf(workspace, address)).toHaveLength(2);
  });

  it.each([
    [MAIL_HEADERS_MAX_BYTES, null],
    [MAIL_HEADERS_MAX_BYTES + 1, "The headers of the mail are too large"],
  ])("with %i bytes of headers", async (bytes, refusal) => {
    const head = `From: ${freshAddress()}\r\nX: `;
    const raw = `${head}${"a".repeat(bytes - head.length - 2)}\r\n\r\nHello`;
    expect(await arrive(rawMail(raw), inbox)).toBe(refusal);
  });

  it("of our own begins nothing, whichever of our addresses it is from", async () => {
    const own = { fromAddress: "hello@own-kettle.example", replyDomain: "re.own-kettle.example" };
    const input = { fromName: null, copyAfterMinutes: 5, originalsDays: 0, ...own };
    await workspace.owner.call("PUT", "/api/settings/email", input);
    for (const from of [
      "Parley <parley@example.com>",
      `someone@${env.EMAIL_REPLY_DOMAIN}`,
      "Kettle <Hello@own-kettle.example>",
      "someone@re.own-kettle.example",
    ]) {
      expect(await arrive(written({ from, to: inbox, subject: "", text: from }), inbox)).toBeNull();
      const address = (/<(.*)>/.exec(from)?.[1] ?? from).toLowerCase();
      expect(await conversationsOf(workspace, address), from).toEqual([]);
    }
    const others = written({ from: "eve@own-kettle.example", to: inbox, subject: "", text: "" });
    await arrive(others, inbox);
    expect(await conversationsOf(workspace, "eve@own-kettle.example")).toHaveLength(1);
  });

  it("fails its delivery where too many begin at once, and one that has begun before does not", async () => {
    const crowded = await newWorkspace("inbound-crowded");
    const to = inboxOf(crowded.me.workspace.id);
    const mails = Array.from({ length: 2 * FIRST_MESSAGE_BURST }, () =>
      written({ from: freshAddress(), to, subject: "Tea", text: "Hello" }),
    );
    let begun = 0;
    const begin = async () => {
      for (const raw of mails) {
        await arrive(raw, to);
        begun++;
      }
    };
    await expect(begin()).rejects.toThrow("too many conversations begin by email");
    expect(begun).toBeGreaterThanOrEqual(FIRST_MESSAGE_BURST);
    expect(await arrive(mails[0] ?? new Uint8Array(), to)).toBeNull();
  });
});

describe("an operator's answer", () => {
  it("to an address that nobody vouches for goes again after a day, and not sooner", async () => {
    const { conversation, socket, jobs, transport } = await answered({ isProven: false });
    const second = await nextJob(jobs, () => answerIn(socket, "And one more thing."));
    setClockOffset(DAY_MS - MINUTE_MS);
    await deliverJobs([second], transport);
    setClockOffset(DAY_MS + MINUTE_MS);
    const third = await nextJob(jobs, () => answerIn(socket, "A day later."));
    await deliverJobs([third], transport);
    expect(transport.sent.map(({ job }) => job)).toEqual([jobs[0]?.id, third.id]);
    expect(fates(await log(conversation))).toEqual([
      "queued",
      "sent",
      "queued",
      "failed",
      "queued",
      "sent",
    ]);
  });

  it("to such an address may be tried again after a refusal that passes: it is the same mail", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const jobs = collectJobs();
    const { conversation, socket } = await begunByMail(workspace, { isProven: false });
    await nextJob(jobs, () => answerIn(socket, "It left us today."));
    const outcome = { state: "rejected", permanent: false, code: "busy" } as const;
    await deliverJobs(jobs.slice(0, 1), countingTransport({ outcome }));
    await deliverJobs(jobs.slice(0, 1), countingTransport(), 2);
    expect(fates(await log(conversation))).toEqual(["queued", "sent"]);
  });

  it("that was sent is not sent again", async () => {
    const { conversation, jobs } = await answered();
    const message = messages(await log(conversation))[1]?.seq;
    await workspace.owner.call("POST", `/api/conversations/${conversation}/mail-again`, {
      message,
    });
    expect(jobs).toHaveLength(1);
    expect(fates(await log(conversation))).toEqual(["queued", "sent"]);
  });

  it("is put on the queue once while the next ones follow it", async () => {
    const jobs = collectJobs();
    const { socket } = await begunByMail(workspace);
    for (const text of ["One.", "Two.", "Three."])
      await nextJob(jobs, () => answerIn(socket, text));
    expect(jobs.map(({ mail }) => "text" in mail && mail.text)).toEqual(["One.", "Two.", "Three."]);
  });

  it("refers to what the participant wrote, and to nothing that somebody else sent", async () => {
    const { jobs, socket, mail, to } = await answered();
    const idOf = (raw: Uint8Array) => /Message-ID: (\S+)/.exec(new TextDecoder().decode(raw))?.[1];
    const [own, stranger] = [mail("Mine."), mail("Not mine.", "eve@evil.example")];
    for (const raw of [own, stranger]) await arrive(raw, to);
    const { mail: sent } = await nextJob(jobs, () => answerIn(socket, "We see."));
    const references = "references" in sent ? sent.references : [];
    expect(references).toContain(idOf(own));
    expect(references).not.toContain(idOf(stranger));
  });

  it("has a name before its address that no mail program takes for another address", async () => {
    const jobs = collectJobs();
    const { conversation } = await begunByMail(workspace);
    const name = 'Eve <eve@evil.example>, "Bob"; x:y (z)\\';
    const socket = await openOperatorSocket(of(conversation), { ...OLIVIA, name });
    const job = await nextJob(jobs, () => answerIn(socket, "Hello."));
    const transport = countingTransport();
    await deliverJobs([job], transport);
    expect(transport.sent[0]?.mail.from).toMatchObject({ email: "parley@example.com" });
    expect(transport.sent[0]?.mail.from.name).toMatch(/^Eve {1,2}eve evil\.example[^@<>",:;\\]*$/);
  });

  it("names itself only where the transport keeps that name", async () => {
    const { jobs } = await answered();
    const [job] = jobs;
    if (job === undefined) throw new Error("no job");
    const headersWith = async (ownMessageId: boolean) => {
      const counting = countingTransport();
      const transport = { ...counting, caps: { ...counting.caps, ownMessageId } };
      const id = newId("job", Date.now());
      await deliverJobs([{ ...job, id }], transport);
      return { id, headers: counting.sent[0]?.mail.headers };
    };
    const named = await headersWith(true);
    expect(named.headers).toMatchObject({
      "Message-ID": `<${named.id}@${env.EMAIL_REPLY_DOMAIN}>`,
    });
    expect((await headersWith(false)).headers).not.toHaveProperty("Message-ID");
  });
});
