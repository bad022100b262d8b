import fc from "fast-check";
import { person, step, who } from "./step.ts";

/** What pages tell of whoever uses them. */

export const track = step<{ who: number; name: string; ago: number; twice: boolean }>(
  "track",
  {
    who,
    name: fc.constantFrom("Bell Rung", "Door Knocked"),
    ago: fc.constantFrom(0, 0, 600_000),
    twice: fc.boolean(),
  },
  async (town, { who, name, ago, twice }) => {
    const browser = town.browser(who);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const fact = { type: "track", name, at: Date.now() - ago };
    await browser.shop.tells(held, [fact], browser.network, twice ? 2 : 1);
  },
);

export const buy = step<{ who: number; price: number }>(
  "buy",
  { who, price: fc.integer({ min: 1, max: 99 }) },
  async (town, { who, price }) => {
    const browser = town.browser(who);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const props = { order_id: `o${browser.shop.next()}`, total: price, currency: "EUR" };
    const fact = { type: "track", name: "Order Completed", props };
    await browser.shop.tells(held, [fact], browser.network);
  },
);

export const note = step<{ who: number }>("note", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  const held = browser.held ?? (await browser.visits());
  if (held === null) return;
  const fact = { type: "set", ops: [{ op: "set", key: "note", value: town.word() }] };
  await browser.shop.tells(held, [fact], browser.network);
});

/** Anybody can claim to be anybody. */
export const claim = step<{ who: number; user: number; mail: number }>(
  "claim",
  { who, user: person, mail: person },
  async (town, { who, user, mail }) => {
    const browser = town.browser(who);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const traits = { email: town.email(mail), verified: true };
    const fact = { type: "identify", userId: town.userId(user), traits };
    await browser.shop.tells(held, [fact], browser.network);
    await browser.looks();
  },
);
