import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assign } from "../domain/triggers/assignment.ts";
import { asId, type VisitorId } from "../protocol/ids.ts";
import type { PersonCard } from "../protocol/person.ts";
import type { FigurePeople, TriggerDetail, TriggerFigures } from "../protocol/triggers-api.ts";
import { findBarriers } from "./accessibility.ts";
import { setClock } from "./clock.ts";
import {
  buildCartLeftSegment,
  choose,
  fillPopup,
  holdOut,
  newTrigger,
  pauseAll,
  switchOn,
} from "./marketer.ts";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { ofTheShop, shop } from "./shopper.ts";
import { urls } from "./stage.ts";

/** The product speaks first: what a marketer makes in the dashboard, visitors walk into, and operators go on with. */

const CART_LEFT = "Kettle left behind";
const HEADING = "Your kettle is still warm";
const HALF_AN_HOUR_MS = 31 * 60_000;

let browser: Browser;
let olivia: Operator;
/** What the first test makes, and the others look at. */
let segment = "";
let cartLeft = "";

beforeAll(async () => {
  browser = await launchBrowser();
  olivia = await Operator.signIn(browser, urls, "owner@demo.test");
});

afterAll(async () => {
  // The product goes on for other tests: at its own time, and saying nothing by itself.
  await setClock(urls.workerUrl, { offsetMs: 0 });
  await pauseAll(olivia.page, urls.dashboardUrl);
  await browser.close();
});

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await olivia.page.request.get(`${urls.dashboardUrl}${path}`);
  expect([path, answer.status()]).toEqual([path, 200]);
  return answer.json();
}

const figures = (trigger: string): Promise<TriggerFigures> =>
  ask(`/api/triggers/${trigger}/figures?days=30`);

/** Whom the trigger would hold out is drawn from their id: somebody arrives of whom this is so, or is not so. */
async function arriveAs(wanted: "sent" | "heldOut"): Promise<{ visitor: Visitor; id: VisitorId }> {
  const { versions } = await ask<TriggerDetail>(`/api/triggers/${cartLeft}`);
  const [version] = versions;
  if (version === undefined) throw new Error("the trigger is not live");
  const live = { ...version, id: asId("trg", cartLeft), liveAt: 0, sinceVersion: 1 };
  for (;;) {
    const visitor = await Visitor.arrive(browser, "about:blank");
    const id = await visitor.idAfter(() => visitor.page.goto(shop));
    if (assign(id, live, null).isHeldOut === (wanted === "heldOut")) return { visitor, id };
    await visitor.context.close();
  }
}

/** Somebody looks at two products and leaves with the dearer one in the cart, of which the product has heard. */
async function leaveCart(visitor: Visitor, id: VisitorId): Promise<void> {
  const { page } = visitor;
  // Who leaves a page before the widget has begun was not there.
  await visitor.idAfter(() => page.goto(`${shop}product/morning-assam/`));
  await page.goto(`${shop}product/harbour-kettle/`);
  await ofTheShop(visitor).getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /cart, 1 item/i }).waitFor();
  await page.goto("about:blank");
  await expect
    .poll(() => ask<PersonCard>(`/api/visitors/${id}`), { timeout: 10_000 })
    .toMatchObject({ cart: { totalMinor: 6_400 } });
}

async function order(visitor: Visitor, name: string): Promise<void> {
  await visitor.page.goto(`${shop}checkout/`);
  const page = ofTheShop(visitor);
  await page
    .getByLabel("Email", { exact: true })
    .fill(`${name.split(" ")[0]?.toLowerCase()}@example.test`);
  await page.getByLabel("Full name").fill(name);
  await page.getByLabel("Street and number").fill("Quay 1");
  await page.getByLabel("Postcode").fill("20457");
  await page.getByLabel("Town or city").fill("Hamburg");
  await page.locator("[data-checkout]").getByRole("button").last().click();
  await page.getByRole("link", { name: "Back to the shop" }).waitFor();
}

