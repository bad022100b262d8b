import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { cutOff } from "../../durable-objects/testing/people.ts";
import { visitorName } from "../../protocol/addresses.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { newId, type ConversationId, type JobId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { CONTINUE_MAIL_LIFETIME_MS, CONTINUE_MAIL_LINKS_MAX } from "../../protocol/limits.ts";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import { openLink, SiteBrowser, usedLink, useLink } from "../testing/link-stage.ts";
import { answerIn, begunByMail } from "../testing/mail-conversation.ts";
import {
  collectJobs,
  countingTransport,
  deliverJobs,
  freshAddress,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { mailContinueLink } from "./make-link.ts";

let workspace: WorkspaceFixture;
let site: SiteBrowser;
beforeAll(async () => {
  workspace = await newWorkspace("mail-links");
  site = await SiteBrowser.arrive(workspace);
});
let jobs: SendEmail[];
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM attempts").run();
  jobs = collectJobs();
});
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

const LINK = /http:\/\/parley\.test\/c\/[0-9a-z]{42}/g;
const linksIn = (text: string): string[] => text.match(LINK) ?? [];

/** Somebody has written by mail, and an answer has gone out. */
async function answered(options: { isProven?: boolean } = {}) {
  const begun = await begunByMail(workspace, options);
  await answerIn(begun.socket, "It left us today.");
  await vi.waitFor(() => expect(jobs.length).toBeGreaterThan(0));
  const transport = countingTransport();
  await deliverJobs(jobs, transport);
  const { mail } = transport.sent.at(-1) ?? expect.unreachable("no mail");
  const [link = ""] = linksIn(mail.text);
  return { ...begun, mail, link };
}

/** A link as the composer of a mail makes it. */
async function linkFor(
  conversation: ConversationId,
  address: string,
  job: JobId = newId("job", Date.now()),
) {
  const row = await readWorkspace(env.DB, workspace.me.workspace.id);
  if (row === null) throw new Error("it was just made");
  return mailContinueLink(env, { workspace: row, conversation, address, job });
}
/** What a page tells, as number `n` of one stream. */
const batchOf = (token: string | undefined, n = 1) => {
  const at = Date.now();
  return { token, stream: "one-page", sentAt: at, facts: [{ type: "time", n, at, ms: 1 }] };
};
const identifiers = async (browser: SiteBrowser) => (await browser.object.card())?.identifiers;

describe("a mail with an operator's words", () => {
  test("has one link in its text and its layout, however often its job is delivered", async () => {
    const { mail, link, conversation } = await answered();
    expect(linksIn(mail.text)).toEqual([link]);
    expect(linksIn(mail.html)).toEqual([link]);
    expect(mail.text).toContain("Continue this conversation on our site");
    for (let times = 1; times <= 10; times++)
      await deliverJobs(jobs, countingTransport({ hasKeys: false }), times);
    const [job] = jobs;
    if (job === undefined) throw new Error("no job");
    expect(await linkFor(conversation, job.to, job.id)).toBe(link);
    const { results } = await env.DB.prepare("SELECT id FROM continue_links WHERE address = ?")
      .bind(job.to)
      .all();
    expect(results).toHaveLength(1);
  });

  test("opens the thread in a browser that was never here, and the address is proven", async () => {
    const { link, address, conversation } = await answered();
    for (let times = 0; times < 10; times++) await openLink(link, times % 2 === 0 ? "GET" : "HEAD");
    expect(await (await openLink(link)).text()).not.toContain(address);
    const browser = site.fresh();
    expect(await browser.load(await usedLink(link))).toBe("opened");
    expect(browser.right).toMatchObject({ conversation: { id: conversation } });
    expect(await identifiers(browser)).toEqual([
      { kind: "email", value: address, isVerified: true },
    ]);
    expect(await browser.write("thank you")).toBe(conversation);
    expect((await browser.object.card())?.devices).toMatchObject([{ isProven: true }]);
    expect(await useLink(link)).toBeNull();
    const holder = await env.DB.prepare("SELECT visitor_id AS id FROM identifiers WHERE value = ?")
      .bind(address)
      .first<{ id: string }>();
    expect(holder?.id).toBe(browser.visitor);
  });

  test("works for seven days, to the millisecond", async () => {
    const at = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(at);
    const { conversation, address } = await answered();
    const [early, late] = [
      await linkFor(conversation, address),
      await linkFor(conversation, address),
    ];
    setClockOffset(CONTINUE_MAIL_LIFETIME_MS - 1);
    expect(await useLink(early ?? "")).not.toBeNull();
    setClockOffset(CONTINUE_MAIL_LIFETIME_MS);
    expect(await useLink(late ?? "")).toBeNull();
  });

  test("goes on working beside the newest others of its visitor, up to the limit", async () => {
    const { conversation, address, link } = await answered();
    const others: string[] = [];
    while (others.length < CONTINUE_MAIL_LINKS_MAX - 1)
      others.push((await linkFor(conversation, address)) ?? "");
    expect((await openLink(link)).status).toBe(200);
    others.push((await linkFor(conversation, address)) ?? "");
    expect((await openLink(link)).status).toBe(404);
    expect((await openLink(others[0] ?? "")).status).toBe(200);
  });

  test("has no link where nobody has said where the Worker is, and one to the site's first page otherwise", async () => {
    const { conversation, address, link } = await answered();
    expect(new URL(await usedLink(link)).href).toMatch(
      new RegExp(`^${site.origin}/\\?parley_token=`),
    );
    const row = await readWorkspace(env.DB, workspace.me.workspace.id);
    if (row === null) throw new Error("it was just made");
    const mail = { workspace: row, conversation, address, job: newId("job", Date.now()) };
    expect(await mailContinueLink({ ...env, PUBLIC_URL: "" }, mail)).toBeNull();
    const nowhere = { ...row, origins: ["https://*.example.com"] };
    expect(await mailContinueLink(env, { ...mail, workspace: nowhere })).toBeNull();
  });
});

