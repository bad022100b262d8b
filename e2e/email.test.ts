import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, mailsTo, Operator } from "./people.ts";

const urls = { workerUrl: inject("workerUrl"), dashboardUrl: inject("dashboardUrl") };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const ADA = "ada.byron@corp.example";

/** Writes into the form of the development mailbox that a button belongs to. */
async function post(page: Page, form: string, text: string): Promise<void> {
  await page.locator(form).getByLabel("Text").fill(text);
  await page.locator(form).getByRole("button", { name: "Send" }).click();
  await page.getByText("The mail has arrived").waitFor();
}

test("somebody writes a mail, an operator answers it, and the answer to that is in the same conversation", async () => {
  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const context = await browser.newContext();
  const mailbox = await context.newPage();

  await mailbox.goto(`${urls.workerUrl}/dev/mailbox`);
  await mailbox.getByText("Write a mail to the demo workspace").click();
  await mailbox.getByLabel("From").fill(`Ada Byron <${ADA}>`);
  await mailbox.getByLabel("Subject").fill("Where is my teapot?");
  await post(mailbox, ".write form", "I ordered it on Monday.");

  const page = olivia.page;
  await page.goto(`${urls.dashboardUrl}/inbox`);
  await page.getByRole("link", { name: /Ada Byron/ }).click();
  const log = page.getByRole("log");
  await log.getByText("I ordered it on Monday.").waitFor();
  await log.getByText("Where is my teapot?").waitFor();
  await page.getByText(`By email to ${ADA}`).waitFor();
  await page.getByRole("textbox", { name: /Reply to/ }).fill("It left us today.");
  await page.keyboard.press("Enter");
  await log.getByText("Sent by email").waitFor();

  await expect
    .poll(async () => (await mailsTo(urls.workerUrl, ADA)).length, { timeout: 10_000 })
    .toBe(1);
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox?to=${ADA}`);
  await post(mailbox, "details[open] > form", "Thank you, it is lovely.");

  await log.getByText("Thank you, it is lovely.").waitFor();
  expect(await log.getByText("> It left us today.").count()).toBe(0);
  await log.getByRole("button", { name: "Show quoted text" }).click();
  await log.getByText("> It left us today.").waitFor();
  expect(await page.getByRole("link", { name: /Ada Byron/ }).count()).toBe(1);
  expect(await findBarriers(page)).toEqual([]);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    log.getByRole("link", { name: "Original" }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe("mail.eml");
  await context.close();
});