test("a template that asks for what nobody has is refused with words, and nothing that was written is lost", async () => {
  const { page } = olivia;
  segment = "Looked twice, left a full cart";
  await buildCartLeftSegment(page, urls.dashboardUrl, segment);
  await newTrigger(page, urls.dashboardUrl, CART_LEFT);
  await page.getByLabel("What starts it").selectOption("enter");
  await choose(page, "Segment", segment);
  await fillPopup(page, {
    place: "centre",
    heading: HEADING,
    text: "Is it the {{ cart.kettle }}?",
  });
  await page.getByLabel("Show a product").check();
  await page.getByLabel("Which product").selectOption("cart");
  await page.getByLabel("Price for this person").selectOption("percent");
  await page.getByLabel("Discount in percent").fill("10");
  await page.getByLabel("Code", { exact: true }).selectOption("personal");
  await page.getByLabel("What codes begin with").fill("TEA10");
  await page.getByLabel("Whether it has a goal").selectOption("event");
  await holdOut(page, 50);
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("There is no “cart.kettle”").waitFor();
  await page
    .getByLabel("Text", { exact: true })
    .fill('Hello {{ person.first_name | default: "there" }}, is it the {{ cart.first }}?');
  cartLeft = await switchOn(page);
});

test("a cart is left, greeted with a pop-up, asked about, answered, and bought with the code in it", async () => {
  const { visitor: ann, id: annsId } = await arriveAs("sent");
  const { visitor: ben, id: bensId } = await arriveAs("heldOut");
  await leaveCart(ann, annsId);
  await leaveCart(ben, bensId);
  await setClock(urls.workerUrl, { advanceMs: HALF_AN_HOUR_MS });

  // Ann comes back, and is greeted with what she left.
  await ann.page.goto(`${shop}category/kettles/`);
  await ann.popup.getByText(HEADING).waitFor();
  await ann.popup.getByText("Hello there, is it the Harbour Kettle?").waitFor();
  await ann.popup.getByText("€57.60").last().waitFor();
  const code = await ann.popup.locator("code").innerText();
  expect(code).toMatch(/^TEA10-[0-9A-Z]{8}$/);

  // She asks in the pop-up; the operator sees what she answers, and the answer appears there.
  await ann.popup.getByRole("textbox").fill("Does it whistle?");
  await ann.popup.getByRole("textbox").press("Enter");
  await olivia.page.goto(urls.dashboardUrl);
  await olivia.openConversation("Does it whistle?");
  await olivia.log.getByText(HEADING).waitFor();
  await olivia.log.getByText(`Answers the pop-up ‘${CART_LEFT}’ · variant A`).waitFor();
  await olivia.reply("On two notes, and you can lift the whistle away.");
  await ann.popup.getByText("On two notes, and you can lift the whistle away.").waitFor();

  // The thread goes on in the chat after it closes, on the next page, and in the other tab.
  await ann.page.keyboard.press("Escape");
  await ann.popup.waitFor({ state: "detached" });
  await ann.openChat();
  await ann.sees(HEADING);
  await ann.sees("On two notes, and you can lift the whistle away.");
  await ann.page.goto(`${shop}product/harbour-kettle/`);
  await ann.sees("On two notes, and you can lift the whistle away.");
  const other = ann.inTab(await ann.context.newPage());
  await other.page.goto(shop);
  await other.openChat();
  await other.sees("Does it whistle?");
  expect(await other.popup.count()).toBe(0);
  await ann.write("Then I take it");
  await other.sees("Then I take it");
  await olivia.log.getByText("Then I take it").waitFor();

  // She buys with the code that is hers.
  await ann.composer.press("Escape");
  await ann.page.goto(`${shop}cart/`);
  await ofTheShop(ann).getByLabel("Code", { exact: true }).fill(code);
  await ofTheShop(ann).getByRole("button", { name: "Use the code" }).click();
  await ann.page.getByText("The code is used: 10 % off.").waitFor();
  await order(ann, "Ann Teal");

  // Ben comes back to the same shop, and nothing speaks to him; he buys for the full price.
  await ben.page.goto(`${shop}category/kettles/`);
  await ben.openChat();
  await expect.poll(async () => (await figures(cartLeft)).heldOut.people).toBe(1);
  expect(await ben.popup.count()).toBe(0);
  expect(ben.wire.everything()).not.toContain(HEADING);
  await order(ben, "Ben Moss");
  for (const { pageErrors } of [ann, ben]) expect(pageErrors).toEqual([]);

  // The figures tell just that.
  await expect
    .poll(
      async () => {
        const { variants, heldOut } = await figures(cartLeft);
        return [variants[0]?.goalPeople, heldOut.goalPeople];
      },
      { timeout: 20_000 },
    )
    .toEqual([1, 1]);
  const told = await figures(cartLeft);
  expect(told).toMatchObject({ eligible: 2, heldOut: { deliveries: 1, people: 1 }, skipped: [] });
  expect(told.variants).toMatchObject([
    { sent: 1, people: 1, seen: 1, answered: 1, closed: 1, goal: 1 },
  ]);
  await Promise.all([ann, ben].map(({ context }) => context.close()));
});

