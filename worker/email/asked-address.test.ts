import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { UNPROVEN_LIMIT } from "../../domain/email/fate.ts";
import { COPY_QUIET_MS, UNREAD_COPY_MS } from "../../domain/email/unread-copy.ts";
import { signDeviceToken } from "../../domain/identity/tokens.ts";
import { ConversationObject } from "../../durable-objects/conversation/object.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { openVisitorSocket } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { ContactRoute } from "../../protocol/contact.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { ANSWER_CODE_LIFETIME_MS, CODE_MAX_TRIES } from "../../protocol/limits.ts";
import { suppress } from "../d1/suppressions.ts";
import { ChatAsker, TYPED } from "../testing/chat-asker.ts";
import { messages } from "../testing/mail-conversation.ts";
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
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { unprovenMailFrom } from "./unproven-limit.ts";

const DAY_MS = 24 * 3_600_000;

let workspace: WorkspaceFixture;
let elsewhere: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("asked");
  elsewhere = await newWorkspace("asked-elsewhere");
});

let jobs: SendEmail[];
let transport: ReturnType<typeof countingTransport>;
let address: string;
let asker: ChatAsker;
let offset: number;
let isHere: ReturnType<typeof vi.spyOn>;
beforeEach(async () => {
  offset = 0;
  jobs = collectJobs();
  transport = countingTransport();
  address = freshAddress();
  asker = await ChatAsker.arrive(workspace);
  expect(await asker.choose({ address })).toBe("ok");
  // The person's object tells the conversation by itself.
  await eventually(async () =>
    expect((await asker.chat.summary())?.visitor.contact?.address).toBe(address),
  );
  isHere = vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(false);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

/** Lets time pass, and what is due with it happen. */
async function pass(ms: number, ...askers: ChatAsker[]): Promise<void> {
  offset += ms;
  setClockOffset(offset);
  for (const each of askers.length === 0 ? [asker] : askers) await each.chat.refresh();
}

/** Everything that was put on the queue so far, once. */
async function deliver(attempts = 1): Promise<void> {
  // A push may still be under way.
  await eventually(async () => {
    const all = await Promise.all(known.map((each) => each.mailed()));
    const queued = all.flatMap((entries) => entries.filter(({ state }) => state === "queued"));
    expect(new Set([...done, ...jobs].map(({ id }) => id)).size).toBe(queued.length);
  });
  done.push(...jobs);
  await deliverJobs(jobs.splice(0), transport, attempts);
}
let known: ChatAsker[];
let done: SendEmail[];
beforeEach(() => {
  known = [asker];
  done = [];
});

/** The conversation has heard of a choice from the person's object. */
const heard = (is: (contact: ContactRoute | undefined) => boolean | undefined) =>
  eventually(async () => expect(is((await asker.chat.summary())?.visitor.contact)).toBe(true));

async function meet(other: WorkspaceFixture, at: string): Promise<ChatAsker> {
  const met = await ChatAsker.arrive(other);
  expect(await met.choose({ address: at })).toBe("ok");
  await eventually(async () =>
    expect((await met.chat.summary())?.visitor.contact?.address).toBe(at.toLowerCase()),
  );
  known.push(met);
  return met;
}

const codeIn = (index = -1) =>
  /\n(\d{6})\n/.exec(transport.sent.at(index)?.mail.text ?? "")?.[1] ?? "no code";
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");
const states = async (of = asker) => (await of.mailed()).map(({ state }) => state);

describe("the first answer to an address that was typed into the chat", () => {
  it("is mailed with a code and a way to answer, and holds nothing that a visitor typed", async () => {
    await asker.answer("It left us today.");
    await asker.answer("It will be there on Friday.");
    await pass(COPY_QUIET_MS - 1_000);
    expect(jobs).toEqual([]);
    await pass(1_001);
    await deliver();
    expect(transport.sent.length).toBe(1);
    const mail = transport.sent[0]?.mail;
    expect(mail).toMatchObject({ to: address, subject: "A message from Owner" });
    expect(mail?.text).toMatch(/It left us today\.[\s\S]*It will be there on Friday\./);
    expect(mail?.replyTo).toMatch(/^r1\./);
    expect(mail?.headers["Auto-Submitted"]).toBe("auto-generated");
    expect(codeIn()).toMatch(/^\d{6}$/);
    expect(mail?.html).toContain(codeIn());
    // Not in the mail, and not in the job either.
    expect(JSON.stringify([transport.sent, done])).not.toMatch(/TYPED|Ada|teapot/i);
    expect(await asker.mailed()).toMatchObject([
      { state: "queued", copy: { to: address, messages: 2 } },
      { state: "sent" },
    ]);
    expect(await asker.contact()).toMatchObject({ address, isProven: false, hasCode: true });
  });

  it("waits while they have the page open, and is not sent once they have read it", async () => {
    isHere.mockResolvedValue(true);
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    const socket = await openVisitorSocket(asker.chat, asker.page.device);
    await socket.ask({ t: "read", through: 2 });
    await pass(UNREAD_COPY_MS);
    expect(await states()).toEqual([]);
    await asker.answer("Another one.");
    await pass(COPY_QUIET_MS);
    await pass(UNREAD_COPY_MS - COPY_QUIET_MS - 1_000);
    expect(await states()).toEqual([]);
    await pass(1_000);
    expect(await states()).toEqual(["queued"]);
  });

  it("is one mail and one code, however often its job comes, and a used code stays used", async () => {
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const code = codeIn();
    expect(await asker.prove(address, code)).toBe("ok");
    for (let n = 2; n <= 10; n++) await deliverJobs([...done, ...done], transport, n);
    expect(transport.sent.length).toBe(1);
    expect(await asker.prove(address, code)).toBe("code_used");
    expect(await states()).toEqual(["queued", "sent"]);
  });

  it("is one mail with the same code where the worker dies after the transport took it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    vi.spyOn(ConversationObject.prototype, "mailed").mockRejectedValueOnce(new Error("killed"));
    await deliver();
    vi.spyOn(VisitorObject.prototype, "noteContactCode").mockRejectedValueOnce(new Error("killed"));
    await deliverJobs(done, transport, 2);
    expect((await asker.contact()).hasCode).toBe(false);
    await deliverJobs(done, transport, 3);
    expect(transport.sent.length).toBe(1);
    expect(await states()).toEqual(["queued", "sent"]);
    expect((await asker.contact()).hasCode).toBe(true);
    expect(await asker.prove(address, codeIn())).toBe("ok");
  });

  it("has its day's mail still where the worker dies before the transport took it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    const dying = { ...transport, send: () => Promise.reject(new Error("killed")) };
    await eventually(() => expect(jobs.length).toBe(1));
    await deliverJobs(jobs, dying);
    await deliver(2);
    expect(transport.sent.length).toBe(1);
    expect(await states()).toEqual(["queued", "sent"]);
  });

  it("that never left is told as not delivered, and can be sent again within the limit", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const message = await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await eventually(() => expect(jobs.length).toBe(1));
    await buryJobs(jobs.splice(0));
    expect(await states()).toEqual(["queued", "failed"]);
    const path = `/api/conversations/${asker.conversation}/mail-again`;
    await workspace.owner.call("POST", path, { message });
    await eventually(() => expect(jobs.length).toBe(1));
    await deliverJobs(jobs, transport);
    expect(transport.sent.length).toBe(1);
    expect(JSON.stringify(transport.sent)).not.toContain(TYPED);
  });

  it("does not go to an address that gets no mails, and the day's mail is left to it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { id } = workspace.me.workspace;
    const at = Date.now();
    await suppress(env.DB, id, { address, why: "by_hand", reason: null, at });
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(await asker.mailed()).toMatchObject([{}, { state: "failed", code: "suppressed" }]);
    const other = await meet(elsewhere, address);
    await other.answer("Hello.");
    await pass(COPY_QUIET_MS, other);
    await deliver();
    expect(transport.sent.map(({ mail }) => mail.to)).toEqual([address]);
  });
});

