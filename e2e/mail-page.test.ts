import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAIL_FRAME_SANDBOX, mailPageHeaders } from "../domain/email/mail-page-policy.ts";
import { hostileHtml } from "../domain/email/testing/hostile-html.ts";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, Operator } from "./people.ts";
import { urls } from "./stage.ts";

/** Somebody who would like to know that a mail was opened, and shows it by itself under our policy alone. */
let home: string;
let server: Server;
const hits: string[] = [];
/**
 * Whatever a mail asks for by itself it has asked for by then. The dashboard's own network is not waited for: what the frame
 * was denied may count there as under way without end.
 */
const ASKED_BY_THEN_MS = 1_500;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", home);
    const mails = hostileHtml(home);
    if (pathname === "/raw") {
      const isBare = searchParams.has("bare");
      response.writeHead(200, isBare ? { "content-type": "text/html" } : mailPageHeaders(null));
      response.end(mails[Number(searchParams.get("n"))]);
    } else if (pathname === "/dashboard") {
      const frames = mails.map(
        (_, n) => `<iframe sandbox="${MAIL_FRAME_SANDBOX}" src="/raw?n=${n}"></iframe>`,
      );
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><link rel=icon href="data:,">${frames.join("")}`);
    } else {
      hits.push(request.url ?? "");
      response.writeHead(200, { "content-type": "image/gif", "access-control-allow-origin": "*" });
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

test("without policy and sandbox the same mails do run, load and send", async () => {
  const page = await browser.newPage();
  for (const n of [0, 4, 20, 24]) await page.goto(`${home}/raw?n=${n}&bare`);
  await expect
    .poll(() => hits.map((hit) => hit.slice(1)))
    .toEqual(expect.arrayContaining(["ran", "pixel.gif", "inline.gif", "refresh"]));
  await page.close();
  hits.length = 0;
});

test("what no sanitizer has touched runs and asks for nothing, by policy and sandbox alone", async () => {
  const page = await browser.newPage();
  await page.goto(`${home}/dashboard`);
  await page.waitForLoadState("networkidle");
  expect(page.frames().length).toBeGreaterThan(hostileHtml(home).length);
  expect(await page.evaluate("window.ran")).toBeUndefined();
  // A click is the one thing that a mail can bring somebody to do.
  const links = page.frames().find((frame) => frame.url().includes("/raw?n=35"));
  for (const link of (await links?.locator("a").all()) ?? [])
    await link.click({ timeout: 2_000, noWaitAfter: true });
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect(new URL(page.url()).pathname).toBe("/dashboard");
  expect(hits).toEqual([]);
  await page.close();
});

test("a hostile mail in the dashboard asks for nothing before it is asked, and then only for pictures, by our own hand", async () => {
  // A browser and our reader may part ways inside a frameset; such a mail is not shown at all.
  const payloads = hostileHtml(home).filter((one) => !one.includes("<frameset"));
  const html = `<p>Spring sale</p><img src="https://cdn.shop.example/tea.png" alt="A teapot"><a href="${home}/shop">To the shop</a>${payloads.join("\n")}`;
  const sent = await fetch(`${urls.workerUrl}/dev/mailbox/mail`, {
    method: "POST",
    body: new URLSearchParams({
      from: "Mallory <mallory@corp.example>",
      to: "inbox.demo@reply.parley.test",
      subject: "Spring sale",
      text: "The words of the spring sale.",
      html,
      proven: "on",
    }),
  });
  expect(await sent.text()).toContain("The mail has arrived");

  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const { page, context } = olivia;
  await page.goto(`${urls.dashboardUrl}/inbox`);
  await page.getByRole("link", { name: /Mallory/ }).click();
  const log = page.getByRole("log");
  // The words are what is shown; the layout only for whoever wants it.
  await log.getByText("The words of the spring sale.").waitFor();
  expect(await page.locator("iframe").count()).toBe(0);

  const foreign: string[] = [];
  const pictures: string[] = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== new URL(urls.dashboardUrl).origin)
      foreign.push(request.url());
    if (url.pathname === "/files/mail-image") pictures.push(url.searchParams.get("u") ?? "");
  });
  await log.getByRole("button", { name: "Show original" }).click();
  const frame = page.frameLocator("iframe");
  await frame.getByText("Spring sale").first().waitFor();
  await page.waitForTimeout(ASKED_BY_THEN_MS);
  expect({ foreign, pictures, hits }).toEqual({ foreign: [], pictures: [], hits: [] });
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect(await findBarriers(page)).toEqual([]);

  await log.getByRole("button", { name: "Show images" }).click();
  await expect.poll(() => pictures).toContain("https://cdn.shop.example/tea.png");
  await page.waitForTimeout(ASKED_BY_THEN_MS);
  expect({ foreign, hits }).toEqual({ foreign: [], hits: [] });
  expect(pictures.every((url) => url.startsWith("https://cdn.shop.example/"))).toBe(true);

  const [shop] = await Promise.all([
    context.waitForEvent("page"),
    frame.getByRole("link", { name: "To the shop" }).click(),
  ]);
  await shop.waitForURL(`${home}/shop`);
  expect(await shop.evaluate("window.opener")).toBeNull();
  expect(await shop.evaluate("document.referrer")).toBe("");
  await shop.close();
  await log.getByRole("button", { name: "Hide original" }).click();
  expect(await page.locator("iframe").count()).toBe(0);
  await context.close();
});
