import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { UNPROVEN_LIMIT } from "../../domain/email/fate.ts";
import { COPY_QUIET_MS } from "../../domain/email/unread-copy.ts";
import { ConversationObject } from "../../durable-objects/conversation/object.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { openVisitorSocket } from "../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../protocol/addresses.ts";
import { AskedAddress } from "../testing/asked-address.ts";
import { type ChatAsker, TYPED } from "../testing/chat-asker.ts";
import { answerIn, onlyConversationOf } from "../testing/mail-conversation.ts";
import { arrive, buryJobs, deliverJobs, freshAddress, written } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { unprovenMailFrom } from "./unproven-limit.ts";

let workspace: WorkspaceFixture;
let elsewhere: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("asked");
  elsewhere = await newWorkspace("asked-elsewhere");
});

let stage: AskedAddress;
let asker: ChatAsker;
let address: string;
beforeEach(async () => {
  stage = await AskedAddress.begin(workspace);
  ({ asker, address } = stage);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const DAY_MS = 24 * 3_600_000;

describe("an address that is not proven", () => {
  it("gets one mail a day: what comes after waits, says until when, and goes with the next", async () => {
    await stage.answer("First.");
    const sentAt = stage.now();
    await stage.pass(3_600_000);
    await stage.answer("Second.");
    const held = (await asker.mailed()).at(-1);
    expect(held).toMatchObject({ state: "held", code: "unproven_limit", copy: { to: address } });
    const until = held?.until ?? 0;
    expect(Math.abs(until - sentAt - DAY_MS)).toBeLessThan(60_000);
    // Said of the next one at once, without a job.
    await asker.answer("Third.");
    await stage.pass(COPY_QUIET_MS);
    await stage.pass(1_000);
    expect((await asker.mailed()).slice(4)).toMatchObject([
      { state: "held", until, copy: { messages: 2 } },
    ]);
    expect(stage.jobs).toEqual([]);
    await evictDurableObject(
      env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, asker.conversation)),
    );
    await stage.pass(until - stage.now() - 60_000);
    expect(stage.jobs).toEqual([]);
    await stage.pass(60_000);
    await stage.deliver();
    expect(stage.sent.length).toBe(2);
    expect(stage.sent[1]?.mail.text).toMatch(/^Second\.\n\nThird\./);
    expect(JSON.stringify(stage.sent)).not.toContain(TYPED);
    expect(stage.codeIn(1)).not.toBe(stage.codeIn(0));
    expect(await asker.prove(address, stage.codeIn(0))).toBe("wrong_code");
    expect(await asker.prove(address, stage.codeIn(1))).toBe("ok");
  });

  it("is told that its second mail waits where the telling failed until the mail was given up", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await stage.answer("First.");
    await asker.answer("Second.");
    await stage.pass(COPY_QUIET_MS);
    vi.spyOn(ConversationObject.prototype, "mailed").mockRejectedValueOnce(new Error("killed"));
    await stage.deliver();
    expect(await stage.states()).toEqual(["queued", "sent", "queued"]);
    await buryJobs(stage.done.slice(-1));
    expect(await stage.states()).toEqual(["queued", "sent", "queued", "held"]);
    await stage.pass(DAY_MS);
    await stage.deliver();
    expect(stage.sent[1]?.mail.text).toMatch(/^Second\./);
  });

  it("gets what was asked for again by hand, and no message with it that another mail has carried", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const message = await asker.answer("First.");
    await stage.pass(COPY_QUIET_MS);
    const lost = await stage.nextJob();
    stage.done.push(lost);
    await buryJobs([lost]);
    await stage.answer("Second.");
    expect(await stage.states()).toEqual(["queued", "failed", "queued", "sent"]);
    const again = async () => {
      const path = `/api/conversations/${asker.conversation}/mail-again`;
      await workspace.owner.call("POST", path, { message });
      await stage.deliver();
    };
    await again();
    expect((await asker.mailed()).at(-1)).toMatchObject({ state: "failed", code: UNPROVEN_LIMIT });
    // Told twice, it is no other mail either.
    await deliverJobs(stage.done.slice(-1), stage.transport, 2);
    await stage.pass(DAY_MS);
    await stage.deliver();
    expect(stage.sent.map(({ mail }) => mail.text.split("\n")[0])).toEqual(["Second."]);
    await again();
    expect(stage.sent.map(({ mail }) => mail.text.split("\n")[0])).toEqual(["Second.", "First."]);
    expect((await stage.states()).slice(4)).toEqual(["queued", "failed", "queued", "sent"]);
  });

  it("gets nothing twice where it was proven while a mail that is then refused was on its way", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const other = await stage.meet(elsewhere, address);
    await stage.answer("From elsewhere.", other);
    await asker.answer("First.");
    await stage.pass(COPY_QUIET_MS);
    const early = await stage.nextJob();
    const visitor = (await asker.chat.summary())?.visitor ?? expect.unreachable("it has begun");
    const contact = { address, isProven: true, isEverything: false };
    await asker.chat.describeVisitor({ ...visitor, contact }, 1_000);
    await asker.answer("Second.");
    await stage.pass(COPY_QUIET_MS);
    for (const job of [await stage.nextJob(), early]) await deliverJobs([job], stage.transport);
    await stage.pass(DAY_MS);
    expect(stage.jobs).toEqual([]);
    expect(await asker.mailed()).toMatchObject([
      { state: "queued" },
      { state: "queued" },
      { state: "sent" },
      { state: "failed", code: UNPROVEN_LIMIT },
    ]);
  });

  it("holds nothing back from another one that the person gives instead", async () => {
    await stage.answer("First.");
    await stage.answer("Second.");
    const other = freshAddress();
    expect(await asker.choose({ address: other })).toBe("ok");
    await asker.heard((contact) => contact?.address === other);
    await stage.pass(0);
    await stage.deliver();
    expect(stage.sent.map(({ mail }) => mail.to)).toEqual([address, other]);
  });

  it("gets no second mail of what was read meanwhile", async () => {
    await stage.answer("First.");
    await stage.answer("Second.");
    expect(await stage.states()).toEqual(["queued", "sent", "queued", "held"]);
    const socket = await openVisitorSocket(asker.chat, asker.page.device);
    await socket.ask({ t: "read", through: 3 });
    await stage.pass(DAY_MS);
    expect(await stage.states()).toEqual(["queued", "sent", "queued", "held"]);
  });

  it("has one a day from all workspaces together, whatever its capitals", async () => {
    const other = await stage.meet(elsewhere, address.toUpperCase());
    await stage.answer("First.");
    await stage.answer("From elsewhere.", other);
    expect(await stage.states(other)).toEqual(["queued", "held"]);
    await stage.pass(DAY_MS, other);
    await stage.deliver();
    expect(stage.sent.map(({ mail }) => mail.to)).toEqual([address, address]);
    await stage.answer("Second.");
    expect(await stage.states()).toEqual(["queued", "sent", "queued", "held"]);
  });

  it("that has had none may get one now", async () => {
    expect(await unprovenMailFrom(env.DB, freshAddress(), 5)).toBe(5);
  });

  it("is another one with dots or a tag, as identifiers are", async () => {
    const [name, domain] = address.split("@");
    const others = [
      await stage.meet(elsewhere, `${name?.slice(0, 3)}.${name?.slice(3)}@${domain}`),
      await stage.meet(elsewhere, `${name}+tag@${domain}`),
    ];
    for (const each of [asker, ...others]) {
      await each.answer("Hello.");
      await stage.pass(COPY_QUIET_MS, each);
    }
    await stage.deliver();
    expect(new Set(stage.sent.map(({ mail }) => mail.to)).size).toBe(3);
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
    const byMail = await onlyConversationOf(workspace, address);
    await stage.answer("In the chat.");
    await answerIn(await workspace.owner.openConversation(byMail), "By mail.");
    await deliverJobs([await stage.nextJob()], stage.transport);
    expect(stage.sent.length).toBe(1);
  });
});
