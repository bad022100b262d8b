import { expect, test } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { env } from "../testing/operator-browser.ts";
import { countProven, insertIdentityKey, listIdentityKeys } from "./identity-keys.ts";
import { rowsOf, writeProjections } from "./projections.ts";

const SEEN = 2;

test("who proves themselves is counted by the latest session of everybody seen since, in this workspace alone", async () => {
  const [workspace, other] = [newId("wsp", Date.now()), newId("wsp", Date.now() + 1)];
  const session = {
    startedAt: 1,
    lastAt: SEEN,
    activeMs: 0,
    pages: 1,
    landing: null,
    referrer: null,
    source: "Direct",
    utm: null,
    device: "desktop" as const,
    browser: null,
    os: null,
    country: null,
    language: null,
    timeZone: null,
  };
  const job = (of: typeof workspace, isProven: boolean | undefined, isVerified: boolean) => {
    const visitor = newId("vis", Date.now());
    const made = visitorJob(of, visitor, 1);
    // A session from before there were proofs says nothing of one.
    const latest = isProven === undefined ? session : { ...session, isProven };
    made.person = {
      ...made.person,
      identifiers: [{ kind: "email", value: `${visitor}@example.com`, isVerified }],
      session: latest as typeof made.person.session,
    };
    return made;
  };
  await writeProjections(
    env.DB,
    [
      job(workspace, true, true),
      job(workspace, true, false),
      job(workspace, false, false),
      job(workspace, undefined, true),
      job(other, true, true),
    ].map(rowsOf),
  );
  expect(await countProven(env.DB, workspace, SEEN)).toEqual({ people: 4, proven: 2, unproven: 2 });
  expect(await countProven(env.DB, workspace, SEEN + 1)).toEqual({
    people: 0,
    proven: 0,
    unproven: 0,
  });
});

test("a key that may be used is listed, however many newer ones were revoked", async () => {
  const workspace = newId("wsp", Date.now());
  const insert = (id: string, at: number, revokedAt: number | null) =>
    env.DB.prepare(
      "INSERT INTO identity_keys (workspace_id, id, created_at, revoked_at) VALUES (?, ?, ?, ?)",
    ).bind(workspace, id, at, revokedAt);
  const revoked = Array.from({ length: 30 }, (_, n) => insert(`idk_${n + 10}`, 10 + n, 50));
  await env.DB.batch([insert("idk_old", 1, null), ...revoked]);
  const listed = await listIdentityKeys(env.DB, workspace);
  expect(listed.at(-1)?.id).toBe("idk_old");
  expect(listed[0]?.id).toBe("idk_39");
});

test("what is set to retire does so then or sooner, however long the overlap of a newer key", async () => {
  const workspace = newId("wsp", Date.now());
  const [first, second, third, fourth] = [1, 2, 3, 4].map((at) => newId("idk", at));
  const add = (id = first, retireAt: number | null, now: number) =>
    insertIdentityKey(env.DB, workspace, { id: id ?? newId("idk", now), by: null }, retireAt, now);
  const retiring = async () =>
    (await listIdentityKeys(env.DB, workspace)).map(({ retiresAt }) => retiresAt).toReversed();
  await add(first, null, 1);
  await add(second, 100, 2);
  expect(await retiring()).toEqual([100, null]);
  await add(third, 500, 3);
  expect(await retiring()).toEqual([100, 500, null]);
  await add(fourth, 50, 4);
  expect(await retiring()).toEqual([50, 50, 50, null]);
});