describe("the link of a mail's job", () => {
  test("is given again without asking anybody, and stays what it was", async () => {
    const { conversation, address } = await answered();
    const job = newId("job", Date.now());
    const link = await linkFor(conversation, address, job);
    expect(link).not.toBeNull();
    const cut = cutOff(env.VISITOR, "leadsTo", false);
    await expect(linkFor(conversation, address)).rejects.toThrow("killed");
    expect(await linkFor(conversation, address, job)).toBe(link);
    cut.mockRestore();
  });

  test("leads to the page of the site where its visitor was last", async () => {
    const reader = site.fresh();
    await reader.load(`${site.origin}/tea`);
    const conversation = (await reader.write("hello")) as ConversationId;
    const link = await linkFor(conversation, freshAddress());
    expect(await usedLink(link ?? "")).toContain(`${site.origin}/tea?parley_token=`);
  });

  test("is for the address as identifiers are written, and is none where there is no such address or conversation", async () => {
    const { conversation, address } = await answered();
    const link = await linkFor(conversation, address.toUpperCase());
    const browser = site.fresh();
    expect(await browser.load(await usedLink(link ?? ""))).toBe("opened");
    expect(await identifiers(browser)).toEqual([
      { kind: "email", value: address, isVerified: true },
    ]);
    // Also of somebody who is known by more than the address, where it has to be the one that they have proven.
    const proof = { userId: crypto.randomUUID(), others: [], by: "jwt" as const };
    await browser.object.prove(browser.right?.device ?? expect.unreachable(), proof);
    expect(await linkFor(conversation, freshAddress())).toBeNull();
    expect(await linkFor(conversation, address.toUpperCase())).not.toBeNull();
    const asked = vi.spyOn(env.CONVERSATION, "getByName");
    expect(await linkFor(conversation, "nowhere")).toBeNull();
    expect(asked).not.toHaveBeenCalled();
    expect(await linkFor(newId("cnv", Date.now()), address)).toBeNull();
  });
});

