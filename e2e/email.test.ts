import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, mailsTo, Operator } from "./people.ts";
import { urls } from "./stage.ts";

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

  // Whoever cannot be told is not believed, until somebody who knows them says so.
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox?to=${ADA}`);
  await mailbox
    .locator("details[open] > form")
    .getByLabel(/vouches/)
    .uncheck();
  await post(mailbox, "details[open] > form", "And where is the lid?");
  await log.getByText("The sender is not verified").waitFor();
  await log.getByRole("button", { name: "Accept" }).click();
  await log.getByText("Accepted by Olivia Marsh.").waitFor();
  expect(await log.getByText("The sender is not verified").count()).toBe(0);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    log.getByRole("link", { name: "Download the mail" }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe("mail.eml");
  await context.close();
});

test("a mail that comes back is shown so, and its address gets no more until somebody sends anyway", async () => {
  const address = "boole@corp.example";
  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const context = await browser.newContext();
  const mailbox = await context.newPage();
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox`);
  await mailbox.getByText("Write a mail to the demo workspace").click();
  await mailbox.getByLabel("From").fill(`George Boole <${address}>`);
  await post(mailbox, ".write form", "Do you sell kettles?");

  const { page } = olivia;
  await page.goto(`${urls.dashboardUrl}/inbox`);
  await page.getByRole("link", { name: /George Boole/ }).click();
  const log = page.getByRole("log");
  await page.getByRole("textbox", { name: /Reply to/ }).fill("We do.");
  await page.getByRole("button", { name: "Another subject" }).click();
  await page.getByRole("textbox", { name: "Subject" }).fill("Our kettles");
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await log.getByText("Sent by email").waitFor();
  await log.getByText("Our kettles").waitFor();
  expect((await mailsTo(urls.workerUrl, address))[0]).toMatchObject({ subject: "Our kettles" });
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox?to=${address}`);
  await mailbox.getByRole("button", { name: "It comes back" }).click();
  await mailbox.getByText("The mail server has said so").waitFor();
  await log.getByText("Not delivered by email. It came back.").waitFor();

  await page.goto(`${urls.dashboardUrl}/settings/email`);
  await page.getByText(address).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.goBack();
  await log.getByRole("button", { name: "Send anyway" }).click();
  await log.getByText("Sent by email").waitFor();
  await page.goto(`${urls.dashboardUrl}/settings/email`);
  await page.getByText("None so far.").waitFor();
  await context.close();
});

test("a workspace sends from an address of its own once its domain is set", async () => {
  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const { page } = olivia;
  await page.goto(`${urls.dashboardUrl}/settings/email`);
  await page.getByLabel("Address", { exact: true }).fill("hello@kettle.example");
  await page.getByLabel("Domain for answers").fill("kettle.example");
  await page.getByText("Take a subdomain of it.").waitFor();
  await page.getByLabel("Domain for answers").fill("reply.kettle.example");
  await page.getByRole("button", { name: "Save" }).click();
  const sending = page.getByRole("region", { name: "To send from hello@kettle.example" });
  await sending.getByText("_parley.kettle.example").waitFor();
  await page.getByRole("button", { name: "Check now" }).click();
  await sending.getByText("In use").waitFor();
  await page.getByText("Not used yet: no mail has arrived there.").waitFor();
  expect(await findBarriers(page)).toEqual([]);

  const proof = await page.getByText(/^v1\./).innerText();
  const context = await browser.newContext();
  const mailbox = await context.newPage();
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox`);
  await mailbox.getByText("Write a mail to the demo workspace").click();
  await mailbox.getByLabel("To", { exact: true }).fill(proof);
  await post(mailbox, ".write form", "It works.");
  await page.getByRole("button", { name: "Check now" }).click();
  const answers = page.getByRole("region", { name: "For answers to reply.kettle.example" });
  await answers.getByText("In use").waitFor();
  await page.getByText("inbox.demo@reply.kettle.example").waitFor();
  for (const label of ["Address", "Domain for answers"])
    await page.getByLabel(label, { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("inbox.demo@reply.parley.test").waitFor();
  await context.close();
});
