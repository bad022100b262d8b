import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { logIn, openChatInShop, shop, type Shopper } from "./shopper.ts";
import { urls } from "./stage.ts";

/** A ping, and the time in which its answer has to come. */
const SILENCE_IS_NOTICED_MS = 36_000;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const shopper = (name: string): Shopper => ({
  name,
  email: `${name.toLowerCase().replace(/\W/g, "")}@example.test`,
});

const close = ({ page }: Visitor) =>
  page.evaluate(() => {
    const { parley } = window as unknown as { parley: (call: string) => void };
    parley("close");
  });

const toList = ({ chat }: Visitor): Locator =>
  chat.getByRole("button", { name: /^All conversations/ });
const list = ({ chat }: Visitor): Locator =>
  chat.getByRole("region", { name: "Your conversations" });
const rows = (visitor: Visitor): Locator => list(visitor).getByRole("listitem");

/**
 * A person with two conversations, on two browsers that have proven who uses them: one was written on the computer, and
 * the newer one on the phone before they signed in there.
 */
async function onTwoDevices(name: string) {
  const computer = await Visitor.arrive(browser, shop);
  await logIn(computer, shopper(name));
  await openChatInShop(computer);
  await computer.write(`${name} from the computer`);
  await computer.sent();
  const phone = await Visitor.arrive(browser, `${shop}category/kettles/`, PHONE);
  await phone.openChat();
  await phone.write(`${name} from the phone`);
  await phone.sent();
  await logIn(phone, shopper(name));
  await openChatInShop(phone);
  await phone.sees(`${name} from the phone`);
  return { computer, phone };
}

