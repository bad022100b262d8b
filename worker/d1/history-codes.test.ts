import { expect, it } from "vitest";
import { newId } from "../../protocol/ids.ts";
import {
  ANSWER_CODE_LIFETIME_MS,
  CODE_LIFETIME_MS,
  CODE_MAX_TRIES,
} from "../../protocol/limits.ts";
import { env } from "../testing/operator-browser.ts";
import {
  keepAnswerCode,
  keepHistoryCode,
  tryHistoryCode,
  useHistoryCode,
  type CodePlace,
} from "./history-codes.ts";

const DAY_MS = 24 * 3_600_000;
const AT = 1_700_000_000_000;
const place = (): CodePlace => ({
  workspace: newId("wsp", AT),
  device: newId("dev", AT),
  address: crypto.randomUUID(),
});
const attempt = (where: CodePlace, code: string, at = AT) =>
  tryHistoryCode(env.DB, where, code, at);

it("a code stands for one workspace, one device and one address", async () => {
  const [own, other] = [place(), place()];
  await keepHistoryCode(env.DB, own, "right", AT);
  for (const part of ["workspace", "device", "address"] as const)
    expect(await attempt({ ...own, [part]: other[part] }, "right")).toBeNull();
  expect(await attempt(own, "right")).toMatchObject({ isRight: true, tries: 0, usedAt: null });
});

it("wrong tries are counted up to their limit, right ones and those after the end are not", async () => {
  const own = place();
  await keepHistoryCode(env.DB, own, "right", AT);
  for (let n = 1; n <= CODE_MAX_TRIES + 1; n++) {
    expect(await attempt(own, "right")).toMatchObject({ tries: Math.min(n - 1, CODE_MAX_TRIES) });
    expect(await attempt(own, "wrong")).toMatchObject({ tries: Math.min(n, CODE_MAX_TRIES) });
  }
  await keepHistoryCode(env.DB, own, "next", AT);
  const end = AT + CODE_LIFETIME_MS;
  expect(await attempt(own, "wrong", end - 1)).toMatchObject({ tries: 1, expiresAt: end });
  expect(await attempt(own, "wrong", end)).toMatchObject({ tries: 1 });
});

it("a code is used up by itself alone, once", async () => {
  const own = place();
  await keepHistoryCode(env.DB, own, "right", AT);
  await useHistoryCode(env.DB, own, "another", AT + 1);
  expect(await attempt(own, "right")).toMatchObject({ usedAt: null });
  for (const at of [AT + 2, AT + 3]) await useHistoryCode(env.DB, own, "right", at);
  expect(await attempt(own, "right")).toMatchObject({ usedAt: AT + 2 });
});

it.each([
  ["that was asked for", keepHistoryCode, CODE_LIFETIME_MS],
  ["of an answer", keepAnswerCode, ANSWER_CODE_LIFETIME_MS],
])(
  "what became of a code %s is known for a day after its end, and then nothing of it is kept",
  async (_, keep, lifetime) => {
    const own = place();
    await keep(env.DB, own, "right", AT);
    const end = AT + lifetime;
    await keep(env.DB, place(), "other", end + DAY_MS);
    expect(await attempt(own, "right")).not.toBeNull();
    await keep(env.DB, place(), "other", end + DAY_MS + 1);
    expect(await attempt(own, "right")).toBeNull();
  },
);
