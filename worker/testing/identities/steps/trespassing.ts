import { TICKET_LIFETIME_MS } from "../../../../protocol/limits.ts";
import { greets } from "../shop.ts";
import { changed, pick, step, which, who } from "./step.ts";

/** Somebody tries doors that are not theirs. */

export const peek = step<{ who: number; which: number }>(
  "peek",
  { who, which },
  async (town, { who, which }) => {
    const browser = town.browser(who);
    const found = pick(town.threads, which);
    if (found === undefined) return;
    await browser.visits();
    const ticket = await browser.triesConversation(found.conversation);
    const right = browser.held?.right;
    if (ticket === null || right === undefined) return;
    town.tickets.push({ shop: browser.shop, ticket, right, at: Date.now() });
  },
);

/** A ticket opens its conversation for a minute, and only for as long as its right lasts. */
export const useTicket = step<{ which: number }>(
  "useTicket",
  { which },
  async (town, { which }) => {
    const found = pick(town.tickets, which);
    if (found === undefined) return;
    const { shop, ticket, right, at } = found;
    const isFresh = Date.now() - at <= TICKET_LIFETIME_MS;
    const chat = await shop.opensSocket("/v1/conversation", ticket, right);
    const isOpen = "ask" in chat && (await greets(chat));
    if (isOpen !== (isFresh && right.isActive) && !(right.isLeaving && isFresh))
      throw new Error(`a ticket opened: ${isOpen}, fresh: ${isFresh}, active: ${right.isActive}`);
    if ("ask" in chat) chat.close();
  },
);

/** A token or ticket with one character changed is none. */
export const forge = step<{ who: number; which: number }>(
  "forge",
  { who, which },
  async (town, { who, which }) => {
    const { shop, held, network } = town.browser(who);
    const ticket = pick(town.tickets, which)?.ticket;
    if (ticket !== undefined) {
      const chat = await shop.opensSocket("/v1/conversation", changed(ticket, which), town.nobody);
      if ("ask" in chat) throw new Error("a forged ticket");
    }
    if (held === null) return;
    const token = changed(held.token, which);
    const page = await shop.opensSocket("/v1/page", token, town.nobody);
    if ("ask" in page) throw new Error("a forged token");
    for (const [path, more] of [
      [
        "/v1/events",
        { stream: "x", sentAt: Date.now(), facts: [{ type: "track", n: 1, name: "A" }] },
      ],
      ["/v1/reset", {}],
      ["/v1/auth", { userId: "x", hmac: "x" }],
      ["/v1/auth/code", { email: town.email(0) }],
    ] as const) {
      const answer = await shop.post(path, { token, ...more }, network);
      if (answer.code !== "bad_token") throw new Error(`a forged token: ${answer.text}`);
    }
    const given = await shop.boots(null, network);
    if (given === null) return;
    const booted = await shop.boots({ token, right: town.nobody, secret: null }, network);
    if (booted?.right === held.right) throw new Error("a forged token");
  },
);
