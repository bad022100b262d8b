import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asId, newId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import { claimIdentifier, passIdentifier } from "./identifiers.ts";
import { claimJoin } from "./joins.ts";

const { DB } = env as unknown as ObjectBindings; // the test's env is the Worker's
const visitor = (n: number) => asId("vis", `vis_${n}`);

test("whatever is joined into whatever, in whichever order: nobody is joined into themselves, and all ends agree", async () => {
  const pair = fc.tuple(fc.nat(5), fc.nat(5)).filter(([a, b]) => a !== b);
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 12 }), async (pairs) => {
      const workspace = newId("wsp", Date.now());
      const end = new Map<number, string>();
      for (const [one, other] of pairs) {
        const found = await claimJoin(DB, workspace, visitor(one), visitor(other), 1);
        expect(await claimJoin(DB, workspace, visitor(one), visitor(other), 2)).toBe(found);
        end.set(one, found);
      }
      // Whoever is an end is joined into nobody: asked again it stays where it is.
      for (const [one] of end) {
        const final = await claimJoin(DB, workspace, visitor(one), visitor(99), 3);
        expect(await claimJoin(DB, workspace, visitor(one), visitor(98), 4)).toBe(final);
      }
    }),
    { numRuns: 30 },
  );
});

test("whoever is joined into somebody that is joined meanwhile is that one's, and D1 knows it", async () => {
  const workspace = newId("wsp", Date.now());
  for (const [n, into] of [
    [1, 2],
    [2, 3],
    [4, 1],
  ] as const)
    await claimJoin(DB, workspace, visitor(n), visitor(into), 1);
  const { results } = await DB.prepare(
    "SELECT visitor_id AS id, into_id AS end FROM joined_visitors WHERE workspace_id = ? ORDER BY 1",
  )
    .bind(workspace)
    .all();
  expect(results).toEqual([
    { id: visitor(1), end: visitor(2) },
    { id: visitor(2), end: visitor(3) },
    { id: visitor(4), end: visitor(3) },
  ]);
  // Whoever was joined is no end for anybody: it is asked for as the one that it is by now.
  expect(await claimJoin(DB, workspace, visitor(3), visitor(4), 1)).toBe(visitor(3));
});

test("of two that are joined into one another at once exactly one is, and both hear of the same end", async () => {
  const workspace = newId("wsp", Date.now());
  const ends = await Promise.all([
    claimJoin(DB, workspace, visitor(1), visitor(2), 1),
    claimJoin(DB, workspace, visitor(2), visitor(1), 1),
  ]);
  expect(new Set(ends).size).toBe(1);
});

test("a workspace's joins and identifiers are its own", async () => {
  const [one, other] = [newId("wsp", Date.now()), newId("wsp", Date.now() + 1)];
  await claimJoin(DB, one, visitor(1), visitor(2), 1);
  expect(await claimJoin(DB, other, visitor(2), visitor(1), 1)).toBe(visitor(1));
  const named = { kind: "email" as const, value: "a@example.com" };
  expect(await claimIdentifier(DB, { workspace: one, ...named }, visitor(1), 1)).toBe(visitor(1));
  expect(await claimIdentifier(DB, { workspace: other, ...named }, visitor(2), 1)).toBe(visitor(2));
});

test("an address that mails came from is given to the visitor they have made, or to whose that one is by now", async () => {
  const made = async (n: number) => {
    const workspace = newId("wsp", Date.now());
    await DB.prepare("INSERT INTO mail_visitors VALUES (?, 'a@example.com', ?, 1)")
      .bind(workspace, visitor(n))
      .run();
    return { workspace, kind: "email" as const, value: "a@example.com" };
  };
  const living = await made(1);
  expect(await claimIdentifier(DB, living, visitor(2), 1)).toBe(visitor(1));
  const other = { ...living, value: "b@example.com" };
  expect(await claimIdentifier(DB, other, visitor(2), 1)).toBe(visitor(2));
  const userId = { ...living, kind: "user_id" as const };
  expect(await claimIdentifier(DB, userId, visitor(2), 1)).toBe(visitor(2));

  const joined = await made(1);
  await claimJoin(DB, joined.workspace, visitor(1), visitor(3), 1);
  await claimJoin(DB, joined.workspace, visitor(3), visitor(4), 1);
  expect(await claimIdentifier(DB, joined, visitor(2), 1)).toBe(visitor(4));
});

test("an identifier is given once, and passed on only by who has it", async () => {
  const named = {
    workspace: newId("wsp", Date.now()),
    kind: "email" as const,
    value: "a@example.com",
  };
  const holders = await Promise.all(
    [1, 2, 3].map((n) => claimIdentifier(DB, named, visitor(n), 1)),
  );
  expect(new Set(holders).size).toBe(1);
  const [holder] = holders;
  if (holder === undefined) throw new Error("somebody has it");
  await passIdentifier(DB, named, visitor(9), visitor(8), 2);
  expect(await claimIdentifier(DB, named, visitor(8), 2)).toBe(holder);
  await passIdentifier(DB, named, holder, visitor(8), 2);
  expect(await claimIdentifier(DB, named, visitor(7), 2)).toBe(visitor(8));
});

test("a visitor that is to be joined into itself stays free to be joined", async () => {
  const workspace = newId("wsp", Date.now());
  expect(await claimJoin(DB, workspace, visitor(1), visitor(1), 1)).toBe(visitor(1));
  expect(await claimJoin(DB, workspace, visitor(1), visitor(2), 2)).toBe(visitor(2));
});

test("a join takes away what lists show of the joined one, in its own workspace and of nobody else", async () => {
  const [own, other] = [newId("wsp", Date.now()), newId("wsp", Date.now() + 1)];
  for (const workspace of [own, other])
    for (const one of [visitor(1), visitor(2)])
      await DB.batch([
        DB.prepare("INSERT INTO segment_members VALUES (?, 'seg_1', ?, 1)").bind(workspace, one),
        DB.prepare(
          `INSERT INTO deliveries (workspace_id, id, visitor_id, trigger_id, trigger_version, state, decided_at, body, version)
           VALUES (?1, ?2, ?2, 'trg_1', 1, 'sent', 1, '{}', 1)`,
        ).bind(workspace, one),
      ]);
  await claimJoin(DB, own, visitor(1), visitor(2), 1);
  for (const table of ["segment_members", "deliveries"]) {
    const { results } = await DB.prepare(
      `SELECT visitor_id AS visitor, workspace_id AS workspace FROM ${table} WHERE workspace_id IN (?, ?)
       ORDER BY workspace, visitor`,
    )
      .bind(own, other)
      .all();
    expect(results).toEqual([
      { workspace: own, visitor: visitor(2) },
      { workspace: other, visitor: visitor(1) },
      { workspace: other, visitor: visitor(2) },
    ]);
  }
});
