import { expect, it } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { env } from "../testing/operator-browser.ts";
import { isSuppressed, liftSuppression, listSuppressions, suppress } from "./suppressions.ts";

const ADDRESS = "ada@corp.example";
const BOUNCED = { address: ADDRESS, why: "bounced", reason: "550", at: 1_000 } as const;
const COMPLAINED = { address: ADDRESS, why: "complained", reason: null, at: 500 } as const;
const fresh = () => newId("wsp", Date.now());

it("an address is held back in its own workspace alone, however it is spelled", async () => {
  const [workspace, other] = [fresh(), fresh()];
  await suppress(env.DB, workspace, BOUNCED);
  for (const spelling of [ADDRESS, "Ada@Corp.Example"]) {
    expect(await isSuppressed(env.DB, workspace, spelling)).toBe(true);
    expect(await isSuppressed(env.DB, other, spelling)).toBe(false);
  }
});

it("a complaint takes the place of a bounce, whenever it was, and a bounce not that of a complaint", async () => {
  const workspace = fresh();
  for (const one of [BOUNCED, COMPLAINED, BOUNCED]) await suppress(env.DB, workspace, one);
  expect(await listSuppressions(env.DB, workspace)).toMatchObject([{ why: "complained", at: 500 }]);
});

it.each([
  [1_999, false],
  [2_000, false],
  [2_001, true],
])("lifted at 2000, it is held back by what happened at %i: %j", async (at, isHeldBack) => {
  const workspace = fresh();
  await suppress(env.DB, workspace, BOUNCED);
  await liftSuppression(env.DB, workspace, ADDRESS, 2_000);
  await suppress(env.DB, workspace, { ...COMPLAINED, at });
  expect(await isSuppressed(env.DB, workspace, ADDRESS)).toBe(isHeldBack);
});
