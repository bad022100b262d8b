import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { cutOff, interpose } from "../../durable-objects/testing/people.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { visitorName } from "../../protocol/addresses.ts";
import {
  CONTINUE_LIFETIME_MS,
  CONTINUE_LINKS_MAX,
  CONTINUE_REQUESTS_MAX,
  CONTINUE_TICKET_MS,
} from "../../protocol/limits.ts";
import type { ContinueResponse } from "../../protocol/visitor-frames.ts";
import { openLink, SiteBrowser, ticketIn, usedLink, useLink } from "../testing/link-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
let other: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("links");
  other = await newWorkspace("links-elsewhere");
});
/** A browser whose person has written, and the conversation. */
let ada: SiteBrowser;
let conversation: string;
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM attempts").run();
  ada = await SiteBrowser.arrive(workspace);
  conversation = await ada.write("CANARY: where is my teapot?");
});
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

const evict = async (browser: SiteBrowser) =>
  evictDurableObject(
    env.VISITOR.getByName(visitorName(workspace.me.workspace.id, browser.visitor)),
  ).catch(() => {}); // It may sleep already.

/** Everything of an answer that somebody can see. */
async function seen(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  const headers = Object.fromEntries(response.headers);
  const nonce = /nonce-([^']+)/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "none";
  return JSON.stringify([response.status, headers, await response.text()]).replaceAll(nonce, "");
}
const changed = (text: string, at: number) =>
  text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);

describe("a link", () => {
  test("opens the conversation in a browser that was never here, under a right of its own", async () => {
    const { link } = await ada.makeLink();
    const location = await usedLink(link);
    expect(location).toMatch(new RegExp(`^${ada.origin}/help\\?topic=tea&`));
    const phone = ada.fresh();
    expect(await phone.load(location)).toBe("opened");
    expect(phone.right).toMatchObject({ visitor: ada.visitor, conversation: { id: conversation } });
    expect(phone.right?.device).not.toBe(ada.right?.device);
    // Said once more for clients that load parts by the names there.
    expect(phone.right?.moments).toMatchObject({ continued: ["opened"] });
    expect(await phone.write("from the phone")).toBe(conversation);
    expect(await ada.write("and from the computer")).toBe(conversation);
    // Nothing was proven by that.
    expect((await phone.object.card())?.identifiers).toEqual([]);
    expect((await phone.object.card())?.session?.isProven ?? false).toBe(false);
    // The one right ends without the other.
    await ada.post("/v1/reset", { token: ada.right?.token });
    expect(await phone.write("still here")).toBe(conversation);
  });

  test("takes a browser along that was here and has nothing of its own, with the marks of its streams", async () => {
    const phone = ada.fresh();
    await phone.load();
    const before = phone.visitor;
    const token = phone.right?.token;
    const { link } = await ada.makeLink();
    expect(await phone.load(await usedLink(link))).toBe("opened");
    expect(phone.visitor).toBe(ada.visitor);
    expect(before).not.toBe(ada.visitor);
    // Other tabs with the old right come along, and nothing counts twice.
    const tab = ada.fresh();
    tab.right = phone.right && { ...phone.right, token: token ?? "" };
    expect((await tab.bootAnswer(`${tab.origin}/`)).status).toBe(503);
    tab.secret = phone.secret;
    expect(await tab.load()).toBeUndefined();
    expect(tab.right).toMatchObject({ visitor: ada.visitor, device: phone.right?.device });
    const views = (await ada.object.card())?.events.find(({ name }) => name === "Page Viewed");
    expect(views?.count).toBe(3);
  });

  test("that ends while a browser is on its way by it is gone: the browser begins anew, and is told so", async () => {
    const phone = ada.fresh();
    await phone.load();
    const before = phone.visitor;
    const url = await usedLink((await ada.makeLink()).link);
    interpose(env.VISITOR, "adopt", async (call) => {
      await ada.post("/v1/reset", { token: ada.right?.token });
      return call();
    });
    expect(await phone.load(url)).toBe("gone");
    expect(phone.right).toMatchObject({ conversation: null, moments: { continued: ["gone"] } });
    expect([before, ada.visitor]).not.toContain(phone.visitor);
  });

  test("is a page that says what will happen, and nothing of the person, to any number of programs that look", async () => {
    const { link } = await ada.makeLink();
    for (let times = 0; times < 20; times++)
      for (const method of ["GET", "HEAD"]) {
        const answer = await openLink(link, method, {
          "user-agent": "BingPreview",
          purpose: "prefetch",
        });
        expect(answer.status).toBe(200);
        const html = await answer.text();
        expect(html === "").toBe(method === "HEAD");
        expect(html).not.toContain("CANARY");
        expect(html).not.toContain("<script");
      }
    const answer = await openLink(link);
    expect(await answer.text()).toContain("links");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`form-action 'self' ${ada.origin};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("referrer-policy")).toBe("same-origin");
    expect(answer.headers.get("x-robots-tag")).toContain("noindex");
    expect((await openLink(link, "PUT")).status).toBe(405);
    expect(await useLink(link)).not.toBeNull();
  });

  test("speaks the language that the browser asks for", async () => {
    const { link } = await ada.makeLink();
    const page = async (language: string) =>
      (await openLink(link, "GET", { "accept-language": language })).text();
    expect(await page("fr-CH, de-AT;q=0.9, en;q=0.8")).toContain('<html lang="de" dir="ltr">');
    expect(await page("ar")).toContain('dir="rtl"');
    expect(await page("*")).toContain('lang="en"');
  });

  test("works until its time is over, to the millisecond", async () => {
    const at = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(at);
    const early = await ada.makeLink();
    const late = await ada.makeLink();
    expect(early.expiresAt).toBe(at + CONTINUE_LIFETIME_MS);
    setClockOffset(CONTINUE_LIFETIME_MS - 1);
    expect((await openLink(early.link)).status).toBe(200);
    expect(await useLink(early.link)).not.toBeNull();
    setClockOffset(CONTINUE_LIFETIME_MS);
    expect((await openLink(late.link)).status).toBe(404);
    expect(await useLink(late.link)).toBeNull();
  });

  test("that is used, too old, changed or made up is the same page", async () => {
    const { link } = await ada.makeLink();
    const old = await ada.makeLink();
    const phone = ada.fresh();
    await phone.load(await usedLink(link));
    const used = await seen(openLink(link));
    const host = link.slice(0, -42);
    for (const made of ["", "0".repeat(42), "a", `${link.slice(-42)}0`, "%00", "a/b"])
      expect(await seen(openLink(host + made))).toBe(used);
    for (let at = 0; at < 42; at += 3)
      expect(await seen(openLink(host + changed(link.slice(-42), at)))).toBe(used);
    setClockOffset(CONTINUE_LIFETIME_MS);
    expect(await seen(openLink(old.link))).toBe(used);
    expect(await useLink(link)).toBeNull();
  });

  test("that cannot be looked at now is not used up", async () => {
    const { link } = await ada.makeLink();
    const cut = cutOff(env.VISITOR, "leadsTo", false);
    for (const method of ["GET", "POST"]) {
      const answer = await openLink(link, method);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
    }
    cut.mockRestore();
    expect(await useLink(link)).not.toBeNull();
  });

  test("is not used by another site that presses the button", async () => {
    const { link } = await ada.makeLink();
    for (const origin of ["https://evil.example", "null", ada.origin]) {
      const answer = await openLink(link, "POST", { origin });
      expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
    }
    expect(await useLink(link)).not.toBeNull();
  });

  test("leads to the page that it was made on, and never to another site", async () => {
    const place = async (page: string) => new URL(await usedLink((await ada.makeLink(page)).link));
    expect((await place(`${ada.origin}/a?b=1#c`)).href).toMatch(/\/a\?b=1&parley_token=\w{42}$/);
    for (const page of [
      "https://evil.example/",
      "javascript:alert(1)",
      `${ada.origin}.evil.example/`,
      `https://evil.example/?${ada.origin}`,
      "//evil.example",
      "",
    ])
      expect(await place(page)).toMatchObject({ origin: ada.origin, pathname: "/" });
    // The list is asked when the link is used, too.
    const { link } = await ada.makeLink();
    const origins = ["https://new.example.com"];
    await workspace.owner.call("PUT", "/api/settings/origins", { origins });
    expect(await usedLink(link)).toContain("https://new.example.com/?");
    await workspace.owner.call("PUT", "/api/settings/origins", { origins: [ada.origin] });
  });

  test("leads to where it was made, where no page was told or the list names none to go to instead", async () => {
    const spread = await newWorkspace("links-spread");
    const list = (...origins: string[]) =>
      spread.owner.call("PUT", "/api/settings/origins", { origins });
    await list("https://*.spread.example");
    const browser = new SiteBrowser(spread, "https://eu.spread.example");
    await browser.load();
    const strayed = await browser.makeLink("https://evil.example/");
    expect(await usedLink(strayed.link)).toContain(`${browser.origin}/?parley_token=`);
    await list("https://first.example", "https://*.spread.example");
    const answer = await browser.post("/v1/continue", { token: browser.right?.token });
    const { link } = await answer.json<ContinueResponse>();
    expect(await usedLink(link)).toContain(`${browser.origin}/?parley_token=`);
  });

  test("ends the oldest when there are more than may be used at a time", async () => {
    const links: ContinueResponse[] = [];
    for (let made = 0; made < CONTINUE_LINKS_MAX; made++) links.push(await ada.makeLink());
    const statuses = () =>
      Promise.all(links.map(async ({ link }) => (await openLink(link)).status));
    expect(await statuses()).toEqual(links.map(() => 200));
    links.push(await ada.makeLink());
    expect(await statuses()).toEqual([404, ...Array<number>(CONTINUE_LINKS_MAX).fill(200)]);
  });

  test("can be made only so often by one browser, and by nobody without a right", async () => {
    for (let made = 0; made < CONTINUE_REQUESTS_MAX; made++) await ada.makeLink();
    const code = async (token: string | undefined) => {
      const answer = await ada.post("/v1/continue", { token });
      return (await answer.json<{ error: { code: string } }>()).error.code;
    };
    expect(await code(ada.right?.token)).toBe("rate_limited");
    expect((await (await SiteBrowser.arrive(workspace)).makeLink()).link).toContain("/c/");
    expect(await code(`${ada.right?.token}x`)).toBe("bad_token");
    await ada.post("/v1/reset", { token: ada.right?.token });
    expect(await code(ada.right?.token)).toBe("ended");
    const foreign = new SiteBrowser(workspace, "https://evil.example");
    foreign.right = ada.right;
    expect(await foreign.makeLink().catch(String)).toContain("origin_not_allowed");
  });

  test("ends with the browser that made it", async () => {
    const { link } = await ada.makeLink();
    const used = await ada.makeLink();
    const location = await usedLink(used.link);
    await ada.post("/v1/reset", { token: ada.right?.token });
    expect((await openLink(link)).status).toBe(404);
    expect(await useLink(link)).toBeNull();
    const phone = ada.fresh();
    expect(await phone.load(location)).toBe("gone");
    expect(phone.visitor).not.toBe(ada.visitor);
  });
});

describe("what a link hands over", () => {
  test("is one browser's, of two that use the link at once", async () => {
    const { link } = await ada.makeLink();
    const locations = await Promise.all([usedLink(link), usedLink(link)]);
    const browsers = [ada.fresh(), ada.fresh()];
    const told = await Promise.all(browsers.map((one, at) => one.load(locations[at])));
    expect(new Set(told)).toEqual(new Set(["gone", "opened"]));
    expect(browsers.filter((one) => one.visitor === ada.visitor)).toHaveLength(1);
    expect(await useLink(link)).toBeNull();
  });

  test("is nothing a minute later, to the millisecond", async () => {
    const at = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(at);
    const locations = [
      await usedLink((await ada.makeLink()).link),
      await usedLink((await ada.makeLink()).link),
    ];
    setClockOffset(CONTINUE_TICKET_MS - 1);
    expect(await ada.fresh().load(locations[0])).toBe("opened");
    setClockOffset(CONTINUE_TICKET_MS);
    expect(await ada.fresh().load(locations[1])).toBe("gone");
  });

  test("is given again to the page load that asks again, because it was not answered", async () => {
    const location = await usedLink((await ada.makeLink()).link);
    const phone = ada.fresh();
    expect(await phone.load(location)).toBe("opened");
    const first = phone.right;
    await evict(ada);
    phone.right = null;
    setClockOffset(10 * CONTINUE_TICKET_MS);
    expect(await phone.boot(location)).toBe("opened");
    expect(phone.right).toMatchObject({ visitor: ada.visitor, device: first?.device });
    // The next page load of the same browser has the right already; nobody else gets one.
    expect(await phone.load(location)).toBe("opened");
    expect(await ada.fresh().load(location)).toBe("gone");
  });

  test.each([
    ["admit", false, false],
    ["admit", true, false],
    ["goOn", false, true],
    ["goOn", true, true],
    ["adopt", false, true],
    ["adopt", true, true],
    ["boot", false, false],
  ])("comes through where %s dies (after it: %s)", async (method, isAfter, wasHere) => {
    const location = await usedLink((await ada.makeLink()).link);
    const phone = ada.fresh();
    if (wasHere) await phone.load();
    const held = phone.right;
    phone.stream = crypto.randomUUID();
    const cut = cutOff(env.VISITOR, method, isAfter, 1);
    const answer = await phone.bootAnswer(location);
    cut.mockRestore();
    expect(answer.status).toBe(503);
    await evict(ada);
    phone.right = held;
    expect(await phone.boot(location)).toBe("opened");
    expect(phone.visitor).toBe(ada.visitor);
    expect(await phone.write("I am here")).toBe(conversation);
    const devices = (await ada.object.card())?.devices ?? [];
    expect(devices.length).toBeLessThanOrEqual(2);
    expect(await ada.fresh().load(location)).toBe("gone");
  });

  test("is nothing in another workspace, changed, or made of a link", async () => {
    const { link } = await ada.makeLink();
    const location = await usedLink(link);
    const ticket = ticketIn(location);
    const stranger = await SiteBrowser.arrive(other);
    const there = `${stranger.origin}/?parley_token=${ticket}`;
    const [never, foreign] = [stranger.fresh(), stranger.fresh()];
    expect(await never.load(`${stranger.origin}/?parley_token=${"0".repeat(42)}`)).toBe("gone");
    expect(await foreign.load(there)).toBe("gone");
    for (const wrong of [changed(ticket, 3), changed(ticket, 30), link.slice(-42), "", "x"])
      expect(await ada.fresh().load(`${ada.origin}/?parley_token=${wrong}`)).toBe("gone");
    expect(await ada.fresh().load(location)).toBe("opened");
  });
});

describe("a browser with something of its own", () => {
  test("keeps its conversation, and leaves the link's to whoever it is for", async () => {
    const bob = ada.fresh();
    await bob.load();
    const own = await bob.write("BOB: mine");
    const location = await usedLink((await ada.makeLink()).link);
    const before = bob.visitor;
    expect(await bob.load(location)).toBe("own");
    expect(bob.right).toMatchObject({ visitor: before, conversation: { id: own } });
    expect(await ada.fresh().load(location)).toBe("opened");
  });

  test("keeps what has begun in it since it was looked at", async () => {
    const { link } = await ada.makeLink();
    const phone = ada.fresh();
    await phone.load();
    const { visitor } = phone;
    await phone.write("begun meanwhile");
    const original = env.VISITOR.getByName.bind(env.VISITOR);
    vi.spyOn(env.VISITOR, "getByName").mockImplementation((name) => {
      const real = original(name);
      const others = real as unknown as Record<string | symbol, (...args: unknown[]) => unknown>;
      return new Proxy(real, {
        get: (_, key) =>
          key === "standing" ? async () => "free" : (...args: unknown[]) => others[key]?.(...args),
      });
    });
    expect(await phone.load(await usedLink(link))).toBe("own");
    expect(phone.visitor).toBe(visitor);
  });

  test("keeps who has proven themselves in it, although they have not written", async () => {
    const bob = ada.fresh();
    await bob.load();
    await bob.object.prove(
      bob.right?.device ?? expect.unreachable(),
      {
        userId: crypto.randomUUID(),
        others: [],
        by: "jwt",
      },
      "drawn",
    );
    bob.secret = "drawn";
    const before = bob.visitor;
    expect(await bob.load(await usedLink((await ada.makeLink()).link))).toBe("own");
    expect(bob.visitor).toBe(before);
  });

  test("is the one that made the link: it stays what it is", async () => {
    const location = await usedLink((await ada.makeLink()).link);
    const { visitor } = ada;
    expect(await ada.load(location)).toBe("opened");
    expect(ada.visitor).toBe(visitor);
  });
});

test.each([
  ["another visitor has, into whom this one is joined", true],
  ["nobody has, so that the visitor stays the same", false],
])(
  "a link ends with the right that made it, when its browser proves what %s: a copy may have made it",
  async (_, isKnown) => {
    const userId = crypto.randomUUID();
    const proof = { userId, others: [], by: "jwt" as const };
    if (isKnown) {
      const known = ada.fresh();
      await known.load();
      await known.write("CANARY: at home");
      await known.object.prove(known.right?.device ?? expect.unreachable(), proof);
    }
    const made = await ada.makeLink();
    const ticket = await usedLink((await ada.makeLink()).link);
    await ada.object.prove(ada.right?.device ?? expect.unreachable(), proof, "drawn");
    expect((await openLink(made.link)).status).toBe(404);
    expect(await useLink(made.link)).toBeNull();
    const thief = ada.fresh();
    expect(await thief.load(ticket)).toBe("gone");
    expect(thief.right?.conversation).toBeNull();
  },
);

test("no ticket is ever kept or shown, in whichever way the address comes", async () => {
  const location = await usedLink((await ada.makeLink()).link);
  const ticket = ticketIn(location);
  const phone = ada.fresh();
  await phone.load(location);
  const fact = (n: number) => ({
    type: "page",
    n,
    at: Date.now(),
    url: location,
    referrer: location,
  });
  const batch = (stream: string) => ({ stream, sentAt: Date.now(), facts: [fact(1)] });
  await phone.post("/v1/events", { token: phone.right?.token, ...batch("beacon") });
  const socket = await phone.socket();
  await socket.ask({ t: "events", ...batch("socket") });
  socket.close();
  const { object } = phone;
  const told = JSON.stringify([await object.card(), await object.timeline(null), phone.right]);
  expect(told).toContain("/help?topic=tea");
  expect(told).not.toContain(ticket);
  expect(told).not.toContain("parley_token");
  const { results } = await env.DB.prepare("SELECT * FROM continue_links").all();
  expect(JSON.stringify(results)).not.toContain(ticket);
});
