import fc from "fast-check";
import { pick, shop, step, which, who } from "./step.ts";

/** Browsers come, leave, and come back with what they or somebody else has kept of them. */

export const visit = step<{ who: number }>("visit", { who }, async (town, { who }) => {
  await town.browser(who).looks();
});

export const reset = step<{ who: number }>("reset", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  if (browser.held === null) return;
  const { token, right } = browser.held;
  const answer = await browser.shop.post("/v1/reset", { token }, browser.network);
  if (answer.status !== 200) throw new Error(`reset: ${answer.text}`);
  browser.shop.account.resets(right);
  browser.leaves();
  browser.held = null;
});

/** Somebody has a copy of a token that some browser once had. */
export const useCopy = step<{ which: number; at: number; way: "boot" | "page" | "events" }>(
  "useCopy",
  { which, at: shop, way: fc.constantFrom("boot", "page", "events") },
  async (town, { which, at, way }) => {
    const shop = town.shop(at);
    const held = pick(shop.credentials, which);
    if (held === undefined) return;
    if (way === "boot") await shop.boots(held, "10.9.9.9");
    else if (way === "page") await shop.triesPage(held);
    else await shop.tells(held, [{ type: "track", name: "Bell Rung" }], "10.9.9.9");
  },
);

/** A browser takes over what some browser of the same shop once had. */
export const steal = step<{ who: number; which: number }>(
  "steal",
  { who, which },
  async (town, { who, which }) => {
    const browser = town.browser(who);
    const copy = pick(browser.shop.credentials, which);
    if (copy === undefined) return;
    browser.held = copy;
    await browser.looks();
  },
);

export const evict = step<{ which: number }>("evict", { which }, (town, { which }) =>
  town.evicts(which),
);

export const pass = step<{ ms: number }>(
  "pass",
  { ms: fc.constantFrom(1_000, 30_000, 59_000, 61_000, 300_000, 1_900_000) },
  async (town, { ms }) => town.passes(ms),
);

export const alarms = step<{ at: number }>("alarms", { at: shop }, (town, { at }) =>
  town.settles(town.shop(at)),
);
