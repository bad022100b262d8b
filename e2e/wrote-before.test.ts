import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { codesFor, launchBrowser, mailsTo, newCode, Operator, Visitor } from "./people.ts";
import { shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Somebody writes a mail to the demo workspace, and their mail server vouches for it. */
async function writeMail(name: string, address: string, text: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${urls.workerUrl}/dev/mailbox`);
  await page.getByText("Write a mail to the demo workspace").click();
  await page.getByLabel("From").fill(`${name} <${address}>`);
  await page.getByLabel("Subject").fill("A question");
  await page.locator(".write form").getByLabel("Text").fill(text);
  await page.locator(".write form").getByRole("button", { name: "Send" }).click();
  await page.getByText("The mail has arrived").waitFor();
  await page.close();
}

const codeField = ({ chat }: Visitor) => chat.getByLabel("6-digit code");

async function openForm(visitor: Visitor): Promise<void> {
  await visitor.launcher.click();
  await visitor.chat.getByRole("button", { name: "I wrote before" }).click();
}

async function askFor(visitor: Visitor, address: string): Promise<void> {
  await visitor.chat.getByLabel("Email address").fill(address);
  await visitor.page.keyboard.press("Enter");
  await codeField(visitor).waitFor();
}

async function tryCode(visitor: Visitor, code: string): Promise<void> {
  await codeField(visitor).fill(code);
  await visitor.page.keyboard.press("Enter");
}

describe("somebody who wrote by mail", () => {
  test("finds the thread in a browser of theirs with a code and goes on; nobody else finds anything", async () => {
    const address = "ada.lovelace@corp.example";
    await writeMail("Ada Lovelace", address, "CANARY-1: where is my teapot?");
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.page.goto(`${urls.dashboardUrl}/inbox`);
    await olivia.page.getByRole("link", { name: /Ada Lovelace/ }).click();
    await olivia.log.getByText("CANARY-1").waitFor();
    await olivia.reply("CANARY-2: it left us today.");
    await olivia.log.getByText("Sent by email").waitFor();

    const eve = await Visitor.arrive(browser, shop);
    await openForm(eve);
    await askFor(eve, address);
    const evesCode = await newCode(urls.workerUrl, address, 0);

    const ada = await Visitor.arrive(browser, shop);
    const tab = ada.inTab(await ada.context.newPage());
    await tab.page.goto(shop);
    await tab.openChat();
    await openForm(ada);
    await askFor(ada, "ada.lovelace@corp");
    await ada.chat.getByRole("button", { name: "Another address" }).click();
    await askFor(ada, ` Ada.Lovelace@corp.example `);
    const code = await newCode(urls.workerUrl, address, 1);

    // Neither a guess nor the code of another browser shows anything.
    await tryCode(ada, evesCode === "000000" ? "000001" : "000000");
    await ada.chat.getByRole("alert").getByText("This code is not right.").waitFor();
    await tryCode(ada, evesCode);
    await tryCode(eve, code);
    await eve.chat.getByRole("alert").getByText("This code is not right.").waitFor();
    expect(ada.wire.everything()).not.toContain("CANARY");

    await tryCode(ada, ` ${code.slice(0, 3)} ${code.slice(3)}`);
    await ada.sees("CANARY-1: where is my teapot?");
    await ada.sees("CANARY-2: it left us today.");
    await tab.sees("CANARY-2: it left us today.");
    expect(await ada.chat.getByRole("button", { name: "I wrote before" }).count()).toBe(0);
    await ada.write("CANARY-3: thank you, I am on the site now");
    await olivia.log.getByText("CANARY-3").waitFor();
    await olivia.person.getByText("Verified", { exact: true }).first().waitFor();

    await ada.page.reload();
    await ada.sees("CANARY-3: thank you, I am on the site now");
    expect(eve.wire.everything()).not.toContain("CANARY");
    for (const visitor of [ada, tab, eve]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([ada, eve, olivia].map(({ context }) => context.close()));
  });

  test("whose address nobody knows is told the same, and no mail goes there", async () => {
    const visitor = await Visitor.arrive(browser, shop);
    await openForm(visitor);
    await askFor(visitor, "nobody@corp.example");
    await visitor.sees(/If you wrote to us from .*nobody@corp\.example.*, a code is on its way/);
    await tryCode(visitor, "123456");
    await visitor.chat.getByRole("alert").getByText("This code is not right.").waitFor();
    // A mail that is asked for later has come, so this one would have.
    await writeMail("Bea", "bea@corp.example", "Hello");
    const bea = await Visitor.arrive(browser, shop);
    await openForm(bea);
    await askFor(bea, "bea@corp.example");
    await newCode(urls.workerUrl, "bea@corp.example", 0);
    expect(await codesFor(urls.workerUrl, "nobody@corp.example")).toEqual([]);
    expect(await mailsTo(urls.workerUrl, "nobody@corp.example")).toEqual([]);
    // Looking for the mail took the page away: it goes on with the code.
    await bea.page.reload();
    await bea.chat.getByRole("button", { name: "I wrote before" }).click();
    await codeField(bea).waitFor();
    await Promise.all([visitor, bea].map(({ context }) => context.close()));
  });

  test("is told when there is no connection, and can go back to a chat that still has what they wrote", async () => {
    const visitor = await Visitor.arrive(browser, shop);
    await visitor.openChat();
    await visitor.composer.fill("A draft");
    await visitor.chat.getByRole("button", { name: "I wrote before" }).click();
    await visitor.chat.getByLabel("Email address").fill("no address");
    await visitor.page.keyboard.press("Enter");
    await visitor.chat.getByRole("alert").getByText("This is not an email address.").waitFor();
    await visitor.context.setOffline(true);
    await visitor.chat.getByLabel("Email address").fill("carl@corp.example");
    await visitor.page.keyboard.press("Enter");
    await visitor.chat.getByRole("alert").getByText("That did not work.").waitFor();
    await visitor.context.setOffline(false);
    await visitor.chat.getByRole("button", { name: "Back" }).click();
    expect(await visitor.composer.inputValue()).toBe("A draft");
    await visitor.context.close();
  });
});

test.each([
  ["on a screen", {}],
  ["in the dark", { colorScheme: "dark" as const }],
  ["on a phone", PHONE],
  ["in a language from the right", { locale: "ar" }],
])("the form has no barriers %s", async (_, options) => {
  const visitor = await Visitor.arrive(browser, shop, options);
  const words =
    "locale" in options
      ? { wrote: "سبق أن كتبت إليكم", address: "عنوان البريد الإلكتروني", code: "رمز من ستة أرقام" }
      : { wrote: "I wrote before", address: "Email address", code: "6-digit code" };
  if ("locale" in options) {
    await visitor.page.evaluate(() => {
      document.documentElement.lang = "ar";
    });
  }
  await visitor.launcher.click();
  await visitor.chat.getByRole("button", { name: words.wrote }).waitFor();
  expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
  await visitor.chat.getByRole("button", { name: words.wrote }).focus();
  await visitor.page.keyboard.press("Enter");
  const address = visitor.chat.getByLabel(words.address);
  await address.waitFor();
  expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
  await address.fill("dora@corp.example");
  await visitor.page.keyboard.press("Enter");
  const code = visitor.chat.getByLabel(words.code);
  await code.fill("12");
  await visitor.page.keyboard.press("Enter");
  await visitor.chat.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  expect(await code.getAttribute("aria-invalid")).toBe("true");
  expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
  const overhang = await visitor.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overhang).toBe(0);
  await visitor.context.close();
});
