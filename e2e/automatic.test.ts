import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { READY_MADE_TRIGGERS } from "../domain/triggers/ready-made.ts";
import { definition, UNLIMITED, variant } from "../domain/triggers/testing/samples.ts";
import type { Action, TriggerDefinition, When } from "../protocol/triggers.ts";
import { findBarriers } from "./accessibility.ts";
import { reported, serveHostSite, WATCH, type HostOptions, type HostSite } from "./host-page.ts";
import { pauseAll, switchOnByApi } from "./marketer.ts";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { ofTheShop, shop } from "./shopper.ts";
import { urls } from "./stage.ts";

/** What triggers show on sites, and what they tell the team. */

let browser: Browser;
let olivia: Operator;
let open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  olivia = await Operator.signIn(browser, urls, "owner@demo.test");
});

afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
  await pauseAll(olivia.page, urls.dashboardUrl);
});

afterAll(() => browser.close());

const FREE = { type: "free" } as const;

const POPUP: Extract<Action, { type: "popup" }> = {
  type: "popup",
  place: "corner",
  from: FREE,
  heading: "Shoes that fit",
  text: "Ask us for your size.",
  imageUrl: null,
  button: { label: "See the sizes", url: "/sizes" },
  card: {
    product: {
      from: "chosen",
      name: "Walking shoes",
      url: "/shoes/walking",
      imageUrl: null,
      price: { amountMinor: 12_000, currency: "EUR" },
    },
    discount: { type: "percent", off: 10 },
    code: { type: "fixed", code: "WALK10" },
  },
  canAnswer: true,
};

const ON_SCROLL: When = { type: "page", page: null, moment: { on: "scroll", percent: 50 } };

function says(name: string, when: When, action: Action): TriggerDefinition {
  return definition({ name, when, limits: UNLIMITED, variants: [variant("a", action)] });
}

const switchOn = (definition: TriggerDefinition): Promise<string> =>
  switchOnByApi(olivia.page, urls.dashboardUrl, definition);

/** Makes the page long enough to scroll. */
const TALL = `document.addEventListener("DOMContentLoaded", () => {
  for (let i = 0; i < 200; i++) document.body.append(Object.assign(document.createElement("p"), { textContent: "More shoes" }));
});`;

/** In the page: resolves when nothing around an element moves any more. */
async function standsStill(element: Element): Promise<void> {
  const moving = (element.getRootNode() as ShadowRoot).getAnimations(); // the widget's own root
  await Promise.all(moving.map((one) => one.finished));
}

const PLACES = ["corner", "centre", "bar"] as const;
const BUTTONS = PLACES.map((place) => `<button id="${place}">Sizes: ${place}</button>`).join("");

/** A strict site of another origin, and somebody on it. */
async function visit(
  context: Parameters<Browser["newContext"]>[0] = {},
  options: Partial<HostOptions> = {},
): Promise<{ visitor: Visitor; site: HostSite }> {
  const { workerUrl } = urls;
  const site = await serveHostSite({ workerUrl, body: BUTTONS, script: WATCH + TALL, ...options });
  const visitor = await Visitor.arrive(browser, site.url, context);
  open.push(site, visitor.context);
  await visitor.launcher.waitFor();
  return { visitor, site };
}

/** Clicks once the page waits for it. */
async function clickFor({ page, popup }: Visitor, selector: string): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("/armed.js")),
  );
  await page.waitForLoadState("networkidle");
  await page.locator(selector).click();
  await popup.waitFor();
}

/** Scrolls down until the page, once it knows its rules, has told of it. */
async function scrollDown({ page, popup }: Visitor): Promise<void> {
  await page.mouse.move(600, 300);
  const scrolled = async () => {
    await page.mouse.wheel(0, 5_000);
    return popup.count();
  };
  await expect.poll(scrolled, { timeout: 15_000 }).toBe(1);
}