describe("a person with two conversations on two devices", () => {
  test("reads the older one, writes in it, and what is read on one device is read on the other", async () => {
    const { computer, phone } = await onTwoDevices("Nora");
    await computer.sees("Nora from the phone");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("Nora from the phone");
    await olivia.note("CANARY: she is important");
    await olivia.reply("An answer to the phone");
    await computer.sees("An answer to the phone");

    // On the phone the chat is open at the newest; the list leads to the older one, whole.
    await phone.sees("An answer to the phone");
    await toList(phone).click();
    await expect.poll(() => rows(phone).count()).toBe(2);
    await rows(phone).first().getByText("An answer to the phone").waitFor();
    await rows(phone).nth(1).getByText("You: Nora from the computer").waitFor();
    await rows(phone).nth(1).click();
    await phone.sees("Nora from the computer");
    expect(await phone.chat.getByText("Nora from the phone").count()).toBe(0);
    await phone.write("One more thing about the older one");
    await phone.sent();
    // Writing there makes it the open one, here and on the computer.
    await computer.sees("One more thing about the older one");
    expect(await computer.chat.getByText("Nora from the phone").count()).toBe(0);

    // Both devices look elsewhere, and both conversations are answered.
    await Promise.all([close(computer), close(phone)]);
    await olivia.reply("Still there?");
    await expect
      .poll(() => computer.launcher.getAttribute("aria-label"))
      .toBe("Open chat, 1 unread");
    await olivia.page.goto(`${urls.dashboardUrl}/inbox`);
    await olivia.openConversation("One more thing");
    await olivia.reply("About the older one");
    for (const { launcher } of [computer, phone])
      await expect.poll(() => launcher.getAttribute("aria-label")).toBe("Open chat, 2 unread");

    // Opened on the phone, it shows the one that was answered last; the other one waits in the list.
    await phone.launcher.click();
    await phone.sees("About the older one");
    await expect
      .poll(() => computer.launcher.getAttribute("aria-label"))
      .toBe("Open chat, 1 unread");
    await phone.chat.getByRole("button", { name: "All conversations, 1 unread" }).click();
    await rows(phone).filter({ hasText: "Still there?" }).getByText("1 unread").waitFor();
    await rows(phone).filter({ hasText: "Still there?" }).click();
    await phone.sees("Still there?");
    await expect.poll(() => computer.launcher.getAttribute("aria-label")).toBe("Open chat");
    await toList(phone).click();
    await expect.poll(() => list(phone).getByText("unread").count()).toBe(0);

    expect(phone.wire.everything() + computer.wire.everything()).not.toContain("CANARY");
    for (const visitor of [computer, phone]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([computer, phone, olivia].map(({ context }) => context.close()));
  });

  test("reads a closed one, and writing in it opens it again; a draft stays where it was written", async () => {
    const { computer, phone } = await onTwoDevices("Ines");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("Ines from the computer");
    await olivia.page.getByRole("button", { name: "Close", exact: true }).click();
    await computer.composer.fill("A draft about the phone");
    await toList(computer).click();
    await rows(computer).filter({ hasText: "Closed" }).click();
    await computer.sees("This conversation is closed. Write to open it again.");
    expect(await computer.composer.inputValue()).toBe("");
    await computer.write("It is broken again");
    await computer.sent();
    await computer.chat.getByText("This conversation is closed").waitFor({ state: "hidden" });
    await phone.sees("It is broken again");
    await toList(computer).click();
    await rows(computer).nth(1).click();
    await expect.poll(() => computer.composer.inputValue()).toBe("A draft about the phone");
    await Promise.all([computer, phone, olivia].map(({ context }) => context.close()));
  });

  test("writes without a connection in the older one, and it arrives there", async () => {
    const { computer, phone } = await onTwoDevices("Ulla");
    await computer.sees("Ulla from the phone");
    await toList(computer).click();
    await rows(computer).nth(1).click();
    await computer.sees("Ulla from the computer");
    await computer.context.setOffline(true);
    await computer.write("Written on a train");
    await toList(computer).click();
    await list(computer).waitFor();
    await rows(computer).first().click();
    await computer.sees("Ulla from the phone");
    await computer.context.setOffline(false);
    await phone.sees("Written on a train");
    await phone.sees("Ulla from the computer");
    await Promise.all([computer, phone].map(({ context }) => context.close()));
  });
});

describe("the list", () => {
  test("is not there for somebody with one conversation, and none of it is loaded", async () => {
    const visitor = await Visitor.arrive(browser, shop);
    const loaded: string[] = [];
    visitor.page.on("request", (request) => loaded.push(request.url()));
    await visitor.openChat();
    await visitor.write("My only conversation");
    await visitor.sent();
    expect(await toList(visitor).count()).toBe(0);
    expect(loaded.filter((url) => url.includes("threads.js"))).toEqual([]);
    await visitor.context.close();
  });

  test.each([
    ["on a screen", {}],
    ["on a phone in the dark", { ...PHONE, colorScheme: "dark" as const }],
  ])("has no barriers and goes by the keyboard alone %s", async (where, options) => {
    const name = `Ada Wilhelmina Featherstonehaugh-Cholmondeley ${where}`;
    const { computer, phone } = await onTwoDevices(name);
    await Promise.all([computer, phone].map(({ context }) => context.close()));
    const visitor = await Visitor.arrive(browser, shop, options);
    await logIn(visitor, shopper(name));
    await openChatInShop(visitor);
    await visitor.sees(`${name} from the phone`);
    await toList(visitor).focus();
    await visitor.page.keyboard.press("Enter");
    await expect.poll(() => rows(visitor).count()).toBe(2);
    expect(await toList(visitor).getAttribute("aria-expanded")).toBe("true");
    expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
    const overhang = await list(visitor).evaluate((node) => node.scrollWidth - node.clientWidth);
    expect(overhang).toBe(0);
    await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.press("ArrowDown");
    await visitor.page.keyboard.press("ArrowDown");
    await visitor.page.keyboard.press("Enter");
    await visitor.sees(`${name} from the computer`);
    await list(visitor).waitFor({ state: "detached" });
    expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
    await visitor.page.keyboard.press("Escape");
    await visitor.chat.waitFor({ state: "hidden" });
    await visitor.context.close();
  });

  test("says that it did not load while there is no connection, and is there as soon as there is one", async () => {
    const { computer, phone } = await onTwoDevices("Olga");
    const { clock } = computer.page;
    await clock.install();
    await openChatInShop(computer);
    await toList(computer).click();
    await expect.poll(() => rows(computer).count()).toBe(2);
    await toList(computer).click();
    await computer.context.setOffline(true);
    await computer.page.evaluate(() => dispatchEvent(new Event("offline")));
    await toList(computer).click();
    // A socket that nothing comes through any more stays open until its silence is noticed.
    await clock.runFor(SILENCE_IS_NOTICED_MS);
    await list(computer).getByText("did not load").waitFor();
    await list(computer).getByRole("button", { name: "Try again" }).waitFor();
    await computer.context.setOffline(false);
    await expect.poll(() => rows(computer).count(), { timeout: 60_000 }).toBe(2);
    await list(computer).getByText("did not load").waitFor({ state: "hidden" });
    await Promise.all([computer, phone].map(({ context }) => context.close()));
  });

  test("runs from right to left in Arabic", async () => {
    const { computer, phone } = await onTwoDevices("Rima");
    await close(computer);
    await computer.page.goto(shop);
    await computer.page.evaluate(() => {
      document.documentElement.lang = "ar";
    });
    await computer.launcher.click();
    await computer.composer.waitFor();
    await computer.chat.getByRole("button", { name: "كل المحادثات" }).click();
    const region = computer.chat.getByRole("region", { name: "محادثاتك" });
    const row = region.getByRole("listitem").nth(1);
    const [face, time] = [row.locator(".face"), row.locator("time")];
    await region.getByText("من قبل تسجيل دخولك").waitFor();
    const left = async (part: Locator) => (await part.boundingBox())?.x ?? 0;
    expect(await left(time)).toBeLessThan(await left(face));
    expect(await region.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
    expect(await findBarriers(computer.page, "parley-widget")).toEqual([]);
    await Promise.all([computer, phone].map(({ context }) => context.close()));
  });
});
