import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { reported, serveHostSite, WATCH, type HostOptions, type HostSite } from "./host-page.ts";
import { launchBrowser, Visitor } from "./people.ts";
import { urls } from "./stage.ts";

const { workerUrl } = urls;
let browser: Browser;
let open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

async function visit(
  options: Partial<HostOptions> = {},
  context: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ visitor: Visitor; site: HostSite }> {
  const site = await serveHostSite({
    workerUrl,
    ...options,
    script: WATCH + (options.script ?? ""),
  });
  const visitor = await Visitor.arrive(browser, site.url, context);
  open.push(site, visitor.context);
  await visitor.launcher.waitFor();
  return { visitor, site };
}

describe("on a strict page of another origin", () => {
  test("the chat opens and sends under a policy without unsafe-inline, with Trusted Types, and shifts nothing", async () => {
    const { visitor } = await visit();
    await visitor.openChat();
    await visitor.write("Does this shoe come in green?");
    await visitor.sent();
    expect(await reported(visitor.page)).toEqual([]);
    expect(visitor.pageErrors).toEqual([]);
  });

  test("before anyone clicks: one script, one boot, one socket, no frame, no style of the page touched", async () => {
    const site = await serveHostSite({ workerUrl });
    open.push(site);
    const context = await browser.newContext();
    open.push(context);
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) =>
      asked.push(`${request.method()} ${new URL(request.url()).pathname}`),
    );
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(new URL(socket.url()).pathname));
    const connected = page.waitForEvent("websocket");
    await page.goto(site.url);
    await connected;
    await page.waitForLoadState("networkidle");
    expect(
      asked.filter(
        (one) => one !== "GET /" && one !== "GET /page.js" && one !== "GET /favicon.ico",
      ),
    ).toEqual(["GET /widget.js", "POST /v1/boot"]);
    expect(sockets).toEqual(["/v1/page"]);
    expect(await page.locator("iframe").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.getAttribute("style"))).toBeNull();
  });

  test("included twice it is there once", async () => {
    const { visitor } = await visit({ tags: 2 });
    expect(await visitor.launcher.count()).toBe(1);
    const boots = visitor.wire.heard.filter((text) => text.includes('"serverTime"'));
    expect(boots.length).toBeLessThanOrEqual(1);
  });

  test("with storage blocked it works in memory", async () => {
    const { visitor } = await visit({
      script: `for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });`,
    });
    await visitor.openChat();
    await visitor.write("Anybody here?");
    await visitor.sent();
    expect(visitor.pageErrors).toEqual([]);
  });

  test("a page that meddles with the language is not broken by the widget", async () => {
    const { visitor } = await visit({
      script: `Array.prototype.evil = () => 1; Object.prototype.poison = "x"; window.name = "parley"; String.prototype.trim = function () { return "hacked"; };`,
    });
    await visitor.launcher.click();
    expect(visitor.pageErrors).toEqual([]);
    expect(await visitor.page.getByRole("heading", { name: "Shoes" }).isVisible()).toBe(true);
  });

  test("an origin that is not on the list gets no widget and no error", async () => {
    const site = await serveHostSite({ workerUrl, siteKey: "pk_nobody" });
    open.push(site);
    const visitor = await Visitor.arrive(browser, site.url);
    open.push(visitor.context);
    await visitor.page.waitForResponse((response) => response.url().endsWith("/v1/boot"));
    expect(await visitor.page.getByRole("button").count()).toBe(0);
    expect(visitor.pageErrors).toEqual([]);
  });
});

describe("in a single-page site", () => {
  test("each navigation is a page view, once, and the launcher stays", async () => {
    const { visitor } = await visit();
    await visitor.page.evaluate(() => {
      for (let i = 0; i < 5; i++) history.pushState({}, "", `/page-${i}`);
      history.replaceState({}, "", "/page-4");
    });
    await visitor.page.goBack();
    const urls = () => [...new Set(visitor.wire.sent.join("").match(/page-\d/g))].sort();
    await expect
      .poll(urls, { timeout: 10_000 })
      .toEqual(["page-0", "page-1", "page-2", "page-3", "page-4"]);
    expect(await visitor.launcher.count()).toBe(1);
  });
});

describe("two tabs of one browser", () => {
  test("are one device: the thread, what is unread and what was read are in step", async () => {
    const { visitor, site } = await visit();
    await visitor.openChat();
    await visitor.write("From the first tab");
    await visitor.sent();
    const second = await visitor.context.newPage();
    await second.goto(site.url);
    await second.locator("parley-widget").locator("button").first().click();
    const chat = second.getByRole("dialog");
    await chat.getByText("From the first tab").waitFor();
    await chat.getByRole("textbox", { name: "Write a message" }).fill("From the second tab");
    await chat.getByRole("textbox", { name: "Write a message" }).press("Enter");
    await visitor.sees("From the second tab");
    expect(await visitor.chat.getByText("From the second tab").count()).toBe(1);
    expect(await chat.getByText("From the first tab").count()).toBe(1);
  });
});

describe("the connection", () => {
  test("is lost and comes back: what was written meanwhile arrives once, and nothing is missed", async () => {
    const { visitor } = await visit();
    await visitor.openChat();
    await visitor.write("Before the tunnel");
    await visitor.sent();
    await visitor.context.setOffline(true);
    await visitor.write("In the tunnel");
    await visitor.chat
      .getByText(/offline|connect/i)
      .first()
      .waitFor();
    await visitor.context.setOffline(false);
    await expect.poll(() => visitor.chat.getByText(/Sending/).count(), { timeout: 40_000 }).toBe(0);
    await visitor.sent();
    expect(await visitor.chat.getByText("In the tunnel").count()).toBe(1);
  });
});

describe("for everybody", () => {
  test.each([
    ["desktop, light", { viewport: { width: 1280, height: 800 }, colorScheme: "light" }],
    ["desktop, dark", { viewport: { width: 1280, height: 800 }, colorScheme: "dark" }],
    [
      "phone, light",
      {
        viewport: { width: 390, height: 844 },
        colorScheme: "light",
        isMobile: true,
        hasTouch: true,
      },
    ],
    [
      "phone, dark",
      {
        viewport: { width: 390, height: 844 },
        colorScheme: "dark",
        isMobile: true,
        hasTouch: true,
      },
    ],
  ] as const)("axe finds no barrier in launcher and chat: %s", async (_, context) => {
    const { visitor } = await visit({ isLax: true }, context);
    expect(await findBarriers(visitor.page)).toEqual([]);
    await visitor.openChat();
    await visitor.write("Hello there");
    await visitor.sent();
    expect(await findBarriers(visitor.page)).toEqual([]);
  });

  test("by keyboard alone: open, write, leave, and focus is back where it was", async () => {
    const { visitor } = await visit();
    await visitor.launcher.focus();
    await visitor.page.keyboard.press("Enter");
    await visitor.composer.waitFor();
    await visitor.page.keyboard.type("Only keys");
    await visitor.page.keyboard.press("Shift+Enter");
    await visitor.page.keyboard.type("two lines");
    await visitor.page.keyboard.press("Enter");
    await visitor.sees(/Only keys/);
    await visitor.page.keyboard.press("Escape");
    await visitor.chat.waitFor({ state: "hidden" });
    expect(await visitor.launcher.evaluate((button) => button.matches(":focus"))).toBe(true);
  });
});
