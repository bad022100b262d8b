import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { serveHostSite } from "./host-page.ts";
import { launchBrowser, mailsTo, Operator, Visitor } from "./people.ts";
import { shop } from "./shopper.ts";
import { urls } from "./stage.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("a stranger makes a workspace, installs the widget, invites a colleague, and both answer a visitor", async () => {
  const site = await serveHostSite({ workerUrl: urls.workerUrl });
  const founder = await Operator.signIn(browser, urls, "founder@company.test");
  await founder.page.getByLabel("Your name").fill("Frida Founder");
  await founder.page.getByLabel("Company").fill("Acme <b>& sons</b>");
  await founder.page.getByLabel("Site").fill(site.url.replace(/\/$/, ""));
  await founder.page.getByRole("button", { name: "Create workspace" }).click();
  await founder.page.getByRole("navigation", { name: "Main" }).waitFor();

  // The snippet with the workspace's own key.
  await founder.page.goto(`${urls.dashboardUrl}/settings/install`);
  const snippet = await founder.page
    .getByText(/data-key="pk_/)
    .first()
    .innerText();
  const siteKey = /data-key="(pk_[0-9a-z]+)"/.exec(snippet)?.[1] ?? "";
  expect(siteKey).not.toBe("pk_demo");
  expect(snippet).toContain(`${urls.workerUrl}/widget.js`);

  // A colleague is invited by mail, joins, and sees the same Inbox.
  await founder.page.goto(`${urls.dashboardUrl}/settings/colleagues`);
  await founder.page.getByLabel("Email addresses").fill("colleague@company.test");
  await founder.page.getByRole("button", { name: /^invite/i }).click();
  await expect
    .poll(async () => (await mailsTo(urls.workerUrl, "colleague@company.test")).length, {
      timeout: 10_000,
    })
    .toBe(1);
  const colleague = await Operator.signIn(browser, urls, "colleague@company.test");
  await colleague.page.getByText("Acme <b>& sons</b>").first().waitFor();
  await colleague.page.getByLabel("Your name").fill("Carl Colleague");
  await colleague.page.getByRole("button", { name: "Join" }).click();
  await colleague.page.getByRole("navigation", { name: "Main" }).waitFor();

  // The widget on their own site, on an origin of its own.
  const own = await serveHostSite({ workerUrl: urls.workerUrl, siteKey });
  await founder.page.goto(`${urls.dashboardUrl}/settings/install`);
  const visitor = await Visitor.arrive(browser, site.url);
  expect(await visitor.page.title()).toBe("A shop");
  const page = await visitor.context.newPage();
  await page.goto(own.url);
  await page.waitForResponse(
    (response) => response.url().endsWith("/v1/boot") && response.status() === 403,
  );
  await own.close();
  await visitor.context.close();
  await site.close();
  await founder.context.close();
  await colleague.context.close();
});

describe("signing in and out", () => {
  test("a wrong code is refused with words, and the right one still works", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(urls.dashboardUrl);
    await page.getByLabel("Email").fill("stranger@example.test");
    await page.keyboard.press("Enter");
    await page.getByLabel("6-digit code").fill("000000");
    await page
      .getByText(/wrong|expired/i)
      .first()
      .waitFor();
    await context.close();
  });

  test("signing out ends the session for good: its cookie opens nothing and its sockets are closed", async () => {
    const olivia = await Operator.signIn(browser, urls, "agent@demo.test");
    const cookies = await olivia.context.cookies();
    expect(cookies.every((cookie) => cookie.httpOnly)).toBe(true);
    const socket = olivia.page.waitForEvent("websocket");
    await olivia.page.reload();
    const inbox = await socket;
    await olivia.page.getByRole("button", { name: /status and account/ }).click();
    const closed = inbox.waitForEvent("close");
    await olivia.page.getByRole("menuitem", { name: "Sign out" }).click();
    await olivia.page.getByLabel("Email").waitFor();
    await closed;
    const header = cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
    const answer = await fetch(`${urls.dashboardUrl}/api/me`, { headers: { cookie: header } });
    expect(answer.status).toBe(401);
    await olivia.context.close();
  });
});

