import type { Locator } from "playwright-core";
import type { Visitor } from "./people.ts";
import { urls } from "./stage.ts";

/** What somebody does in the demo shop. */

export const shop = `${urls.workerUrl}/demo/`;

export type Shopper = { name: string; email: string };

/** The shop's own part of a page: the widget has fields and buttons too, some of which come by themselves. */
export function ofTheShop({ page }: Visitor): Locator {
  return page.locator("main");
}

/** Signs in at the shop, whose server proves it to the widget. Resolves when the widget has acted on it. */
export async function logIn(visitor: Visitor, shopper: Shopper): Promise<void> {
  const { page } = visitor;
  await page.goto(`${shop}account/`);
  await page.evaluate(() => {
    addEventListener("parley:auth", () => document.documentElement.setAttribute("data-proven", ""));
  });
  await logInHere(visitor, shopper);
  await page.locator("html[data-proven]").waitFor();
}

/** Fills in the form of the shop's account page, which is open, and sends it. */
export async function logInHere(visitor: Visitor, { name, email }: Shopper): Promise<void> {
  const account = ofTheShop(visitor);
  await account.getByLabel("Name", { exact: true }).fill(name);
  await account.getByLabel("Email", { exact: true }).fill(email);
  await account.getByRole("button", { name: "Continue", exact: true }).click();
}

/** Opens the shop with the chat, which may be open by itself because it was so on the page before. */
export async function openChatInShop({ page, composer }: Visitor): Promise<void> {
  await page.goto(shop);
  await page.evaluate(() => {
    const { parley } = window as unknown as { parley: (call: string) => void };
    parley("open");
  });
  await composer.waitFor();
}
