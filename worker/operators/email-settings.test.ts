import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { newId } from "../../protocol/ids.ts";
import { COPY_AFTER_MAX_MINUTES } from "../../protocol/limits.ts";
import type { EmailSettings } from "../../protocol/email-api.ts";
import { readMailSender } from "../d1/mail-senders.ts";
import { answeredByMail, conversationsOf, fates } from "../testing/mail-conversation.ts";
import {
  arrive,
  countingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

const NOTHING = {
  fromName: null,
  fromAddress: null,
  replyDomain: null,
  copyAfterMinutes: 5,
  originalsDays: 0,
};

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("sender");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await save(NOTHING);
});

const save = (input: object, who = workspace): Promise<EmailSettings> =>
  who.owner.call("PUT", "/api/settings/email", { ...NOTHING, ...input });
const check = (who = workspace): Promise<EmailSettings> =>
  who.owner.call("POST", "/api/settings/email/check");
const put = (input: object): Promise<number> =>
  workspace.owner
    .fetch("/api/settings/email", { method: "PUT", body: { ...NOTHING, ...input } })
    .then((response) => response.status);

const freshDomain = (): string => `${newId("job", Date.now()).slice(4)}.example`;

async function answered() {
  const answered = await answeredByMail(workspace);
  const log = () =>
    peersOf(env).conversation(workspace.me.workspace.id, answered.conversation).log(0, 100);
  return { ...answered, log };
}

describe("a workspace's own sender", () => {
  it("EOUT-11: is used once it is verified, and not before", async () => {
    const { jobs } = await answered();
    const input = { fromName: "Kettle & Co", fromAddress: "Hello@Kettle.example" };
    const saved = await save(input);
    expect(saved).toMatchObject({
      fromName: "Kettle & Co",
      platformFrom: "parley@example.com",
      from: { address: "hello@kettle.example", isUsed: false, flaw: null },
    });
    expect(saved.from?.records[0]).toMatchObject({
      what: "owner",
      name: "_parley.kettle.example",
      isFound: null,
    });
    const before = countingTransport();
    await deliverJobs(jobs, before);
    expect(before.sent[0]?.mail.from).toEqual({
      name: "Olivia (Kettle & Co)",
      email: "parley@example.com",
    });

    expect(await check()).toMatchObject({ from: { isUsed: true, flaw: null } });
    const after = countingTransport();
    await deliverJobs((await answered()).jobs, after);
    expect(after.sent[0]?.mail.from.email).toBe("hello@kettle.example");
  });

  it("begins unverified again with another address, and stays as it is with another name", async () => {
    await save({ fromAddress: "hello@kettle.example" });
    await check();
    expect(await save({ fromAddress: "hello@kettle.example", fromName: "Kettle" })).toMatchObject({
      from: { isUsed: true },
    });
    expect(await save({ fromAddress: "hello@other.example" })).toMatchObject({
      from: { isUsed: false },
      checkedAt: null,
    });
  });

  it.each(["E_SENDER_NOT_VERIFIED", "E_SENDER_DOMAIN_NOT_AVAILABLE", "domain_not_verified"])(
    "that the provider refuses (%s) is not used any more: the next mail is the installation's",
    async (code) => {
      vi.spyOn(console, "error").mockReturnValue();
      await save({ fromAddress: "hello@kettle.example" });
      await check();
      const { jobs, log, conversation } = await answered();
      const outcome = { state: "rejected", permanent: true, code } as const;
      await deliverJobs(jobs, countingTransport({ outcome }));
      expect(fates(await log())).toEqual(["queued", "failed"]);
      const settings = await workspace.owner.call<EmailSettings>("GET", "/api/settings/email");
      expect(settings.from).toMatchObject({ isUsed: false, flaw: "refused" });

      await workspace.owner.call("POST", `/api/conversations/${conversation}/mail-again`, {
        message: 2,
      });
      await eventually(() => expect(jobs.length).toBe(2));
      const transport = countingTransport();
      await deliverJobs(jobs.slice(1), transport);
      expect(transport.sent[0]?.mail.from.email).toBe("parley@example.com");
    },
  );

  it("has an address that is one, a domain that is one, and not all of a company's mails", async () => {
    expect(await put({ fromAddress: "nobody" })).toBe(400);
    expect(await put({ fromAddress: "a@b.example\r\nBcc: c@d.example" })).toBe(400);
    expect(await put({ fromName: "" })).toBe(400);
    for (const replyDomain of [
      "localhost",
      "a..b",
      "-a.example",
      "127.0.0.1",
      "a.example/x",
      "ü.example",
    ])
      expect(await put({ replyDomain }), replyDomain).toBe(400);
    expect(await put({ fromAddress: "a@kettle.example", replyDomain: "kettle.example" })).toBe(400);
    expect(await put({ replyDomain: env.EMAIL_REPLY_DOMAIN })).toBe(400);
    expect(await put({ fromAddress: `a@${env.EMAIL_REPLY_DOMAIN}` })).toBe(400);
    expect(await put({ replyDomain: "Reply.Kettle.Example" })).toBe(200);
  });

  it.each([
    [-1, 400],
    [0, 200],
    [0.5, 400],
    [COPY_AFTER_MAX_MINUTES - 1, 200],
    [COPY_AFTER_MAX_MINUTES, 200],
    [COPY_AFTER_MAX_MINUTES + 1, 400],
  ])("lets answers stay unread for %d minutes: %i", async (copyAfterMinutes, status) => {
    expect(await put({ copyAfterMinutes })).toBe(status);
  });

  it("is changed by owners and admins, and seen by everybody", async () => {
    const { browser } = await newColleague(workspace, "agent@sender.example.com", "agent");
    expect((await browser.fetch("/api/settings/email")).status).toBe(200);
    const init = { method: "PUT", body: NOTHING };
    expect((await browser.fetch("/api/settings/email", init)).status).toBe(403);
    expect((await browser.fetch("/api/settings/email/check", { method: "POST" })).status).toBe(403);
  });
});

