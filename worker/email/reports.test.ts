import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { reportOf, type Reported, type REPORTS } from "../../domain/email/testing/reports.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { conversationName } from "../../protocol/addresses.ts";
import { newId } from "../../protocol/ids.ts";
import { isSuppressed } from "../d1/suppressions.ts";
import { failStatements } from "../testing/failing-database.ts";
import { fates, mailedAnswer } from "../testing/mail-conversation.ts";
import { arrive, changed, inboxOf, rawMail } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { REPORT_READ_MAX_BYTES } from "../../domain/email/report.ts";
import { REPORT_AGE_MAX_MS } from "./reports.ts";

/** Mail servers' reports that come as mails: to the conversation's reply address, or to the workspace's own. */

let workspace: WorkspaceFixture;
let other: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("reports");
  other = await newWorkspace("others");
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

/** An answer that was sent, and what is needed to report on it. */
async function sent() {
  const { address, conversation, transport, to: reply } = await mailedAnswer(workspace);
  const [mail] = transport.sent;
  if (mail === undefined) throw new Error("not sent");
  const id = (mail.mail.headers["Message-ID"] ?? "").replace(/[<>]/g, "");
  const object = peersOf(env).conversation(workspace.me.workspace.id, conversation);
  const log = () => object.log(0, 100);
  const fate = async () => fates(await log()).at(-1);
  const isHeldBack = (of = workspace) => isSuppressed(env.DB, of.me.workspace.id, address);
  const report = (
    server: keyof typeof REPORTS,
    { to = reply, ...more }: Partial<Reported> & { to?: string } = {},
  ) => arrive(reportOf(server, { id, address, reply, ...more }), to, { from: "" });
  return { address, conversation, job: mail.job, id, reply, log, fate, isHeldBack, report };
}

describe("a report about a mail of ours", () => {
  it.each(["postfix", "gmail", "exchange", "qmail", "exim"] as const)(
    "EIN-17: that comes back for good, by %s, is told on the message, and its address gets no more mails here",
    async (server) => {
      const { report, fate, isHeldBack, log } = await sent();
      expect(await report(server)).toBeNull();
      expect(await fate()).toBe("bounced");
      expect(await isHeldBack()).toBe(true);
      expect(await isHeldBack(other)).toBe(false);
      const entries = await log();
      expect(entries.filter((entry) => entry.type === "message").length).toBe(2);
      expect(entries.findLast((entry) => entry.type === "mailed")?.code).toMatch(/5\.1\.1/);
      expect(entries.at(-1)).toMatchObject({ type: "aside", why: "bounce" });
    },
  );

  it.each(["postfix", "gmail", "exchange", "qmail", "exim"] as const)(
    "EIN-17: that comes back for now, by %s, holds no address back",
    async (server) => {
      const { report, fate, isHeldBack } = await sent();
      await report(server, { status: "552 5.2.2" });
      expect(await fate()).toBe("bounced");
      expect(await isHeldBack()).toBe(false);
    },
  );

  it("that waits is told as waiting", async () => {
    const { report, fate, isHeldBack } = await sent();
    await report("postfix", { status: "451 4.4.1", action: "delayed" });
    expect(await fate()).toBe("delayed");
    expect(await isHeldBack()).toBe(false);
  });

  it("EIN-21: that was called spam is told so, and its address gets no more mails", async () => {
    const { report, fate, isHeldBack } = await sent();
    await report("complaint");
    expect(await fate()).toBe("complained");
    expect(await isHeldBack()).toBe(true);
  });

  it("is one, ten times and after eviction, and a later delay does not change it", async () => {
    const { report, log, conversation } = await sent();
    for (let n = 0; n < 5; n++) await report("postfix");
    await evictDurableObject(
      env.CONVERSATION.getByName(conversationName(workspace.me.workspace.id, conversation)),
    );
    for (let n = 0; n < 5; n++) await report("postfix");
    await report("postfix", { status: "451 4.4.1", action: "delayed" });
    expect(fates(await log())).toEqual(["queued", "sent", "bounced"]);
  });

  it("is told by the next try where the first failed in the middle", async () => {
    const { report, fate, isHeldBack } = await sent();
    const failing = failStatements("INTO suppressions");
    await expect(report("postfix")).rejects.toThrow("D1 is away");
    failing.mockRestore();
    expect(await report("postfix")).toBeNull();
    expect([await fate(), await isHeldBack()]).toEqual(["bounced", true]);
  });

  it("counts at the workspace's own address too, and shows nobody anything there", async () => {
    const { report, fate, log } = await sent();
    const before = (await log()).length;
    expect(await report("postfix", { to: inboxOf(workspace.me.workspace.id) })).toBeNull();
    expect(await fate()).toBe("bounced");
    expect((await log()).length).toBe(before + 1);
  });

  it("is known by the name that its provider gave the mail", async () => {
    const { report, fate, job } = await sent();
    await env.DB.prepare("UPDATE mails SET provider_id = 'P-1@provider.example' WHERE job = ?")
      .bind(job)
      .run();
    await report("exchange", { id: "P-1@provider.example" });
    expect(await fate()).toBe("bounced");
  });
});