test("figures and funnel show just that, and every number opens the people behind it", async () => {
  const { page } = olivia;
  // Lists are asked for once: they are to be complete by then.
  for (const [figure, name] of [
    ["goal&variant=a", "Ann Teal"],
    ["held_out", "Ben Moss"],
  ])
    await expect
      .poll(
        async () => {
          const path = `/api/triggers/${cartLeft}/people?figure=${figure}`;
          return (await ask<FigurePeople>(path)).people.map((one) => one.name);
        },
        { timeout: 20_000 },
      )
      .toEqual([name]);
  await page.goto(`${urls.dashboardUrl}/triggers`);
  await page.getByRole("link", { name: CART_LEFT }).first().click();
  await page.goto(`${urls.dashboardUrl}/triggers/${cartLeft}/figures`);
  const table = page.getByRole("region", { name: "Variants" }).getByRole("row");
  const treated = table.filter({ hasText: "Variant A" });
  await treated.getByText("€57.60").waitFor();
  await table.filter({ hasText: "Held out" }).getByText("€64.00").waitFor();
  await page
    .getByText(/too early|too few/i)
    .first()
    .waitFor();
  await treated.getByRole("button").last().click();
  const people = page.getByRole("dialog", { name: "Variant A, goal" });
  await people.getByText("Ann Teal").waitFor();
  expect(await people.getByText("Ben Moss").count()).toBe(0);
  await page.keyboard.press("Escape");
  await table.filter({ hasText: "Held out" }).getByRole("button").first().click();
  await page.getByRole("dialog", { name: "Held out" }).getByText("Ben Moss").waitFor();
  await page.keyboard.press("Escape");

  // Both have bought once, and are in no earlier stage any more.
  await page.goto(`${urls.dashboardUrl}/segments/funnel`);
  await page.getByRole("link", { name: /^Bought once/ }).click();
  await page.getByRole("link", { name: /Ann Teal/ }).waitFor();
  await page.getByRole("link", { name: /Ben Moss/ }).waitFor();
  await page.goto(`${urls.dashboardUrl}/segments/funnel`);
  await page.getByRole("link", { name: /^Cart left/ }).click();
  await page.getByRole("heading", { name: "Cart left" }).waitFor();
  const who = page.getByRole("link", { name: /Ann Teal|Ben Moss/ });
  await expect
    .poll(
      async () => {
        await page.reload({ waitUntil: "networkidle" });
        return who.count();
      },
      { timeout: 15_000, interval: 1_000 },
    )
    .toBe(0);
});

test.each([
  ["desktop, light", { viewport: { width: 1440, height: 900 }, colorScheme: "light" }],
  ["desktop, dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }],
  ["phone, light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
] as const)(
  "axe finds no barrier where triggers and segments are made and measured: %s",
  async (_, context) => {
    const { segments } = await ask<{ segments: { id: string; name: string }[] }>("/api/segments");
    const made = segments.find(({ name }) => name === segment)?.id;
    const { context: opened, page } = await Operator.signIn(
      browser,
      urls,
      "owner@demo.test",
      context,
    );
    for (const path of [
      "/segments",
      "/segments/funnel",
      `/segments/${made}`,
      `/segments/${made}/edit`,
      "/triggers",
      "/triggers/new",
      `/triggers/${cartLeft}`,
      `/triggers/${cartLeft}/figures`,
      "/settings/automatic",
    ]) {
      await page.goto(`${urls.dashboardUrl}${path}`);
      await page.waitForLoadState("networkidle");
      expect([path, await findBarriers(page)]).toEqual([path, []]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([path, overflow]).toEqual([path, 0]);
    }
    await opened.close();
  },
);
