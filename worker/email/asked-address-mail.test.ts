import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { COPY_QUIET_MS, UNREAD_COPY_MS } from "../../domain/email/unread-copy.ts";
import { ConversationObject } from "../../durable-objects/conversation/object.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { openVisitorSocket } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { suppress } from "../d1/suppressions.ts";
import { AskedAddress } from "../testing/asked-address.ts";
import { type ChatAsker, TYPED } from "../testing/chat-asker.ts";
import { buryJobs, deliverJobs } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

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

describe("the first answer to an address that was typed into the chat", () => {
  it("is mailed with a code and a way to answer, and holds nothing that a visitor typed", async () => {
    await asker.answer("It left us today.");
    await asker.answer("It will be there on Friday.");
    await stage.pass(COPY_QUIET_MS / 2);
    expect(stage.jobs).toEqual([]);
    await stage.pass(COPY_QUIET_MS / 2 + 1);
    await stage.deliver();
    expect(stage.sent.length).toBe(1);
    const mail = stage.sent[0]?.mail;
    expect(mail).toMatchObject({ to: address, subject: "A message from Owner" });
    expect(mail?.text).toMatch(/It left us today\.[\s\S]*It will be there on Friday\./);
    expect(mail?.replyTo).toMatch(/^r1\./);
    expect(mail?.headers["Auto-Submitted"]).toBe("auto-generated");
    expect(stage.codeIn()).toMatch(/^\d{6}$/);
    expect(mail?.html).toContain(stage.codeIn());
    // Not in the mail, and not in the job either.
    expect(JSON.stringify([stage.sent, stage.done])).not.toMatch(/TYPED|Ada|teapot/i);
    expect(await asker.mailed()).toMatchObject([
      { state: "queued", copy: { to: address, messages: 2 } },
      { state: "sent" },
    ]);
    expect(await asker.contact()).toMatchObject({ address, isProven: false, hasCode: true });
  });

  it("waits while they have the page open, and is not sent once they have read it", async () => {
    stage.isHere.mockResolvedValue(true);
    await asker.answer("It left us today.");
    await stage.pass(COPY_QUIET_MS);
    const socket = await openVisitorSocket(asker.chat, asker.page.device);
    await socket.ask({ t: "read", through: 2 });
    await stage.pass(UNREAD_COPY_MS);
    expect(await stage.states()).toEqual([]);
    await asker.answer("Another one.");
    await stage.pass(COPY_QUIET_MS);
    await stage.pass(UNREAD_COPY_MS - 2 * COPY_QUIET_MS);
    expect(await stage.states()).toEqual([]);
    await stage.pass(COPY_QUIET_MS);
    expect(await stage.states()).toEqual(["queued"]);
  });

  it("is one mail and one code, however often its job comes, and a used code stays used", async () => {
    await stage.answer("It left us today.");
    const code = stage.codeIn();
    expect(await asker.prove(address, code)).toBe("ok");
    for (let n = 2; n <= 10; n++)
      await deliverJobs([...stage.done, ...stage.done], stage.transport, n);
    expect(stage.sent.length).toBe(1);
    expect(await asker.prove(address, code)).toBe("code_used");
    expect(await stage.states()).toEqual(["queued", "sent"]);
  });

  it("is one mail with the same code where the worker dies after the transport took it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await asker.answer("It left us today.");
    await stage.pass(COPY_QUIET_MS);
    vi.spyOn(ConversationObject.prototype, "mailed").mockRejectedValueOnce(new Error("killed"));
    await stage.deliver();
    vi.spyOn(VisitorObject.prototype, "noteContactCode").mockRejectedValueOnce(new Error("killed"));
    await deliverJobs(stage.done, stage.transport, 2);
    expect((await asker.contact()).hasCode).toBe(false);
    await deliverJobs(stage.done, stage.transport, 3);
    expect(stage.sent.length).toBe(1);
    expect(await stage.states()).toEqual(["queued", "sent"]);
    expect((await asker.contact()).hasCode).toBe(true);
    expect(await asker.prove(address, stage.codeIn())).toBe("ok");
  });

  it("has its day's mail still where the worker dies before the transport took it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await asker.answer("It left us today.");
    await stage.pass(COPY_QUIET_MS);
    const dying = { ...stage.transport, send: () => Promise.reject(new Error("killed")) };
    await eventually(() => expect(stage.jobs.length).toBe(1));
    await deliverJobs(stage.jobs, dying);
    await stage.deliver(2);
    expect(stage.sent.length).toBe(1);
    expect(await stage.states()).toEqual(["queued", "sent"]);
  });

  it("that never left is told as not delivered, and can be sent again within the limit", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const message = await asker.answer("It left us today.");
    await stage.pass(COPY_QUIET_MS);
    await buryJobs([await stage.nextJob()]);
    expect(await stage.states()).toEqual(["queued", "failed"]);
    const path = `/api/conversations/${asker.conversation}/mail-again`;
    await workspace.owner.call("POST", path, { message });
    await deliverJobs([await stage.nextJob()], stage.transport);
    expect(stage.sent.length).toBe(1);
    expect(JSON.stringify(stage.sent)).not.toContain(TYPED);
  });

  it("does not go to an address that gets no mails, and the day's mail is left to it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { id } = workspace.me.workspace;
    const at = Date.now();
    await suppress(env.DB, id, { address, why: "by_hand", reason: null, at });
    await stage.answer("It left us today.");
    expect(await asker.mailed()).toMatchObject([{}, { state: "failed", code: "suppressed" }]);
    const other = await stage.meet(elsewhere, address);
    await stage.answer("Hello.", other);
    expect(stage.sent.map(({ mail }) => mail.to)).toEqual([address]);
  });
});
