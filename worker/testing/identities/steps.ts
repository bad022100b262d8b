import fc from "fast-check";
import { signedJwt, signedUserId } from "./signing.ts";
import type { Town } from "./town.ts";

/** What may happen, one step at a time. */

type Doing = (town: Town) => Promise<void>;

class Step implements fc.AsyncCommand<Town, Town> {
  readonly #text: string;
  readonly #does: Doing;

  constructor(text: string, does: Doing) {
    this.#text = text;
    this.#does = does;
  }

  check(): boolean {
    return true;
  }

  async run(town: Town): Promise<void> {
    await this.#does(town);
    await town.steps();
  }

  toString(): string {
    return this.#text;
  }
}

function step<Given extends object>(
  name: string,
  given: { [Key in keyof Given]: fc.Arbitrary<Given[Key]> },
  does: (town: Town, given: Given) => Promise<void>,
): fc.Arbitrary<Step> {
  return fc
    .record(given)
    .map((drawn) => new Step(`${name}(${JSON.stringify(drawn)})`, (town) => does(town, drawn)));
}

const who = fc.nat(7);
const person = fc.nat(3);
const any = fc.nat(1_000);

const visit = step<{ who: number }>("visit", { who }, async (town, { who }) => {
  await town.browser(who).looks();
});

const track = step<{ who: number; name: string; ago: number; twice: boolean }>(
  "track",
  {
    who,
    name: fc.constantFrom("Bell Rung", "Door Knocked"),
    ago: fc.constantFrom(0, 0, 600_000),
    twice: fc.boolean(),
  },
  async (town, { who, name, ago, twice }) => {
    const browser = town.browser(who);
    const { shop } = browser;
    const { token, right } = browser.held ?? (await browser.visits());
    const now = Date.now();
    const batch = {
      token,
      stream: `e${shop.next()}`,
      sentAt: now,
      facts: [{ type: "track", n: 1, at: now - ago, name }],
    };
    const under = shop.account.countsUnder(right);
    for (let sent = 0; sent < (twice ? 2 : 1); sent++) {
      const answer = await shop.post("/v1/events", batch, browser.network);
      if ((answer.status === 200) !== (under !== null)) throw new Error(`events: ${answer.text}`);
    }
    under?.history.root.counts(name, 1, now - ago, now - ago);
  },
);

const write = step<{ who: number }>("write", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  const { right } = await browser.visits();
  const word = town.word();
  const { account } = browser.shop;
  account.says(right.history.root, word);
  const conversation = await browser.writes(word);
  if (conversation === null) return;
  const thread = account.writes(right.history.root, conversation, word);
  if (thread.history.root !== right.history.root) throw new Error("into another one's thread");
});

const reply = step<{ which: number }>("reply", { which: any }, async (town, { which }) => {
  const threads = town.shops.flatMap((shop) =>
    [...shop.account.threads].map(([id, thread]) => ({ shop, id, thread })),
  );
  const found = threads[which % Math.max(1, threads.length)];
  if (found === undefined) return;
  const word = town.word();
  found.shop.account.writes(found.thread.history.root, found.id, word);
  await found.shop.operatorWrites(found.id, word);
});

const prove = step<{ who: number; user: number; mail: number | null; how: "jwt" | "hmac" }>(
  "prove",
  {
    who,
    user: person,
    mail: fc.option(person),
    how: fc.constantFrom("jwt", "jwt", "hmac"),
  },
  async (town, { who, user, mail, how }) => {
    const browser = town.browser(who);
    const { shop } = browser;
    const held = browser.held ?? (await browser.visits());
    const userId = town.userId(user);
    const email = mail === null || how === "hmac" ? null : town.email(mail);
    const proof =
      how === "hmac"
        ? { userId, hmac: await signedUserId(shop.key, userId) }
        : {
            jwt: await signedJwt(shop.key, shop.id, {
              sub: userId,
              exp: Math.floor(Date.now() / 1_000) + 600,
              ...(email === null ? {} : { email, email_verified: true }),
            }),
          };
    const said = { userId, emails: email === null ? [] : [email] };
    browser.held = await shop.proves(held, proof, said, browser.network);
    await browser.looks();
  },
);

const reset = step<{ who: number }>("reset", { who }, async (town, { who }) => {
  const browser = town.browser(who);
  if (browser.held === null) return;
  const { token, right } = browser.held;
  const answer = await browser.shop.post("/v1/reset", { token }, browser.network);
  if (answer.status !== 200) throw new Error(`reset: ${answer.text}`);
  browser.shop.account.ends(right);
  browser.leaves();
  browser.held = null;
});

const useOld = step<{ which: number; shop: number }>(
  "useOld",
  { which: any, shop: fc.nat(1) },
  async (town, { which, shop: at }) => {
    const shop = town.shops[at === 0 ? 0 : 1];
    const { credentials } = shop;
    const held = credentials[which % Math.max(1, credentials.length)];
    if (held !== undefined) await shop.boots(held, "10.9.9.9");
  },
);

const peek = step<{ who: number; which: number }>(
  "peek",
  { who, which: any },
  async (town, { who, which }) => {
    const browser = town.browser(who);
    const threads = town.shops.flatMap(({ account }) => [...account.threads.keys()]);
    const conversation = threads[which % Math.max(1, threads.length)];
    await browser.visits();
    if (conversation !== undefined) await browser.triesConversation(conversation);
  },
);

const evict = step<{ which: number }>("evict", { which: any }, (town, { which }) =>
  town.evicts(which),
);

const pass = step<{ ms: number }>(
  "pass",
  { ms: fc.constantFrom(1_000, 30_000, 61_000, 300_000, 1_900_000) },
  async (town, { ms }) => town.passes(ms),
);

export const STEPS: fc.Arbitrary<Step>[] = [
  visit,
  track,
  write,
  reply,
  prove,
  prove,
  reset,
  useOld,
  peek,
  evict,
  pass,
];
