import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TeamAvailability } from "../protocol/operators.ts";
import { findBarriers } from "./accessibility.ts";
import { setClock } from "./clock.ts";
import { launchBrowser, mailsTo, Operator, Visitor } from "./people.ts";
import { shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const ADDRESS = "grace.hopper@corp.example";
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await setClock(urls.workerUrl, { offsetMs: 0 });
  await browser.close();
});

async function isSomebodyThere(): Promise<boolean> {
  const answer = await fetch(`${urls.workerUrl}/v1/team?key=pk_demo`);
  return ((await answer.json()) as TeamAvailability).isOnline; // our own server's word
}

/** The newest mail, once there are so many. */
async function mail(count: number): Promise<string> {
  await expect
    .poll(async () => (await mailsTo(urls.workerUrl, ADDRESS)).length, { timeout: 20_000 })
    .toBe(count);
  return (await mailsTo(urls.workerUrl, ADDRESS))[0]?.text ?? "";
}

test("whoever nobody answers leaves an address, gets the answer there, answers by mail, and proves it with the code", async () => {
  await expect.poll(isSomebodyThere, { timeout: 30_000 }).toBe(false);
  const grace = await Visitor.arrive(browser, shop);
  await grace.openChat();
  await grace.write("CANARY: is the kettle in stock?");
  const field = grace.chat.getByLabel("Email address");
  await field.waitFor();
  expect(await findBarriers(grace.page)).toEqual([]);
  await field.fill("grace@corp");
  await field.press("Enter");
  await grace.chat.getByRole("alert").getByText("This is not an email address.").waitFor();
  await field.fill(` ${ADDRESS} `);
  await grace.chat.getByRole("button", { name: "Save" }).click();
  await grace.sees(/We will answer here and at .*grace\.hopper@corp\.example/);
  // It is kept with the person, and not asked again.
  await grace.page.reload();
  await grace.sees(/We will answer here and at/);
  await grace.page.goto("about:blank");

  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  await olivia.page.goto(`${urls.dashboardUrl}/inbox`);
  await olivia.openConversation("CANARY: is the kettle in stock?");
  await olivia.page.getByText(`If not read, by email (not verified) to ${ADDRESS}`).waitFor();
  await olivia.person.getByText("Claimed, not verified").waitFor();
  await olivia.reply("Yes, twelve of them.");
  await olivia.hasSent("Yes, twelve of them.");
  await setClock(urls.workerUrl, { advanceMs: 31_000 });
  await olivia.log.getByText("Not read in the chat: sent by email").waitFor();
  const first = await mail(1);
  expect(first).toContain("Yes, twelve of them.");
  expect(first).not.toContain("CANARY");
  const code = /\n(\d{6})\n/.exec(first)?.[1] ?? "";

  const mailbox = await olivia.context.newPage();
  await mailbox.goto(`${urls.workerUrl}/dev/mailbox?to=${ADDRESS}`);
  const form = mailbox.locator("details[open] > form");
  await form.getByLabel("Text").fill("Then I take one.");
  await form.getByRole("button", { name: "Send" }).click();
  await mailbox.getByText("The mail has arrived").waitFor();
  await olivia.log.getByText("Then I take one.").waitFor();

  await grace.page.goto(shop);
  await grace.sees("Yes, twelve of them.");
  await grace.sees("Then I take one.");
  const codeField = grace.chat.getByLabel("6-digit code");
  await codeField.fill(code === "000000" ? "000001" : "000000");
  await codeField.press("Enter");
  await grace.chat.getByRole("alert").getByText("This code is not right.").waitFor();
  await codeField.fill(code);
  await codeField.press("Enter");
  await grace.sees(/We answer here and at/);
  await olivia.person.getByText("Verified", { exact: true }).waitFor();
  await olivia.page.getByText(`If not read, by email to ${ADDRESS}`, { exact: true }).waitFor();

  await grace.chat.getByLabel("Send me everything by email").check();
  await olivia.page.getByText(`By email, too, to ${ADDRESS}`).waitFor();
  await olivia.person.getByText("Gets everything by email").waitFor();
  expect(await findBarriers(grace.page)).toEqual([]);
  await olivia.reply("It leaves us tomorrow.");
  await grace.sees("It leaves us tomorrow.");
  await setClock(urls.workerUrl, { advanceMs: 121_000 });
  const everything = await mail(2);
  expect(everything).toContain("It leaves us tomorrow.");
  const link = /https?:\/\/\S+\/mails\/stop\/\S+/.exec(everything)?.[0] ?? "";
  await mailbox.goto(link);
  await mailbox.getByRole("button", { name: "Stop it" }).click();
  await mailbox.getByRole("heading", { name: "Done" }).waitFor();
  await grace.chat
    .getByLabel("Send me everything by email")
    .and(grace.page.locator(":not(:checked)"))
    .waitFor();
  expect(grace.pageErrors).toEqual([]);
  await Promise.all([grace, olivia].map(({ context }) => context.close()));
});
