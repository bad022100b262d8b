import type { APIResponse, Locator, Page } from "playwright-core";
import type { TriggerDefinition } from "../protocol/triggers.ts";

/** What a marketer does in the dashboard to make triggers, field by field as they read on the screen. */

/** Adds a condition by its words in the list; resolves to its row. */
export async function addCondition(page: Page, words: string): Promise<Locator> {
  const rows = page.getByRole("group", { name: "Conditions" }).locator("[data-row]");
  const before = await rows.count();
  await page.getByRole("button", { name: "Add a condition" }).last().click();
  await page.getByLabel("Find a condition").fill(words);
  await page.getByRole("option", { name: words, exact: true }).click();
  const row = rows.nth(before);
  await row.waitFor();
  return row;
}

/** Chooses one of many things that are found by typing, such as an event or a segment. */
export async function choose(within: Locator | Page, label: string, words: string): Promise<void> {
  const field = within.getByRole("combobox", { name: label, exact: true });
  await field.fill(words);
  const page = "page" in within ? within.page() : within;
  await page.getByRole("option", { name: words }).filter({ visible: true }).first().click();
}

/** A condition on an event, whichever events the workspace knows already. */
export async function addEvent(page: Page, words: string): Promise<Locator> {
  const row = await addCondition(page, "Another event");
  await choose(row, "Event", words);
  return row;
}

/** "Looked at a product twice, cart over 50 EUR left for half an hour, no order since": saved, with its id. */
export async function buildCartLeftSegment(
  page: Page,
  dashboardUrl: string,
  name: string,
): Promise<string> {
  await page.goto(`${dashboardUrl}/segments/new`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  const looked = await addEvent(page, "look at a product");
  await looked.getByLabel("How many times").fill("2");
  const cart = await addCondition(page, "Cart total");
  await cart.getByLabel("cart total, comparison").selectOption("gt");
  await cart.getByLabel("cart total", { exact: true }).fill("50");
  await cart.getByLabel("cart total, currency").selectOption("EUR");
  await addCondition(page, "When the cart was last changed");
  const ordered = await addEvent(page, "complete an order");
  await ordered.getByLabel("Did or did not").selectOption("not");
  await ordered.getByLabel("Since when").selectOption("within");
  await ordered.getByLabel("In the last", { exact: true }).fill("30");
  await ordered.getByLabel("In the last, unit").selectOption("minute");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/segments\/seg_/);
  return idOf(page, "segments");
}

/** A new trigger's form with its name, and everything else as it begins. */
export async function newTrigger(page: Page, dashboardUrl: string, name: string): Promise<void> {
  await page.goto(`${dashboardUrl}/triggers/new`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await holdOut(page, 0);
}

/** The words of a pop-up, and where it is shown. */
export async function fillPopup(
  page: Page,
  { place, heading, text }: { place: "corner" | "centre" | "bar"; heading: string; text: string },
): Promise<void> {
  await page.getByRole("radio", { name: "Pop-up" }).check({ force: true });
  await page.getByLabel("Place").selectOption(place);
  await page.getByLabel("Heading", { exact: true }).fill(heading);
  await page.getByLabel("Text", { exact: true }).fill(text);
}

export async function holdOut(page: Page, percent: number): Promise<void> {
  await page.getByLabel("Held out, in percent").fill(String(percent));
}

/** Switches the trigger of the form on; resolves to its id once it is live. */
export async function switchOn(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("Version 1 is live.").waitFor();
  return idOf(page, "triggers");
}

function idOf(page: Page, folder: string): string {
  const id = new RegExp(`/${folder}/([a-z]+_[0-9a-z]+)`).exec(page.url())?.[1];
  if (id === undefined) throw new Error(`no id in ${page.url()}`);
  return id;
}

/** Makes a trigger and switches it on without the form, as the operator who is signed in; resolves to its id. */
export async function switchOnByApi(
  page: Page,
  dashboardUrl: string,
  definition: TriggerDefinition,
): Promise<string> {
  const made = await post(page, dashboardUrl, "", { definition });
  const { id }: { id: string } = await made.json();
  await post(page, dashboardUrl, `/${id}/status`, { status: "live" });
  return id;
}

/** The product goes on for other tests: it says nothing by itself any more. */
export async function pauseAll(page: Page, dashboardUrl: string): Promise<void> {
  const answer = await page.request.get(`${dashboardUrl}/api/triggers`);
  const { triggers }: { triggers: { id: string; status: string }[] } = await answer.json();
  for (const { id, status } of triggers)
    if (status === "live") await post(page, dashboardUrl, `/${id}/status`, { status: "paused" });
}

async function post(
  page: Page,
  dashboardUrl: string,
  path: string,
  data: object,
): Promise<APIResponse> {
  const headers = { origin: dashboardUrl };
  const answer = await page.request.post(`${dashboardUrl}/api/triggers${path}`, { data, headers });
  if (!answer.ok()) throw new Error(`${answer.status()}: ${await answer.text()}`);
  return answer;
}
