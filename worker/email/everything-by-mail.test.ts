import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { EVERYTHING_LATEST_MS, EVERYTHING_QUIET_MS } from "../../domain/email/copy-route.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { openVisitorSocket } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { CONTACT_ADDRESS_MAX, CONTACT_CHANGES_MAX } from "../../protocol/contact.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { ASK_AFTER_MINUTES } from "../../protocol/limits.ts";
import { ChatAsker } from "../testing/chat-asker.ts";
import {
  collectJobs,
  countingTransport,
  type CountingTransport,
  deliverJobs,
  freshAddress,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { outcome, worker } from "../testing/visitor-site.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { stopLink } from "./stop-everything.ts";

let workspace: WorkspaceFixture;
let made = 0;
let jobs: SendEmail[];
let transport: CountingTransport;
let address: string;
let asker: ChatAsker;
let offset: number;
beforeAll(async () => {
  workspace = await newWorkspace("everything");
});
beforeEach(async () => {
  offset = 0;
  jobs = collectJobs();
  transport = countingTransport();
  address = freshAddress();
  asker = await ChatAsker.arrive(workspace);
  vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

async function pass(ms: number): Promise<void> {
  offset += ms;
  setClockOffset(offset);
  await asker.chat.refresh();
}

/** The person has proven the address, and chosen to get everything there. */
async function chosen(): Promise<void> {
  await asker.loop(address);
  expect(await asker.choose({ isEverything: true })).toBe("ok");
  await asker.heard((contact) => contact?.isEverything);
}
async function readAll(): Promise<void> {
  const socket = await openVisitorSocket(asker.chat, asker.page.device);
  await socket.ask({ t: "read", through: 50 });
  socket.close();
}
async function deliver(count: number): Promise<void> {
  await eventually(() => expect(jobs.length).toBe(count));
  await deliverJobs(jobs.splice(0), transport);
}

describe("everything by email", () => {
  it("is what was read in the chat, too, in one mail for each pause of the operator", async () => {
    await asker.answer("Before the choice.");
    await readAll();
    await chosen();
    await asker.answer("One.");
    await asker.answer("Two.");
    await readAll();
    await pass(EVERYTHING_QUIET_MS - 1_000);
    expect(jobs).toEqual([]);
    await pass(1_001);
    await deliver(1);
    await asker.answer("Three.");
    await pass(EVERYTHING_QUIET_MS);
    await deliver(1);
    const texts = transport.sent.map(({ mail }) => mail.text);
    expect(texts[0]).toMatch(/^One\.\n\nTwo\./);
    expect(texts[0]?.slice(0, texts[0].indexOf("Before that"))).not.toContain("Before the choice.");
    expect(texts[1]).toMatch(/^Three\./);
    expect(transport.sent.every(({ mail }) => mail.to === address)).toBe(true);
  });

  it("does not wait for ever for a pause", async () => {
    await chosen();
    for (let n = 0; n < EVERYTHING_LATEST_MS / 60_000; n++) {
      await asker.answer(`${n}.`);
      await pass(60_000);
    }
    expect(jobs.length).toBe(1);
  });

  it("is for proven addresses alone", async () => {
    await asker.choose({ address });
    await asker.choose({ isEverything: true });
    expect(await asker.contact()).toMatchObject({ isProven: false, isEverything: false });
  });

  it("ends in the chat", async () => {
    await chosen();
    expect(await asker.choose({ isEverything: false })).toBe("ok");
    await asker.heard((contact) => contact?.isEverything === false);
    await asker.answer("Read at once.");
    await readAll();
    await pass(EVERYTHING_LATEST_MS);
    expect(jobs).toEqual([]);
  });
});

describe("the link in such a mail", () => {
  const link = async (): Promise<string> => {
    await chosen();
    await asker.answer("Hello.");
    await pass(EVERYTHING_QUIET_MS);
    await deliver(1);
    const { headers, text, html } = transport.sent[0]?.mail ?? expect.unreachable();
    expect(headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    const url = /^<(.*)>$/.exec(headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
    expect(text).toContain(url);
    expect(html).toContain(url);
    return url;
  };
  const isEverything = async () => (await asker.contact()).isEverything;

  it("shows what will happen, and does it when asked to, with or without a browser", async () => {
    const url = await link();
    for (const method of ["GET", "HEAD", "GET"]) {
      const shown = await worker.fetch(url, { method });
      expect(shown.status).toBe(200);
      expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
    expect(await isEverything()).toBe(true);
    for (const times of [1, 2]) {
      const body = "List-Unsubscribe=One-Click";
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const done = await worker.fetch(url, { method: "POST", headers, body });
      expect([times, done.status]).toEqual([times, 200]);
      expect(await isEverything()).toBe(false);
    }
    // What was chosen anew is not ended by what came before.
    expect((await worker.fetch(url, { method: "PUT" })).status).toBe(405);
  });

  it("is a page that is kept nowhere, has a button where it asks, and holds no markup of anybody's", async () => {
    const url = await link();
    const { id } = workspace.me.workspace;
    await env.DB.prepare("UPDATE workspaces SET name = ? WHERE id = ?").bind("<b>&'", id).run();
    const [asks, done] = [await worker.fetch(url), await worker.fetch(url, { method: "POST" })];
    await env.DB.prepare("UPDATE workspaces SET name = ? WHERE id = ?")
      .bind("everything", id)
      .run();
    for (const page of [asks, done])
      expect(Object.fromEntries(page.headers)).toMatchObject({
        "cache-control": "no-store",
        "content-security-policy": expect.stringMatching(
          /form-action 'self'; base-uri 'none'; frame-ancestors 'none'/,
        ),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
      });
    const [question, answer] = [await asks.text(), await done.text()];
    expect(question).toContain(`<form method="post">`);
    expect(question).toContain(address);
    expect(answer).not.toContain("<form");
    for (const html of [question, answer]) {
      expect(html).toContain("&lt;b&gt;&amp;&#39;");
      expect(html).not.toContain("<b>");
    }
    const put = await worker.fetch(url, { method: "DELETE" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });

  it("leads back to its address, whatever signs that has", async () => {
    const { id } = workspace.me.workspace;
    const subscriber = {
      workspace: id,
      visitor: asker.page.visitor,
      address: "a/b?c#%41+d@x.example",
    };
    const url = (await stopLink(env, "http://parley.test", subscriber)) ?? "";
    const page = await worker.fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("a/b?c#%41+d@x.example");
  });

  it("ends nothing for another person or workspace that has the same address, and is no page where it is none", async () => {
    const url = await link();
    const { visitor } = asker.page;
    const [there, other] = [
      await newWorkspace(`everything-other-${++made}`),
      await ChatAsker.arrive(workspace),
    ];
    for (const forged of [
      url.replace(visitor, other.page.visitor),
      url.replace(workspace.me.workspace.id, there.me.workspace.id),
      url.replace(encodeURIComponent(address), "%E0%A4%A"),
    ])
      expect((await worker.fetch(forged, { method: "POST" })).status, forged).toBe(404);
    expect(await isEverything()).toBe(true);
  });

  it("is missing where nobody has said where the Worker is, and the mail goes out", async () => {
    const { PUBLIC_URL } = env;
    env.PUBLIC_URL = "";
    try {
      await chosen();
      await asker.answer("Hello.");
      await pass(EVERYTHING_QUIET_MS);
      await deliver(1);
    } finally {
      env.PUBLIC_URL = PUBLIC_URL;
    }
    const { headers, text } = transport.sent[0]?.mail ?? expect.unreachable("no mail");
    expect(text).toContain("You get everything by email");
    expect(text).not.toContain("Get only what you have not read");
    expect(headers["List-Unsubscribe"]).toBeUndefined();
  });

  it("that somebody has changed is no page", async () => {
    const url = await link();
    const other = url.replace(encodeURIComponent(address), encodeURIComponent(freshAddress()));
    const last = url.endsWith("0") ? "1" : "0";
    for (const forged of [other, url.slice(0, -1) + last, `${url}/x`, url.replace("vis_", "wsp_")])
      expect((await worker.fetch(forged, { method: "POST" })).status).toBe(404);
    expect(await isEverything()).toBe(true);
  });

  it("ends nothing for another address that the person has by now", async () => {
    const url = await link();
    const next = freshAddress();
    await asker.loop(next);
    await worker.fetch(url, { method: "POST" });
    expect(await asker.contact()).toMatchObject({ address: next, isEverything: true });
  });
});

describe("a choice", () => {
  const long = (length: number) => `${"a".repeat(60)}@${"b".repeat(60)}.${"c".repeat(length)}`;

  it.each([
    ["ada@corp.example", "ok"],
    [" Ada@Corp.Example ", "ok"],
    [`${"a".repeat(64)}@corp.example`, "ok"],
    [`${"a".repeat(65)}@corp.example`, "invalid"],
    [`${long(60)}.${"d".repeat(60)}.${"e".repeat(10)}`, "ok"],
    [`${long(60)}.${"d".repeat(60)}.${"e".repeat(11)}`, "invalid"],
    ["ada", "invalid"],
    ["ada@corp", "invalid"],
    ["ada@corp.example\r\nBcc: all@corp.example", "invalid"],
    ["Ada <ada@corp.example>", "invalid"],
    ["ada@corp.example,eve@corp.example", "invalid"],
    ["ädä@corp.example", "invalid"],
  ])("of the address %j is answered with %s", async (typed, code) => {
    expect(typed.length).toBeLessThanOrEqual(CONTACT_ADDRESS_MAX + 1);
    expect(await asker.choose({ address: typed })).toBe(code);
    const { address: kept } = await asker.contact();
    expect(kept).toBe(code === "ok" ? typed.trim().toLowerCase() : null);
  });

  it("is one, made by whoever has a right to the chat, from a page of the site", async () => {
    expect(await asker.choose({ address, isEverything: true })).toBe("invalid");
    expect(await asker.choose({ isDeclined: false })).toBe("invalid");
    expect(await asker.choose({ token: "x", address })).toBe("bad_token");
    const { token } = asker.page;
    const elsewhere = { origin: "https://evil.test" };
    const choice = asker.site.post("/v1/contact", { token, address }, elsewhere);
    expect(await outcome(choice)).toBe("origin_not_allowed");
    await asker.person.reset(asker.page.device);
    expect(await asker.choose({ address })).toBe("ended");
  });

  it("that fails by itself is to be tried again, and says nothing of why", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(VisitorObject.prototype, "chooseContact").mockRejectedValueOnce(new Error("secret"));
    expect(await asker.choose({ address })).toBe("overloaded");
    expect(await asker.choose({ address })).toBe("ok");
  });

  it("may be made only so often", async () => {
    for (let n = 1; n <= CONTACT_CHANGES_MAX; n++)
      expect(await asker.choose({ isDeclined: true })).toBe("ok");
    expect(await asker.choose({ isDeclined: true })).toBe("rate_limited");
    setClockOffset(3_600_000);
    expect(await asker.choose({ isDeclined: true })).toBe("ok");
  });

  it("is known on every device, and to operators as a claim", async () => {
    await asker.choose({ isDeclined: true });
    expect(await asker.contact()).toMatchObject({ isDeclined: true, address: null });
    await asker.choose({ address });
    const card = await asker.person.card();
    expect(card?.identifiers).toContainEqual({ kind: "email", value: address, isVerified: false });
    expect(card?.contact).toEqual({ address, isProven: false, isEverything: false });
    expect((await asker.person.timeline(null))?.items).toContainEqual(
      expect.objectContaining({ type: "identify", changes: { email: address } }),
    );
  });

  it("of an address is refused where claims are, and nobody is asked", async () => {
    const strict = await newWorkspace(`everything-strict-${++made}`);
    expect(asker.page.byMail).toEqual({ askAfterMs: ASK_AFTER_MINUTES * 60_000 });
    await strict.owner.call("PUT", "/api/identity/mode", { mode: "enforce" });
    const late = await ChatAsker.arrive(strict);
    expect(late.page.byMail).toEqual({ askAfterMs: null });
    expect(await late.choose({ address })).toBe("unproven");
    expect(await late.contact()).toMatchObject({ address: null });
  });

  it("is not offered where no mail would leave", async () => {
    const silent = await newWorkspace(`everything-silent-${++made}`);
    await silent.owner.call("PUT", "/api/settings/email", {
      fromName: null,
      fromAddress: null,
      replyDomain: null,
      copyAfterMinutes: 0,
      askAfterMinutes: 5,
      originalsDays: 0,
    });
    expect((await ChatAsker.arrive(silent)).page.byMail).toBeNull();
    expect(env.EMAIL_REPLY_DOMAIN).not.toBe("");
  });
});