describe("a workspace's own domain for answers", () => {
  async function proven(replyDomain: string, who = workspace): Promise<EmailSettings> {
    const { reply } = await save({ replyDomain }, who);
    const to = reply?.proofAddress ?? "";
    const raw = written({ from: freshAddress(), to, subject: "Proof", text: "" });
    expect(await arrive(raw, to)).toBeNull();
    return check(who);
  }

  it("takes mails once it is the workspace's and one has arrived", async () => {
    const replyDomain = freshDomain();
    const { reply } = await save({ replyDomain });
    expect(await check()).toMatchObject({ reply: { isUsed: false, hasArrived: false } });
    const early = `inbox.${workspace.me.workspace.id.slice(4)}@${replyDomain}`;
    const mail = written({ from: freshAddress(), to: early, subject: "Tea", text: "Hello" });
    expect(await arrive(mail, early)).toBe("There is no such address here");

    const settings = await proven(replyDomain);
    expect(settings).toMatchObject({
      mailAddress: early,
      reply: { isUsed: true, hasArrived: true },
    });
    expect(settings.reply?.proofAddress).toBe(reply?.proofAddress);
    const address = freshAddress();
    await arrive(written({ from: address, to: early, subject: "Tea", text: "Hello" }), early);
    expect((await conversationsOf(workspace, address)).length).toBe(1);

    // Answers ask for answers there; the installation's domain goes on working.
    const { jobs, address: ada, conversation } = await answered();
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    const replyTo = transport.sent[0]?.mail.replyTo ?? "";
    expect(replyTo.endsWith(`@${replyDomain}`)).toBe(true);
    for (const to of [replyTo, replyTo.replace(replyDomain, env.EMAIL_REPLY_DOMAIN)])
      expect(await arrive(written({ from: ada, to, subject: "Re", text: to }), to)).toBeNull();
    const entries = await peersOf(env)
      .conversation(workspace.me.workspace.id, conversation)
      .log(0, 100);
    expect(entries.filter((entry) => entry.type === "message").length).toBe(4);
  });

  it("is nobody else's: another workspace takes no mails there, nor proves it by that address", async () => {
    const replyDomain = freshDomain();
    const mine = await proven(replyDomain);
    const other = await newWorkspace("sender-elsewhere");
    const theirs = inboxOf(other.me.workspace.id).replace(env.EMAIL_REPLY_DOMAIN, replyDomain);
    const raw = written({ from: freshAddress(), to: theirs, subject: "Tea", text: "Hello" });
    expect(await arrive(raw, theirs)).toBe("There is no such address here");
    await save({ replyDomain }, other);
    const proof = mine.reply?.proofAddress ?? "";
    const swapped = proof.replace(
      workspace.me.workspace.id.slice(4),
      other.me.workspace.id.slice(4),
    );
    expect(await arrive(raw, swapped)).toBe("There is no such address here");
    expect(await readMailSender(env.DB, other.me.workspace.id)).toMatchObject({
      replyArrivedAt: null,
    });
  });

  it("is proven anew when it is another one", async () => {
    await proven(freshDomain());
    const saved = await save({ replyDomain: freshDomain() });
    expect(saved.reply).toMatchObject({ isUsed: false, hasArrived: false });
  });
});

it("the records are looked up sixty times an hour, and not once more", async () => {
  const other = await newWorkspace("sender-checks");
  const statuses: number[] = [];
  for (let n = 0; n < 61; n++) {
    const { status } = await other.owner.fetch("/api/settings/email/check", { method: "POST" });
    statuses.push(status);
  }
  expect(statuses.indexOf(429)).toBe(60);
});