describe("an address that is not proven", () => {
  it("gets one mail a day: what comes after waits, says until when, and goes with the next", async () => {
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const sentAt = Date.now() + offset;
    await pass(3_600_000);
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const held = (await asker.mailed()).at(-1);
    expect(held).toMatchObject({ state: "held", code: "unproven_limit", copy: { to: address } });
    const until = held?.until ?? 0;
    expect(Math.abs(until - sentAt - DAY_MS)).toBeLessThan(5_000);
    // Said of the next one at once, without a job.
    await asker.answer("Third.");
    await pass(COPY_QUIET_MS);
    await pass(1_000);
    expect((await asker.mailed()).slice(4)).toMatchObject([
      { state: "held", until, copy: { messages: 2 } },
    ]);
    expect(jobs).toEqual([]);
    await evictDurableObject(
      env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, asker.conversation)),
    );
    await pass(until - (Date.now() + offset) - 1_000);
    expect(jobs).toEqual([]);
    await pass(1_000);
    await deliver();
    expect(transport.sent.length).toBe(2);
    expect(transport.sent[1]?.mail.text).toMatch(/^Second\.\n\nThird\./);
    expect(JSON.stringify(transport.sent)).not.toContain(TYPED);
    expect(codeIn(1)).not.toBe(codeIn(0));
    expect(await asker.prove(address, codeIn(0))).toBe("wrong_code");
    expect(await asker.prove(address, codeIn(1))).toBe("ok");
  });

  it("is told that its second mail waits where the telling failed until the mail was given up", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await deliver();
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    vi.spyOn(ConversationObject.prototype, "mailed").mockRejectedValueOnce(new Error("killed"));
    await deliver();
    expect(await states()).toEqual(["queued", "sent", "queued"]);
    await buryJobs(done.slice(-1));
    expect(await states()).toEqual(["queued", "sent", "queued", "held"]);
    await pass(DAY_MS);
    await deliver();
    expect(transport.sent[1]?.mail.text).toMatch(/^Second\./);
  });

  it("gets what was asked for again by hand, and no message with it that another mail has carried", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const message = await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await eventually(() => expect(jobs.length).toBe(1));
    done.push(...jobs);
    await buryJobs(jobs.splice(0));
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(await states()).toEqual(["queued", "failed", "queued", "sent"]);
    const again = async () => {
      const path = `/api/conversations/${asker.conversation}/mail-again`;
      await workspace.owner.call("POST", path, { message });
      await deliver();
    };
    await again();
    expect((await asker.mailed()).at(-1)).toMatchObject({ state: "failed", code: UNPROVEN_LIMIT });
    // Told twice, it is no other mail either.
    await deliverJobs(done.slice(-1), transport, 2);
    await pass(DAY_MS);
    await deliver();
    expect(transport.sent.map(({ mail }) => mail.text.split("\n")[0])).toEqual(["Second."]);
    await again();
    expect(transport.sent.map(({ mail }) => mail.text.split("\n")[0])).toEqual([
      "Second.",
      "First.",
    ]);
    expect((await states()).slice(4)).toEqual(["queued", "failed", "queued", "sent"]);
  });

  it("gets nothing twice where it was proven while a mail that is then refused was on its way", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const other = await meet(elsewhere, address);
    await other.answer("From elsewhere.");
    await pass(COPY_QUIET_MS, other);
    await deliver();
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await eventually(() => expect(jobs.length).toBe(1));
    const [early] = jobs.splice(0);
    const visitor = (await asker.chat.summary())?.visitor ?? expect.unreachable("it has begun");
    const contact = { address, isProven: true, isEverything: false };
    await asker.chat.describeVisitor({ ...visitor, contact });
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await eventually(() => expect(jobs.length).toBe(1));
    await deliverJobs(jobs.splice(0), transport);
    await deliverJobs(early === undefined ? [] : [early], transport);
    await pass(DAY_MS);
    expect(jobs).toEqual([]);
    expect(await asker.mailed()).toMatchObject([
      { state: "queued" },
      { state: "queued" },
      { state: "sent" },
      { state: "failed", code: UNPROVEN_LIMIT },
    ]);
  });

  it("holds nothing back from another one that the person gives instead", async () => {
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await deliver();
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const other = freshAddress();
    expect(await asker.choose({ address: other })).toBe("ok");
    await heard((contact) => contact?.address === other);
    await pass(0);
    await deliver();
    expect(transport.sent.map(({ mail }) => mail.to)).toEqual([address, other]);
  });

  it("gets no second mail of what was read meanwhile", async () => {
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await deliver();
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(await states()).toEqual(["queued", "sent", "queued", "held"]);
    const socket = await openVisitorSocket(asker.chat, asker.page.device);
    await socket.ask({ t: "read", through: 3 });
    await pass(DAY_MS);
    expect(await states()).toEqual(["queued", "sent", "queued", "held"]);
  });

  it("has one a day from all workspaces together, whatever its capitals", async () => {
    const other = await meet(elsewhere, address.toUpperCase());
    await asker.answer("First.");
    await pass(COPY_QUIET_MS);
    await deliver();
    await other.answer("From elsewhere.");
    await pass(COPY_QUIET_MS, other);
    await deliver();
    expect(await states(other)).toEqual(["queued", "held"]);
    await pass(DAY_MS, other);
    await deliver();
    expect(transport.sent.map(({ mail }) => mail.to)).toEqual([address, address]);
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(await states()).toEqual(["queued", "sent", "queued", "held"]);
  });

  it("that has had none may get one now", async () => {
    expect(await unprovenMailFrom(env.DB, freshAddress(), 5)).toBe(5);
  });

  it("is another one with dots or a tag, as identifiers are", async () => {
    const [name, domain] = address.split("@");
    const others = [
      await meet(elsewhere, `${name?.slice(0, 3)}.${name?.slice(3)}@${domain}`),
      await meet(elsewhere, `${name}+tag@${domain}`),
    ];
    for (const each of [asker, ...others]) {
      await each.answer("Hello.");
      await pass(COPY_QUIET_MS, each);
    }
    await deliver();
    expect(new Set(transport.sent.map(({ mail }) => mail.to)).size).toBe(3);
  });

  it("shares its day with answers to mails that nobody vouches for", async () => {
    const inbox = `inbox.${workspace.me.workspace.id.slice(4)}@${env.EMAIL_REPLY_DOMAIN}`;
    const raw = written({
      from: address,
      to: inbox,
      subject: TYPED,
      text: TYPED,
      isProven: false,
    });
    await arrive(raw, inbox);
    await asker.answer("In the chat.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const [row] = (
      await env.DB.prepare("SELECT conversation_id AS id FROM mail_threads WHERE address = ?")
        .bind(address)
        .all<{ id: string }>()
    ).results;
    const { webSocket } = await workspace.owner.open(`/api/conversations/${row?.id}/socket`);
    webSocket?.accept();
    webSocket?.send(JSON.stringify({ t: "message", id: "1", stream: "m", n: 1, text: "By mail." }));
    await eventually(() => expect(jobs.length).toBe(1));
    await deliverJobs(jobs, transport);
    expect(transport.sent.length).toBe(1);
  });
});