describe("a pop-up", () => {
  test("shifts nothing on a strict page, comes back every time, and stays away when asked", async () => {
    await switchOn(says("On scroll", ON_SCROLL, POPUP));
    const { visitor, site } = await visit();
    const { page, popup } = visitor;
    await scrollDown(visitor);
    await popup.getByText("Shoes that fit").waitFor();
    await popup.getByText("€108.00").last().waitFor();
    await popup.getByText("WALK10").waitFor();
    const link = popup.getByRole("link", { name: "See the sizes" });
    expect(await link.getAttribute("href")).toBe("/sizes");
    await popup.getByRole("button", { name: "Close" }).click();
    await popup.waitFor({ state: "detached" });
    expect(await reported(page)).toEqual([]);

    await page.goto(`${site.url}next`);
    await scrollDown(visitor);
    await popup.getByRole("button", { name: "Do not show again" }).click();
    await popup.waitFor({ state: "detached" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const connected = page.waitForEvent("websocket");
    await page.goto(`${site.url}after`);
    await connected;
    await page.mouse.wheel(0, 5_000);
    await page.waitForLoadState("networkidle");
    expect(await popup.count()).toBe(0);
    // Nothing is due any more, so nothing is loaded that would show it.
    expect(asked.filter((path) => path.endsWith(".js"))).toEqual(["/page.js", "/widget.js"]);
    expect(await reported(page)).toEqual([]);
    expect(visitor.pageErrors).toEqual([]);
  });

  test("in the centre takes the focus, keeps it, and gives it back", async () => {
    const when: When = { type: "page", page: null, moment: { on: "click", selector: "#centre" } };
    await switchOn(says("On click", when, { ...POPUP, place: "centre" }));
    const { visitor } = await visit();
    const { page, popup } = visitor;
    await clickFor(visitor, "#centre");
    await expect.poll(() => popup.evaluate((dialog) => dialog.matches(":focus-within"))).toBe(true);
    expect(await popup.getAttribute("aria-label")).toBe("Shoes that fit");
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      const isOnPage = await page.evaluate(() => document.activeElement?.tagName === "BUTTON");
      expect(isOnPage).toBe(false);
    }
    await page.keyboard.press("Escape");
    await popup.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("centre");
  });

  test.each([
    ["desktop, light", { viewport: { width: 1280, height: 800 }, colorScheme: "light" }],
    ["desktop, dark", { viewport: { width: 1280, height: 800 }, colorScheme: "dark" }],
    ["phone, light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
    ["phone, dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ] as const)("has no barrier in any place, and fits: %s", async (_, context) => {
    for (const place of PLACES) {
      const moment = { on: "click", selector: `#${place}` } as const;
      const when: When = { type: "page", page: null, moment };
      await switchOn(says(`Shown: ${place}`, when, { ...POPUP, place }));
    }
    const { visitor } = await visit(context, { isLax: true, script: WATCH });
    const { page, popup } = visitor;
    for (const place of PLACES) {
      await clickFor(visitor, `#${place}`);
      await popup.getByText("WALK10").waitFor();
      await popup.evaluate(standsStill);
      expect([place, await findBarriers(page)]).toEqual([place, []]);
      const box = await popup.boundingBox();
      const { width, height } = context.viewport;
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
      await page.keyboard.press("Escape");
      await popup.waitFor({ state: "detached" });
    }
    expect(await reported(page)).toEqual([]);
  });
});

test("a chat message waits beside the launcher, and its thread goes on in the chat", async () => {
  const when: When = { type: "event", event: "Product Viewed", where: [] };
  const text = 'May I tell you more about {{ event.name | default: "it" }}?';
  const card = { product: { from: "viewed" }, discount: null, code: null } as const;
  await switchOn(says("Looked at", when, { type: "chat", from: FREE, text, button: null, card }));
  const ann = await Visitor.arrive(browser, shop);
  open.push(ann.context);
  await ann.page.goto(`${shop}product/harbour-kettle/`);
  const words = "May I tell you more about Harbour Kettle?";
  await ann.page.getByRole("status").getByText(words).waitFor();
  await ann.openChat();
  await ann.sees(words);
  await ann.chat.getByRole("link", { name: /Harbour Kettle/ }).waitFor();
  await ann.write("How much does it hold?");
  await olivia.page.goto(urls.dashboardUrl);
  await olivia.openConversation("How much does it hold?");
  await olivia.log.getByText("Sent by trigger ‘Looked at’").waitFor();
  await olivia.reply("About seven cups.");
  await ann.sees("About seven cups.");
  expect(ann.pageErrors).toEqual([]);
});

test("a search without a result alerts the team, and whoever takes it writes first", async () => {
  const ready = READY_MADE_TRIGGERS.find(({ key }) => key === "nothing-found");
  if (ready === undefined) throw new Error("no ready-made trigger hears of searches");
  const { page } = olivia;
  await page.goto(`${urls.dashboardUrl}/triggers`);
  await page.getByRole("button", { name: `Switch on: ${ready.definition.name}` }).click();
  await page.getByRole("link", { name: ready.definition.name }).first().waitFor();
  const adam = await Operator.signIn(browser, urls, "agent@demo.test");
  const ann = await Visitor.arrive(browser, shop);
  open.push(adam.context, ann.context);
  await ann.page.goto(`${shop}search/?q=balloon`);
  await ofTheShop(ann)
    .getByText(/nothing found/i)
    .waitFor();

  await adam.page.getByRole("button", { name: "Alerts, 1 waiting" }).click();
  const alert = adam.page.getByRole("dialog", { name: "Alerts" }).getByRole("listitem");
  await alert.getByText("Searched for “balloon” and found nothing.").waitFor();
  await alert.getByRole("button", { name: /write/i }).click();
  await adam.person.getByText("balloon").first().waitFor();
  await adam.reply("No balloons here, but our tea lifts you up.");
  await ann.page
    .getByRole("status")
    .getByText("No balloons here, but our tea lifts you up.")
    .waitFor();
  await ann.openChat();
  await ann.sees("No balloons here, but our tea lifts you up.");
  // It is dealt with, for everybody.
  await page.getByRole("button", { name: "Alerts", exact: true }).waitFor();
  expect(ann.pageErrors).toEqual([]);
});