describe("the address of a link", () => {
  test("that nobody vouched for is proven by it, where its visitor is nobody yet", async () => {
    const { link, address, conversation } = await answered({ isProven: false });
    const browser = site.fresh();
    expect(await browser.load(await usedLink(link))).toBe("opened");
    expect(browser.right).toMatchObject({ conversation: { id: conversation } });
    expect(await identifiers(browser)).toEqual([
      { kind: "email", value: address, isVerified: true },
    ]);
  });

  test("brings its owner together with what they have proven elsewhere, and leaves no other browser a right to it", async () => {
    const owner = await answered();
    const home = site.fresh();
    await home.load(await usedLink(owner.link));
    const secret = await home.write("CANARY: the owner's");

    // Eve's browser has a conversation in which somebody typed the owner's address.
    const eve = site.fresh();
    await eve.load();
    const hers = (await eve.write("call me at this address")) as ConversationId;
    const link = await linkFor(hers, owner.address);
    const phone = site.fresh();
    expect(await phone.load(await usedLink(link ?? ""))).toBe("opened");
    await phone.load();
    expect(phone.visitor).toBe(home.visitor);
    expect((await phone.object.card())?.conversations.toSorted()).toEqual(
      [owner.conversation, hers].toSorted(),
    );
    expect(secret).toBe(owner.conversation);
    await eve.load();
    expect(eve.visitor).not.toBe(home.visitor);
    expect(JSON.stringify(eve.right)).not.toContain("CANARY");
    expect(await identifiers(eve)).toEqual([]);
  });

  test("that nobody has yet is its owner's, and whoever typed it sees nothing from then on", async () => {
    const typist = site.fresh();
    await typist.load();
    const conversation = (await typist.write("call me at this address")) as ConversationId;
    const page = await typist.socket();
    const { visitor, right } = typist;
    const owner = site.fresh();
    const link = await linkFor(conversation, freshAddress());
    expect(await owner.load(await usedLink(link ?? ""))).toBe("opened");
    expect(owner.visitor).toBe(visitor);
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    await owner.load();
    expect(await owner.write("CANARY: the owner's")).toBe(conversation);
    expect((await typist.post("/v1/events", batchOf(right?.token))).status).toBe(401);
    expect((await typist.post("/v1/continue", { token: right?.token })).status).toBe(401);
    // The page goes on where it was, as somebody new: what came before its next fact is settled.
    const answer = await typist.post("/v1/boot", {
      key: workspace.me.workspace.siteKey,
      client: {},
      ...batchOf(right?.token, 200),
    });
    const booted = await answer.json<BootResponse>();
    expect(booted).toMatchObject({
      formerly: [visitor],
      conversation: null,
      through: 200,
      rejected: [],
    });
    expect(booted.visitor).not.toBe(visitor);
    expect(booted).not.toHaveProperty("isAnotherPerson");
    const later = await typist.post("/v1/events", batchOf(booted.token, 201));
    expect(await later.json()).toEqual({ through: 201, rejected: [] });
    expect(JSON.stringify([booted, page.received])).not.toContain("CANARY");
  });

  test("that is merely claimed opens nothing of somebody who is known by something else", async () => {
    const known = site.fresh();
    await known.load();
    const conversation = (await known.write("hello")) as ConversationId;
    const link = await linkFor(conversation, freshAddress());
    const { device } = known.right ?? expect.unreachable("it was on a page");
    await known.object.prove(device, { userId: crypto.randomUUID(), others: [], by: "jwt" });
    // Neither a link from before, nor a new one.
    expect(await useLink(link ?? "")).toBeNull();
    expect(await linkFor(conversation, freshAddress())).toBeNull();
  });

  test("that has become somebody else's opens nothing of whose it was", async () => {
    const { link, address } = await answered();
    const first = site.fresh();
    await first.load(await usedLink(link));
    const { device } = first.right ?? expect.unreachable("it was on a page");
    const others = [{ kind: "email" as const, value: address }];
    await first.object.prove(device, { userId: crypto.randomUUID(), others, by: "jwt" });
    const open = await first.object.openConversation();
    const later = await linkFor(open?.conversation as ConversationId, address);
    expect(later).not.toBeNull();
    const second = site.fresh();
    await second.load();
    await second.object.prove(second.right?.device ?? expect.unreachable(), {
      userId: crypto.randomUUID(),
      others,
      by: "jwt",
    });
    await vi.waitFor(async () =>
      expect(await identifiers(first)).not.toContainEqual(
        expect.objectContaining({ value: address, isVerified: true }),
      ),
    );
    expect(await useLink(later ?? "")).toBeNull();
  });

  test("is proven for the browser that has the conversation already", async () => {
    const mine = site.fresh();
    await mine.load();
    const conversation = (await mine.write("hello")) as ConversationId;
    const address = freshAddress();
    const link = (await linkFor(conversation, address)) ?? "";
    const { visitor } = mine;
    expect(await mine.load(await usedLink(link))).toBe("opened");
    expect(mine.visitor).toBe(visitor);
    expect(await identifiers(mine)).toEqual([{ kind: "email", value: address, isVerified: true }]);
    expect(
      await site.fresh().load(await usedLink((await linkFor(conversation, address)) ?? "")),
    ).toBe("opened");
  });

  test("is proven by the alarm where D1 could not be asked at the moment", async () => {
    const { link, address, conversation } = await answered();
    const browser = site.fresh();
    const location = await usedLink(link);
    const batch = env.DB.batch.bind(env.DB);
    const spy = vi.spyOn(env.DB, "batch").mockImplementation((statements) => {
      if (JSON.stringify(statements).includes("INTO identifiers")) throw new Error("away");
      return batch(statements);
    });
    expect(await browser.load(location)).toBe("opened");
    spy.mockRestore();
    expect(browser.right).toMatchObject({ conversation: { id: conversation } });
    await evictDurableObject(
      env.VISITOR.getByName(visitorName(workspace.me.workspace.id, browser.visitor)),
    ).catch(() => {});
    await browser.load();
    await peersOf(env).visitor(workspace.me.workspace.id, browser.visitor).refresh();
    await vi.waitFor(
      async () =>
        expect(await identifiers(browser)).toEqual([
          { kind: "email", value: address, isVerified: true },
        ]),
      20_000,
    );
    // Its right has ended by that proof: the ticket of the link, which it has kept, leads to the next.
    const { token } = browser.right ?? expect.unreachable("it has booted");
    await browser.load();
    expect(browser.right).toMatchObject({ conversation: { id: conversation } });
    expect(browser.right?.token).not.toBe(token);
    const copy = site.fresh();
    copy.right = browser.right && { ...browser.right, token };
    expect((await copy.bootAnswer(`${copy.origin}/`)).status).toBe(503);
  });
});
