import fc from "fast-check";
import { replyAddress } from "../../../../domain/email/reply-address.ts";
import { asId } from "../../../../protocol/ids.ts";
import { inboxOf, written } from "../../mail-stage.ts";
import { env } from "../../operator-browser.ts";
import type { History } from "../account.ts";
import { person, pick, shop, step, which, who } from "./step.ts";

/** Visitors and operators write to one another, in the chat and by mail. */

export const write = step<{ who: number }>("write", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  const found = await browser.visits();
  if (found === null) return;
  const { history } = found.right;
  const { account } = browser.shop;
  const word = town.word();
  account.says(history, word);
  const conversation = await browser.writes(word);
  if (conversation === null) return;
  const thread = account.writes(history, conversation, word);
  if (thread.history.root !== history.root) throw new Error("into another one's thread");
});

export const reply = step<{ which: number }>("reply", { which }, async (town, { which }) => {
  const found = pick(town.threads, which);
  if (found === undefined) return;
  const { shop, conversation, thread } = found;
  const word = town.word();
  shop.account.writes(thread.history, conversation, word);
  await shop.operatorWrites(conversation, word);
});

/** A mail to the shop begins a conversation: of whoever has the address where its domain vouches for it. */
export const mail = step<{ at: number; from: number; isProven: boolean }>(
  "mail",
  { at: shop, from: person, isProven: fc.boolean() },
  async (town, { at, from, isProven }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const { account } = shop;
    const [address, text, to] = [town.email(from), town.word(), inboxOf(shop.id)];
    const sent = written({ from: address, to, subject: "Hello", text, isProven });
    if (!(await shop.takes(sent, to))) return;
    const begun = await shop.conversationsFrom(address);
    const conversation = begun.find((id) => !account.threads.has(id));
    if (conversation === undefined) throw new Error("a mail that begins nothing");
    const known = isProven ? account.holderOf(address) : null;
    const history: History = known ?? account.begins();
    if (isProven && known === null) account.homes.set(address, history);
    account.writes(history, conversation, text, address);
    await shop.learns(conversation, history);
  },
);

/** An answer to the signed address of a conversation; only its participant's is a message of it. */
export const mailReply = step<{ which: number; from: number | null; isProven: boolean }>(
  "mailReply",
  { which, from: fc.option(person), isProven: fc.boolean() },
  async (town, { which, from, isProven }) => {
    const found = pick(
      town.threads.filter(({ thread }) => thread.address !== null),
      which,
    );
    if (found === undefined) return;
    const { shop, conversation, thread } = found;
    const participant = thread.address ?? "";
    const address = from === null ? participant : town.email(from);
    const right = {
      workspace: shop.id,
      conversation: asId("cnv", conversation),
      address: participant,
    };
    const to = await replyAddress(env.PARLEY_SECRET, right, env.EMAIL_REPLY_DOMAIN);
    const text = town.word();
    const isTheirs = address === participant;
    const sent = written({ from: address, to, subject: "Re: Hello", text, isProven });
    if (isTheirs) shop.account.says(thread.history, text);
    if ((await shop.takes(sent, to)) && isTheirs)
      shop.account.writes(thread.history, conversation, text);
  },
);
