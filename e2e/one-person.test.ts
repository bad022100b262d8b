import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setClock } from "./clock.ts";
import { launchBrowser, mailsTo, newCode, Operator, Visitor } from "./people.ts";
import { logIn, openChatInShop, shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** Longer than an operator may pause before a mail goes to somebody who is not there. */
const A_MINUTE_MS = 60_000;
const IDA = "ida.rhodes@example.test";
const SHOPPER = { name: "Ida Rhodes", email: IDA };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await setClock(urls.workerUrl, { offsetMs: 0 });
  await browser.close();
});

/** Answers the newest mail from the development mailbox, as the person's mail client would. */
async function answerTheMail(text: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${urls.workerUrl}/dev/mailbox?to=${IDA}`);
  await page.locator("details[open] > form").getByLabel("Text").fill(text);
  await page.locator("details[open] > form").getByRole("button", { name: "Send" }).click();
  await page.getByText("The mail has arrived").waitFor();
  await page.close();
}

test("a person starts on a computer, goes on by phone, by mail and in a browser without a login: one thread, and only theirs", async () => {
  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const computer = await Visitor.arrive(browser, shop);
  await computer.openChat();
  await computer.write("CANARY-1: does the teapot fit four cups?");
  await computer.sent();
  await logIn(computer, SHOPPER);

  const phone = await Visitor.arrive(browser, shop, PHONE);
  await logIn(phone, SHOPPER);
  await openChatInShop(phone);
  await phone.sees("CANARY-1: does the teapot fit four cups?");
  await phone.write("CANARY-2: on my phone now");
  await olivia.openConversation("CANARY-2: on my phone now");
  await olivia.reply("CANARY-3: it holds a litre.");
  await phone.sees("CANARY-3: it holds a litre.");
  await Promise.all([computer, phone].map(({ page }) => page.goto("about:blank")));

  await olivia.reply("CANARY-4: so four cups it is.");
  await olivia.hasSent("CANARY-4: so four cups it is.");
  await setClock(urls.workerUrl, { advanceMs: A_MINUTE_MS });
  await expect
    .poll(async () => (await mailsTo(urls.workerUrl, IDA)).map(({ text }) => text), {
      timeout: 20_000,
    })
    .toEqual([expect.stringContaining("CANARY-4: so four cups it is.")]);
  await answerTheMail("CANARY-5: then I take it");
  await olivia.log.getByText("CANARY-5: then I take it").waitFor();

  const claimant = await Visitor.arrive(browser, shop);
  await claimant.page.evaluate((email) => {
    const { parley } = window as unknown as { parley: (...call: unknown[]) => void };
    parley("identify", `shopper:${email}`, { email });
  }, IDA);
  await openChatInShop(claimant);
  await claimant.write("Show me what I wrote");
  await claimant.sent();

  const elsewhere = await Visitor.arrive(browser, shop);
  await elsewhere.launcher.click();
  await elsewhere.chat.getByRole("button", { name: "I wrote before" }).click();
  await elsewhere.chat.getByLabel("Email address").fill(IDA);
  await elsewhere.page.keyboard.press("Enter");
  await elsewhere.chat.getByLabel("6-digit code").fill(await newCode(urls.workerUrl, IDA, 0));
  await elsewhere.page.keyboard.press("Enter");
  for (const text of [
    "CANARY-1: does the teapot fit four cups?",
    "CANARY-2: on my phone now",
    "CANARY-3: it holds a litre.",
    "CANARY-4: so four cups it is.",
    "CANARY-5: then I take it",
  ]) {
    await elsewhere.sees(text);
    await olivia.log.getByText(text).waitFor();
  }
  await elsewhere.write("CANARY-6: and a kettle");
  await olivia.log.getByText("CANARY-6: and a kettle").waitFor();
  await openChatInShop(phone);
  await phone.sees("CANARY-6: and a kettle");

  expect(await olivia.row("Ida Rhodes").count()).toBe(1);
  expect(claimant.wire.everything()).not.toContain("CANARY");
  for (const { pageErrors } of [computer, phone, claimant, elsewhere])
    expect(pageErrors).toEqual([]);
  await Promise.all(
    [computer, phone, claimant, elsewhere, olivia].map(({ context }) => context.close()),
  );
});
