import fc from "fast-check";
import { CUTS, type CutName } from "../cuts.ts";
import type { Credential, Proving, Shop } from "../shop.ts";
import { signedJwt, signedUserId } from "../../signing.ts";
import type { Town } from "../town.ts";
import { person, pick, shop, step, which, who } from "./step.ts";

/** People prove who they are. */

type Signed = { user: number; mail: number | null; how: "jwt" | "hmac" };
const signed = {
  user: person,
  mail: fc.option(person),
  how: fc.constantFrom("jwt" as const, "jwt" as const, "hmac" as const),
};

async function sign(town: Town, shop: Shop, { user, mail, how }: Signed): Promise<Proving> {
  const userId = town.userId(user);
  if (how === "hmac")
    return {
      proof: { userId, hmac: await signedUserId(shop.key, userId) },
      said: { userId, emails: [] },
    };
  const email = mail === null ? null : town.email(mail);
  const claims = {
    sub: userId,
    exp: Math.floor(Date.now() / 1_000) + 600,
    ...(email === null ? {} : { email, email_verified: true }),
  };
  return {
    proof: { jwt: await signedJwt(shop.key, shop.id, claims) },
    said: { userId, emails: email === null ? [] : [email] },
  };
}

export const prove = step<Signed & { who: number }>(
  "prove",
  { who, ...signed },
  async (town, { who, ...given }) => {
    const browser = town.browser(who);
    await town.settles(browser.shop);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const proving = await sign(town, browser.shop, given);
    browser.held = await browser.shop.proves(held, proving, browser.network);
    await browser.looks();
  },
);

/** Objects die while what was proven is acted on, before a step of it has happened or after. */
export const proveAndDie = step<
  Signed & { who: number; cut: CutName; isAfter: boolean; evicts: boolean }
>(
  "proveAndDie",
  {
    who,
    ...signed,
    cut: fc.constantFrom(...(Object.keys(CUTS) as CutName[])),
    isAfter: fc.boolean(),
    evicts: fc.boolean(),
  },
  async (town, { who, cut, isAfter, evicts, ...given }) => {
    const browser = town.browser(who);
    const { shop } = browser;
    await town.settles(shop);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const proving = await sign(town, shop, given);
    const cutting = CUTS[cut](isAfter);
    let found: Credential | null;
    try {
      found = await shop.proves(held, proving, browser.network, () => cutting.wasHit());
    } finally {
      cutting.ends();
    }
    browser.held = found ?? held;
    if (evicts) await town.evictsAll(shop);
  },
);

/** A proof that is none: for another shop, of a character less, or signed by somebody else. */
export const proveNothing = step<{
  who: number;
  user: number;
  flaw: "shop" | "cut" | "key" | "user";
}>(
  "proveNothing",
  { who, user: person, flaw: fc.constantFrom("shop", "cut", "key", "user") },
  async (town, { who, user, flaw }) => {
    const browser = town.browser(who);
    const { shop } = browser;
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const claims = { sub: town.userId(user), exp: Math.floor(Date.now() / 1_000) + 600 };
    const other = town.shops[shop === town.shops[0] ? 1 : 0];
    const jwt = await signedJwt(
      flaw === "key" ? { ...shop.key, secret: other.key.secret } : shop.key,
      flaw === "shop" ? other.id : shop.id,
      claims,
    );
    const proof =
      flaw === "user"
        ? { userId: town.userId(user), hmac: await signedUserId(shop.key, town.userId(user + 1)) }
        : { jwt: flaw === "cut" ? jwt.slice(0, -1) : jwt };
    const answer = await shop.post("/v1/auth", { token: held.token, ...proof }, browser.network);
    if (answer.code !== "bad_proof") throw new Error(`a flawed proof: ${answer.text}`);
    await browser.looks();
  },
);

/** Asks for a code; it is mailed to whoever is known at the address, and works in this browser alone. */
export const proveMailbox = step<{ who: number; mail: number; elsewhere: number }>(
  "proveMailbox",
  { who, mail: person, elsewhere: which },
  async (town, { who, mail, elsewhere }) => {
    const browser = town.browser(who);
    const { shop } = browser;
    await town.settles(shop);
    const held = browser.held ?? (await browser.visits());
    if (held === null) return;
    const email = town.email(mail);
    const code = await town.codeFor(shop, held, email, browser.network);
    if (code === null) return;
    const copy = pick(shop.credentials, elsewhere);
    if (copy !== undefined && copy.right !== held.right) {
      const stolen = await shop.post("/v1/auth", { token: copy.token, email, code }, "10.9.9.9");
      if (stolen.status !== 401) throw new Error(`a code elsewhere: ${stolen.text}`);
    }
    const proving = { proof: { email, code }, said: { userId: null, emails: [email] } };
    browser.held = await shop.proves(held, proving, browser.network);
    await browser.looks();
  },
);

/** Somebody proves who they are with a copy of a token that some browser once had. */
export const proveWithCopy = step<Signed & { at: number; which: number }>(
  "proveWithCopy",
  { at: shop, which, ...signed },
  async (town, { at, which, ...given }) => {
    const shop = town.shop(at);
    await town.settles(shop);
    const copy = pick(shop.credentials, which);
    if (copy === undefined) return;
    await shop.proves(copy, await sign(town, shop, given), "10.9.9.9");
  },
);
