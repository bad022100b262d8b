import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { ofTheShop, shop } from "./shopper.ts";
import { urls } from "./stage.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("two visitors and two operators: searched, seen, answered, transferred, answered again", async () => {
  const ann = await Visitor.arrive(browser, `${shop}?utm_source=newsletter&utm_medium=email`);
  const ben = await Visitor.arrive(browser, shop);
  const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
  const adam = await Operator.signIn(browser, urls, "agent@demo.test");

  // Ann searches for something the shop does not have, puts something else into the cart, and asks.
  await ann.page.goto(`${shop}search/?q=samovar`);
  await ofTheShop(ann)
    .getByText(/nothing found/i)
    .waitFor();
  await ann.page.goto(`${shop}category/kettles/`);
  await ofTheShop(ann).locator('a[href*="/demo/product/"]').first().click();
  await ofTheShop(ann)
    .getByRole("button", { name: /add to (cart|bag|basket)/i })
    .first()
    .click();
  await ann.openChat();
  await ann.write("Do you have a samovar?");
  await ann.sees("Do you have a samovar?");
  await ben.openChat();
  await ben.write("When do you open?");

  // Olivia sees who it is, where they came from, what they searched and what is in the cart.
  await olivia.openConversation("Do you have a samovar?");
  await olivia.person.getByText("samovar").first().waitFor();
  await olivia.person
    .getByText(/found nothing/i)
    .first()
    .waitFor();
  await olivia.person.getByText("newsletter / email").first().waitFor();
  await olivia.person.getByText(/€/).first().waitFor();
  await olivia.reply("Not yet, but a copper kettle comes close.");
  await ann.sees("Not yet, but a copper kettle comes close.");
  await olivia.log.getByText("Seen", { exact: true }).waitFor();

  // She hands over to Adam with a note that Ann never sees.
  await olivia.page.getByRole("button", { name: /^Assigned to/ }).click();
  await olivia.page.getByRole("button", { name: /Adam Finch/ }).click();
  await olivia.page
    .getByLabel("Note for your colleague")
    .fill("CANARY-transfer: promised a discount");
  await olivia.page.getByRole("button", { name: "Transfer" }).click();
  await adam.openConversation("Not yet, but a copper kettle comes close.");
  await adam.log.getByText("CANARY-transfer: promised a discount").waitFor();
  await adam.note("CANARY-note: ask the roaster");
  await adam.reply("Adam here. I will look for one.");
  await ann.sees("Adam here. I will look for one.");

  // The chat was open, so it is open on the next page, and the thread goes on.
  await ann.page.goto(shop);
  await ann.composer.waitFor();
  await ann.sees("Do you have a samovar?");
  await ann.sees("Adam here. I will look for one.");
  await ann.write("Thank you both");
  await adam.log.getByText("Thank you both").waitFor();

  // Ben's thread is his own.
  await olivia.openConversation("When do you open?");
  await olivia.reply("At nine.");
  await ben.sees("At nine.");
  expect(await ben.chat.getByText("samovar").count()).toBe(0);

  // No byte that Ann or Ben received knows of notes, and no page was broken.
  for (const visitor of [ann, ben]) {
    expect(visitor.wire.everything()).not.toContain("CANARY");
    expect(visitor.pageErrors).toEqual([]);
  }
  expect(ben.wire.everything()).not.toContain("samovar?");
  await Promise.all([ann, ben, olivia, adam].map((one) => one.context.close()));
});
