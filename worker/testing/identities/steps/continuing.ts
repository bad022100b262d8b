import fc from "fast-check";
import { pressed } from "../shop.ts";
import { changed, pick, shop, step, which, who } from "./step.ts";

/** Somebody goes on in another browser by a link that a chat has made. */

export const makeLink = step<{ who: number }>("makeLink", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  await town.settles(browser.shop);
  const held = browser.held ?? (await browser.visits());
  if (held !== null) await browser.shop.makesLink(held, browser.network);
});

/** Somebody makes a link with a copy of a token that some browser once had. */
export const makeLinkWithCopy = step<{ which: number; at: number }>(
  "makeLinkWithCopy",
  { which, at: shop },
  async (town, { which, at }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const copy = pick(shop.credentials, which);
    if (copy !== undefined) await shop.makesLink(copy, "10.9.9.9");
  },
);

/** A link is opened in a browser, of its shop or of the other one, which may have been here before or never. */
export const useLink = step<{
  at: number;
  which: number;
  who: number;
  flaw: "link" | "ticket" | null;
  isFresh: boolean;
  again: boolean;
}>(
  "useLink",
  {
    at: shop,
    which,
    who,
    flaw: fc.constantFrom(null, null, null, null, "link" as const, "ticket" as const),
    isFresh: fc.boolean(),
    again: fc.boolean(),
  },
  async (town, { at, which, who, flaw, isFresh, again }) => {
    const from = town.shop(at);
    for (const shop of town.shops) await town.settles(shop);
    const link = pick(from.links, which);
    if (link === undefined) return;
    if (flaw === "link" && (await pressed(changed(link.url, -1 - (which % 42)))) !== null)
      throw new Error("a forged link");
    await from.presses(link);
    if (link.handed === null) return;
    const browser = town.browser(who);
    browser.leaves();
    const { shop, network } = browser;
    const load = {
      stream: `l${shop.next()}`,
      ticket: flaw === "ticket" ? changed(link.handed.ticket, which) : link.handed.ticket,
      link: shop === from && flaw !== "ticket" ? link : null,
    };
    const held = isFresh ? null : browser.held;
    browser.held = await shop.boots(held, network, load);
    // The answer is lost, and the page asks again as it was.
    if (again && browser.held !== null) browser.held = await shop.boots(held, network, load);
    await browser.looks();
  },
);

/** Somebody opens a link's page with a copy of a token that some browser once had. */
export const useLinkWithCopy = step<{ at: number; which: number; copy: number }>(
  "useLinkWithCopy",
  { at: shop, which, copy: which },
  async (town, { at, which, copy }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const [link, held] = [pick(shop.links, which), pick(shop.credentials, copy)];
    if (link === undefined || held === undefined) return;
    await shop.presses(link);
    if (link.handed === null) return;
    await shop.boots(held, "10.9.9.9", { ticket: link.handed.ticket, link });
  },
);
