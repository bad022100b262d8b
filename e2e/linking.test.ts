import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

let count = 0;

/** Somebody who claims this of themselves, buys something and writes. */
async function claimant(traits: Record<string, string>, text: string): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, shop);
  await visitor.page.evaluate(
    async ({ claims, order }) => {
      const { parley } = window as unknown as { parley: (...call: unknown[]) => Promise<void> };
      await parley("ready");
      void parley("identify", claims);
      void parley("track", "Order Completed", { order_id: order, total: 20, currency: "EUR" });
    },
    { claims: traits, order: `linked-${++count}` },
  );
  await visitor.openChat();
  await visitor.write(text);
  await visitor.sent();
  return visitor;
}

/** Opens a conversation when D1 has heard of who may be the same person. */
async function suggestionFor(operator: Operator, text: string, name: string): Promise<Locator> {
  await operator.openConversation(text);
  const button = operator.person.getByRole("button", { name: `Link with ${name}`, exact: true });
  const { page } = operator;
  // D1 hears of visitors within seconds; a card says what was known when it was opened.
  await expect
    .poll(
      async () => {
        if (!(await button.isVisible())) await page.reload();
        return button.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => false,
        );
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  return button;
}

async function overhang(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

describe("two visitors who claim the same address", () => {
  test("are suggested, linked by the keyboard, seen together by every operator, and parted again", async () => {
    const email = "lena@example.test";
    const first = await claimant({ email, name: "Lena Ahn" }, "CANARY-L1: from my computer");
    const second = await claimant({ email, name: "Lena on the phone" }, "CANARY-L2: from my phone");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    const adam = await Operator.signIn(browser, urls, "agent@demo.test");
    // Before there was a session, asking for it was refused.
    for (const operator of [olivia, adam]) operator.consoleErrors.splice(0);
    const button = await suggestionFor(olivia, "CANARY-L1", "Lena on the phone");
    await adam.openConversation("CANARY-L2");
    await olivia.person.getByText("Claims the same email").waitFor();
    expect(await findBarriers(olivia.page, "[aria-label='Person']")).toEqual([]);

    await button.focus();
    await olivia.page.keyboard.press("Enter");
    for (const { person } of [olivia, adam]) {
      await person.getByRole("heading", { name: "Linked by hand" }).waitFor();
      const conversations = person.getByRole("list", { name: "Conversations of all of them" });
      await conversations.getByText("CANARY-L1").waitFor();
      await conversations.getByText("CANARY-L2").waitFor();
      await person.getByText("Together: 2 orders").waitFor();
      expect(await person.getByText("€40.00").count()).toBe(1);
      // Both have ordered, and the timeline says who.
      const orders = person.getByRole("listitem").filter({ hasText: /^Ordered/ });
      await orders.filter({ hasText: "of A, " }).waitFor();
      await orders.filter({ hasText: "of B, " }).waitFor();
    }
    // Whoever pressed the button is not lost.
    expect(
      await olivia.page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
    ).toBe("Same person");
    expect(await findBarriers(olivia.page, "[aria-label='Person']")).toEqual([]);

    // What either does next is there at once, with whose it is.
    await second.page.evaluate(() => {
      const { parley } = window as unknown as { parley: (...call: unknown[]) => void };
      parley("track", "Bell Rung");
    });
    const rung = olivia.person.getByRole("listitem").filter({ hasText: "Bell Rung" });
    await rung.filter({ hasText: "of B, Lena on the phone" }).waitFor();

    // An answer goes into the conversation that is opened, and to nobody else.
    const all = olivia.person.getByRole("list", { name: "Conversations of all of them" });
    await all.getByRole("link", { name: /CANARY-L2/ }).click();
    await olivia.log.getByText("CANARY-L2").waitFor();
    await olivia.reply("CANARY-L3: to the phone");
    await second.sees("CANARY-L3: to the phone");
    expect(first.wire.everything()).not.toMatch(/CANARY-L[23]/);
    expect(second.wire.everything()).not.toContain("CANARY-L1");

    await olivia.person.getByRole("button", { name: /^Undo the link with/ }).click();
    for (const { person } of [olivia, adam]) {
      await person.getByRole("heading", { name: "Linked by hand" }).waitFor({ state: "detached" });
      await person.getByRole("button", { name: "Link with Lena Ahn", exact: true }).waitFor();
    }
    await olivia.person.getByText("What was linked before").click();
    await olivia.person.getByText("undid the link with Lena Ahn").waitFor();

    await olivia.person.getByRole("button", { name: "Lena Ahn is not the same person" }).click();
    await olivia.person
      .getByRole("button", { name: "Link with Lena Ahn", exact: true })
      .waitFor({ state: "detached" });
    await olivia.page.reload();
    await olivia.person.getByRole("button", { name: "Link with another visitor" }).waitFor();
    expect(await olivia.person.getByText("May be the same person").count()).toBe(0);
    for (const operator of [olivia, adam]) expect(operator.consoleErrors).toEqual([]);
    for (const visitor of [first, second]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([first, second, olivia, adam].map(({ context }) => context.close()));
  });
});

describe("somebody who is looked up", () => {
  test.each([
    ["on a screen", {}],
    ["on a phone in the dark", { ...PHONE, colorScheme: "dark" as const }],
  ])(
    "is found by how the name begins and linked by hand %s, without barriers",
    async (where, options) => {
      const tag = where.length;
      const long = `Bartholomew Featherstonehaugh-Cholmondeley von Hohenzollern ${tag}`;
      const rtl = `محمد عبد الرحمن ${tag}`;
      const one = await claimant({ name: long }, `CANARY-M1-${tag}`);
      const other = await claimant(
        { name: rtl, email: `a-rather-long-address-${tag}@a-very-long-domain-name.example.test` },
        `CANARY-M2-${tag}`,
      );
      const visitor = await one.idAfter(() => one.page.reload());
      const olivia = await Operator.signIn(browser, urls, "owner@demo.test", options);
      const { page } = olivia;
      await page.goto(`${urls.dashboardUrl}/visitors/${visitor}`);
      await page.getByRole("button", { name: "Link with another visitor" }).click();
      const dialog = page.getByRole("dialog", { name: "Link with another visitor" });
      await dialog.getByText("Type how a name, an address or a number begins.").waitFor();
      const field = dialog.getByRole("textbox");
      await field.fill("nobody is called that");
      await dialog.getByText("Nobody is known by that.").waitFor();
      const found = dialog.getByRole("button", { name: `Link with ${rtl}` });
      await expect
        .poll(
          async () => {
            await field.fill("");
            await field.fill(`عبد الرحمن ${tag}`);
            return found.waitFor({ timeout: 3_000 }).then(
              () => true,
              () => false,
            );
          },
          { timeout: 30_000 },
        )
        .toBe(true);
      expect(await findBarriers(page, "[role=dialog]")).toEqual([]);
      expect(await overhang(page)).toBe(0);
      await found.click();
      await dialog.waitFor({ state: "detached" });
      const linked = page.getByRole("list", { name: "Linked visitors" });
      await linked.getByRole("link", { name: rtl }).waitFor();
      await page.getByText("Together: 2 orders").waitFor();
      expect(await findBarriers(page, "[role=dialog]")).toEqual([]);
      expect(await overhang(page)).toBe(0);
      expect(olivia.consoleErrors).toEqual([]);
      await Promise.all([one, other, olivia].map(({ context }) => context.close()));
    },
  );
});