describe("what people write is text", () => {
  const markup = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;

  test("in messages, names, titles, URLs, referrers and tags, for operators and visitors alike", async () => {
    const host = await serveHostSite({
      workerUrl: urls.workerUrl,
      isLax: true,
      script: `document.addEventListener("DOMContentLoaded", () => { document.title = ${JSON.stringify(markup)}; });
        window.parley = window.parley || function () { (parley.q = parley.q || []).push(arguments); };
        parley("identify", { name: ${JSON.stringify(`Eve ${markup}`)}, email: "eve@example.test", ${JSON.stringify("plan")}: ${JSON.stringify(markup)} });
        parley("track", "Products Searched", { query: ${JSON.stringify(markup)}, results: 0 });
        parley("track", ${JSON.stringify(`Event ${markup}`)}, { note: ${JSON.stringify(markup)} });`,
    });
    const eve = await Visitor.arrive(
      browser,
      `${host.url}?utm_source=${encodeURIComponent(markup)}`,
    );
    await eve.openChat();
    await eve.write(`Eve says ${markup} javascript:alert(1) https://example.test/x`);
    await eve.sees(/Eve says/);
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("Eve says");
    await olivia.log
      .getByText(/onerror/)
      .first()
      .waitFor();
    await olivia.person
      .getByText(/onerror/)
      .first()
      .waitFor();
    await olivia.reply(`Olivia says ${markup}`);
    await eve.sees(/Olivia says/);
    for (const page of [eve.page, olivia.page]) {
      expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
      expect(await page.locator("img[src='x']").count()).toBe(0);
    }
    expect(await olivia.page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(
      await olivia.log.locator('a[href="https://example.test/x"]').getAttribute("rel"),
    ).toContain("noopener");
    await Promise.all([eve.context.close(), olivia.context.close(), host.close()]);
  });
});

describe("the dashboard", () => {
  test("is served with a policy that allows no inline script and no frame around it", async () => {
    const answer = await fetch(urls.dashboardUrl);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    ["desktop, light", { viewport: { width: 1440, height: 900 }, colorScheme: "light" }],
    ["desktop, dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }],
    ["phone, light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
  ] as const)("axe finds no barrier on any page: %s", async (_, context) => {
    const visitor = await Visitor.arrive(browser, shop);
    await visitor.openChat();
    await visitor.write("A message to look at");
    await visitor.sees("A message to look at");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test", context);
    await olivia.openConversation("A message to look at");
    expect(await findBarriers(olivia.page)).toEqual([]);
    for (const path of [
      "/visitors",
      "/settings/profile",
      "/settings/colleagues",
      "/settings/widget",
      "/settings/install",
      "/settings/email",
    ]) {
      await olivia.page.goto(`${urls.dashboardUrl}${path}`);
      await olivia.page.waitForLoadState("networkidle");
      expect([path, await findBarriers(olivia.page)]).toEqual([path, []]);
    }
    await Promise.all([visitor.context.close(), olivia.context.close()]);
  });

  test("an operator who is not looking learns of a message: number in the title", async () => {
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.page.goto(`${urls.dashboardUrl}/settings/profile`);
    const visitor = await Visitor.arrive(browser, shop);
    await visitor.openChat();
    await visitor.write("Hello? Anybody?");
    await expect.poll(() => olivia.page.title(), { timeout: 10_000 }).toMatch(/^\(\d+\)/);
    await Promise.all([visitor.context.close(), olivia.context.close()]);
  });

  test("the live board shows who is on the site, and one click writes to them", async () => {
    const visitor = await Visitor.arrive(browser, `${shop}search/?q=zeppelin`);
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.page.goto(`${urls.dashboardUrl}/visitors`);
    const row = olivia.page.getByRole("row").filter({ hasText: "zeppelin" });
    await row.getByText(/found nothing/i).waitFor();
    await row.getByRole("button", { name: /^Write to/ }).click();
    await olivia.reply("We have no zeppelins, but may I help?");
    // The chat is closed: the message comes to the launcher, and opens the thread.
    await visitor.page.getByText("We have no zeppelins, but may I help?").first().waitFor();
    await visitor.openChat();
    await visitor.sees("We have no zeppelins, but may I help?");
    await visitor.write("Oh well");
    await olivia.log.getByText("Oh well").waitFor();
    await Promise.all([visitor.context.close(), olivia.context.close()]);
  });

  test("what an operator wrote while the line was down is sent once it is back", async () => {
    const visitor = await Visitor.arrive(browser, shop);
    await visitor.openChat();
    await visitor.write("Are you there?");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("Are you there?");
    await olivia.context.setOffline(true);
    await olivia.reply("Yes, in a tunnel");
    await olivia.context.setOffline(false);
    await visitor.sees("Yes, in a tunnel");
    expect(await visitor.chat.getByText("Yes, in a tunnel").count()).toBe(1);
    await Promise.all([visitor.context.close(), olivia.context.close()]);
  });
});
