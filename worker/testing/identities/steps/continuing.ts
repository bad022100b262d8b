import fc from "fast-check";
import type { Link } from "../links.ts";
import { pressed, type Shop } from "../shop.ts";
import type { Town } from "../town.ts";
import { changed, pick, shop, step, which, who } from "./step.ts";

/** Somebody goes on in another browser by a link that a chat has made. */

/** Of so many links, the newest, some are used later. */
const LINKS_USED = 4;

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

type Opening = { who: number; flaw: "link" | "ticket" | null; isFresh: boolean; again: boolean };
const opening = {
  who,
  flaw: fc.constantFrom(null, null, null, null, "link" as const, "ticket" as const),
  /** Whether it is a browser that has never been here. */
  isFresh: fc.boolean(),
  again: fc.boolean(),
};

/** A link is opened in a browser of its shop or of the other one. */
async function opens(
  town: Town,
  from: Shop,
  link: Link,
  { who, flaw, isFresh, again }: Opening,
): Promise<void> {
  const { url } = link;
  if (flaw === "link" && (await pressed(changed(url, url.length - 1 - who))) !== null)
    throw new Error("a forged link");
  await from.presses(link);
  if (link.handed === null) return;
  const { ticket } = link.handed;
  const browser = town.browser(who);
  browser.leaves();
  const { shop, network } = browser;
  await town.settles(shop);
  const held = isFresh ? null : browser.held;
  const load = {
    stream: `l${shop.next()}`,
    ticket: flaw === "ticket" ? changed(ticket, ticket.length - 1 - who) : ticket,
    link: shop === from && flaw !== "ticket" ? link : null,
  };
  browser.held = await shop.boots(held, network, load);
  // The answer is lost, and the page asks again as it was.
  if (again) browser.held = await shop.boots(held, network, load);
  await browser.looks();
}

export const goOn = step<Opening & { from: number }>(
  "goOn",
  { from: who, ...opening },
  async (town, { from, ...opening }) => {
    const browser = town.browser(from);
    await town.settles(browser.shop);
    const held = await browser.visits();
    if (held === null) return;
    await browser.shop.makesLink(held, browser.network);
    const link = browser.shop.links.at(-1);
    if (link !== undefined) await opens(town, browser.shop, link, opening);
  },
);

/** A link that has been made some time ago, and may have been used. */
export const useLink = step<Opening & { at: number; which: number }>(
  "useLink",
  { at: shop, which, ...opening },
  async (town, { at, which, ...opening }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const link = pick(shop.links.slice(-LINKS_USED), which);
    if (link !== undefined) await opens(town, shop, link, opening);
  },
);

/** Somebody opens a link's page with a copy of a token that some browser once had. */
export const useLinkWithCopy = step<{ at: number; which: number; copy: number }>(
  "useLinkWithCopy",
  { at: shop, which, copy: which },
  async (town, { at, which, copy }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const [link, held] = [pick(shop.links.slice(-LINKS_USED), which), pick(shop.credentials, copy)];
    if (link === undefined || held === undefined) return;
    await shop.presses(link);
    if (link.handed === null) return;
    await shop.boots(held, "10.9.9.9", { ticket: link.handed.ticket, link });
  },
);