describe("a report", () => {
  it("is of the mail of ours that it names, also where it names another first", async () => {
    const { report, fate, id } = await sent();
    await report("postfix", { id: `x@y.example>\r\nMessage-ID: <${id}` });
    expect(await fate()).toBe("bounced");
  });

  it("is told in words that hide nothing", async () => {
    const { report, log } = await sent();
    await report("postfix", { status: "550 5.1.1 \u0007no \u202esuch" });
    const told = (await log()).findLast(({ type }) => type === "mailed");
    expect(told?.type === "mailed" && told.code).toMatch(/^550 5\.1\.1 [ -~\u00a0-\u00ff]*such/);
  });

  it.each([
    [-2_000, "bounced"],
    [2_000, "sent"],
  ])(
    "is read as far as mail servers write; what it sends back %i bytes beyond",
    async (bytes, is) => {
      const { report: _, fate, id, address, reply } = await sent();
      const text = new TextDecoder().decode(reportOf("postfix", { id, address, reply }));
      const line = `${"a".repeat(98)}\r\n`;
      const head = text.slice(0, text.indexOf("Return-Path:"));
      const room = REPORT_READ_MAX_BYTES + bytes - head.length;
      const padded = head + line.repeat(Math.ceil(room / 100)) + text.slice(head.length);
      await arrive(rawMail(padded), reply, { from: "" });
      expect(await fate()).toBe(is);
    },
  );
});

describe("a report that is none of ours changes nothing", () => {
  const ADDRESS = "somebody.else@corp.example";

  it.each([
    ["a Message-ID that never was", { id: `${newId("job", Date.now())}@reply.parley.test` }],
    ["the Message-ID of some other program", { id: "x@y.example" }],
    ["an empty Message-ID", { id: "" }],
  ])("EIN-17: %s", async (_, more) => {
    const { report, fate, isHeldBack, log } = await sent();
    await report("postfix", more);
    await report("complaint", more);
    expect([await fate(), await isHeldBack()]).toEqual(["sent", false]);
    // It stands beside the conversation, as any report does.
    expect((await log()).at(-1)).toMatchObject({ type: "aside", why: "bounce" });
  });

  it("the mail of another conversation, at this one's address", async () => {
    const [one, two] = [await sent(), await sent()];
    await one.report("postfix", { id: two.id, address: two.address });
    expect([await one.fate(), await two.fate()]).toEqual(["sent", "sent"]);
    expect([await one.isHeldBack(), await two.isHeldBack()]).toEqual([false, false]);
  });

  it("the mail of another workspace, at this one's address", async () => {
    const { report, fate, isHeldBack } = await sent();
    await report("postfix", { to: inboxOf(other.me.workspace.id) });
    expect([await fate(), await isHeldBack()]).toEqual(["sent", false]);
  });

  it("about another address than the mail went to holds neither back", async () => {
    const { report, fate, isHeldBack } = await sent();
    await report("complaint", { address: ADDRESS });
    expect(await fate()).toBe("sent");
    await report("postfix", { address: ADDRESS });
    expect(await fate()).toBe("bounced");
    expect(await isHeldBack()).toBe(false);
    expect(await isSuppressed(env.DB, workspace.me.workspace.id, ADDRESS)).toBe(false);
  });

  it.each([
    [-1_000, "bounced"],
    [60_000, "sent"],
  ])("later than is believed by %i ms", async (beyond, fate) => {
    const mail = await sent();
    setClockOffset(REPORT_AGE_MAX_MS + beyond);
    await mail.report("postfix");
    expect(await mail.fate()).toBe(fate);
  });

  it("that a person wrote, in a server's words, is that person's mail", async () => {
    const { fate, id, address, reply, isHeldBack } = await sent();
    const report = reportOf("qmail", { id, address, reply });
    const mail = changed(report, (text) =>
      text.replace("MAILER-DAEMON@qmail.corp.example", address),
    );
    await arrive(mail, reply, { from: address });
    expect([await fate(), await isHeldBack()]).toEqual(["sent", false]);
  });
});