describe("the code in it", () => {
  const sent = async (): Promise<string> => {
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await deliver();
    return codeIn();
  };

  it("proves the address, and from then on answers come as they are, with what stands before", async () => {
    expect(await asker.prove(address, await sent())).toBe("ok");
    expect(asker.page.contact).toMatchObject({ address, isProven: true, hasCode: false });
    await heard((contact) => contact?.isProven);
    await asker.answer("And a second one on the same day.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const mail = transport.sent[1]?.mail;
    expect(mail?.text).toContain(`> You: ${TYPED}`);
    expect(mail?.text).not.toMatch(/\n\d{6}\n/);
    expect(await states()).toEqual(["queued", "sent", "queued", "sent"]);
  });

  it("lets what was held go out as soon as it is typed", async () => {
    const code = await sent();
    await asker.answer("Second.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(await asker.prove(address, code)).toBe("ok");
    await heard((contact) => contact?.isProven);
    await pass(0);
    await deliver();
    expect(transport.sent[1]?.mail.text).toMatch(/^Second\./);
  });

  it("works in no browser of anybody else, whatever they claim", async () => {
    const code = await sent();
    const thief = await meet(workspace, address);
    expect(await thief.prove(address, code)).toBe("wrong_code");
    expect(await asker.prove(address, code)).toBe("ok");
  });

  it("works for its person also after the browser has turned out to be a known one's", async () => {
    const code = await sent();
    const known = await meet(workspace, freshAddress());
    const proof = { userId: crypto.randomUUID(), others: [], by: "jwt" as const };
    await known.person.prove(known.page.device, proof);
    const outcome = await asker.person.prove(asker.page.device, proof);
    if (outcome.kind !== "moved") throw new Error(outcome.kind);
    expect(outcome.visitor).toBe(known.page.visitor);
    const right = { workspace: workspace.me.workspace.id, ...outcome };
    asker.page = {
      ...asker.page,
      ...outcome,
      token: await signDeviceToken(env.PARLEY_SECRET, right),
    };
    expect(await asker.prove(address, wrong(code))).toBe("wrong_code");
    expect(await asker.prove(address, code)).toBe("ok");
    expect(await asker.prove(address, code)).not.toBe("ok");
  });

  it.each([
    [CODE_MAX_TRIES - 1, "ok"],
    [CODE_MAX_TRIES, "too_many_tries"],
  ])("after %i wrong ones is answered with %s", async (tries, verdict) => {
    const code = await sent();
    for (let n = 0; n < tries; n++) await asker.prove(address, wrong(code));
    expect(await asker.prove(address, code)).toBe(verdict);
  });

  it.each([
    [ANSWER_CODE_LIFETIME_MS - 60_000, "ok"],
    [ANSWER_CODE_LIFETIME_MS, "code_expired"],
  ])("%i ms later is answered with %s", async (ms, verdict) => {
    const code = await sent();
    setClockOffset(offset + ms);
    expect(await asker.prove(address, code)).toBe(verdict);
  });
});

describe("an answer by mail to it", () => {
  it("stands in the thread, lets mails go out as they come, and opens nothing to a browser", async () => {
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const to = transport.sent[0]?.mail.replyTo ?? "";
    expect(
      await arrive(written({ from: address, to, subject: "Re", text: "Thank you." }), to),
    ).toBeNull();
    expect(messages(await asker.chat.log(0, 100)).at(-1)).toMatchObject({
      author: { kind: "visitor" },
      text: "Thank you.",
      mail: { isProven: true },
    });
    await asker.answer("You are welcome.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(transport.sent.length).toBe(2);
    // The mailbox is its owner's, but nobody knows yet that it is this visitor's.
    expect(JSON.stringify(transport.sent)).not.toContain(TYPED);
    expect(await asker.contact()).toMatchObject({ isProven: false });
  });

  it("that nobody vouches for changes nothing about the limit", async () => {
    await asker.answer("It left us today.");
    await pass(COPY_QUIET_MS);
    await deliver();
    const to = transport.sent[0]?.mail.replyTo ?? "";
    const mail = { from: address, to, subject: "Re", text: "Thank you.", isProven: false };
    await arrive(written(mail), to);
    await asker.answer("You are welcome.");
    await pass(COPY_QUIET_MS);
    await deliver();
    expect(transport.sent.length).toBe(1);
    expect((await states()).at(-1)).toBe("held");
  });
});
