import fc from "fast-check";
import { asId } from "../../../../protocol/ids.ts";
import { dismissPair, linkVisitors, undoLink } from "../../../d1/visitor-links.ts";
import { env } from "../../operator-browser.ts";
import { pick, shop, step, which } from "./step.ts";

const CHANGES = { link: linkVisitors, undo: undoLink, dismiss: dismissPair };

/** Operators say that two visitors are one person, or are not: no browser gains or loses anything by it. */
export const link = step<{ at: number; one: number; other: number; what: keyof typeof CHANGES }>(
  "link",
  { at: shop, one: which, other: which, what: fc.constantFrom("link", "link", "undo", "dismiss") },
  async (town, { at, one, other, what }) => {
    const { id, account } = town.shop(at);
    const visitors = account.histories.flatMap(({ visitor }) => visitor ?? []);
    const [a, b] = [pick(visitors, one), pick(visitors, other)];
    if (a === undefined || b === undefined) return;
    const by = asId("opr", "opr_olivia");
    const change = { workspace: id, visitors: [a, b] as const, by, at: Date.now() };
    await CHANGES[what](env.DB, change);
    for (const browser of town.browsers) if (browser.shop.id === id) await browser.looks();
  },
);
