import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimJoin } from "../../durable-objects/identifiers/joins.ts";
import { asId, newId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { LINKED_MAX } from "../../protocol/limits.ts";
import { env } from "../testing/operator-browser.ts";
import { readLinked, readPersonLinks } from "./person-links.ts";
import { dismissPair, linkedTo, linkVisitors, undoLink, type PairChange } from "./visitor-links.ts";

const by = asId("opr", "opr_1");
const visitor = (n: number) => asId("vis", `vis_${n}`);
const newWorkspace = () => newId("wsp", Date.now());

let at = 0;
function pair(workspace: WorkspaceId, one: number, other: number): PairChange {
  return { workspace, visitors: [visitor(one), visitor(other)], by, at: ++at };
}
const link = (workspace: WorkspaceId, one: number, other: number) =>
  linkVisitors(env.DB, pair(workspace, one, other));
const undo = (workspace: WorkspaceId, one: number, other: number) =>
  undoLink(env.DB, pair(workspace, one, other));
const join = (workspace: WorkspaceId, one: number, into: number) =>
  claimJoin(env.DB, workspace, visitor(one), visitor(into), ++at);
const linked = async (workspace: WorkspaceId, n: number) =>
  (await readLinked(env.DB, workspace, visitor(n))).toSorted();
const ids = (...all: number[]): VisitorId[] => all.map(visitor).toSorted();

async function rows(workspace: WorkspaceId, table: string) {
  const { results } = await env.DB.prepare(
    `SELECT * FROM ${table} WHERE workspace_id = ? ORDER BY 2, 3, 4`,
  )
    .bind(workspace)
    .all();
  return results;
}
const pairs = async (workspace: WorkspaceId) =>
  (await rows(workspace, "visitor_links")).map((row) => [row["one_id"], row["other_id"]]);

describe("a link", () => {
  test("is the same from both sides, however often and whoever is named first", async () => {
    const workspace = newWorkspace();
    expect((await link(workspace, 2, 1))?.toSorted()).toEqual(ids(1, 2));
    const held = await rows(workspace, "visitor_links");
    expect(held).toMatchObject([{ one_id: visitor(1), other_id: visitor(2), by }]);
    await link(workspace, 1, 2);
    await link(workspace, 2, 1);
    expect(await rows(workspace, "visitor_links")).toEqual(held);
    expect(await linked(workspace, 1)).toEqual(ids(1, 2));
    expect(await linked(workspace, 2)).toEqual(ids(1, 2));
    expect(await linked(newWorkspace(), 1)).toEqual(ids(1));
    expect(await rows(workspace, "link_changes")).toMatchObject([{ what: "linked", by }]);
  });

  test("leads on: whoever is linked with one is linked with all", async () => {
    const workspace = newWorkspace();
    await link(workspace, 1, 2);
    await link(workspace, 2, 3);
    for (const n of [1, 2, 3]) expect(await linked(workspace, n)).toEqual(ids(1, 2, 3));
    // They are together already: a link more would have to be undone, too.
    await link(workspace, 1, 3);
    expect(await pairs(workspace)).toHaveLength(2);
    await undo(workspace, 3, 2);
    expect(await linked(workspace, 1)).toEqual(ids(1, 2));
    expect(await linked(workspace, 3)).toEqual(ids(3));
  });

  test("that is undone leaves everything as it was, and is undone once", async () => {
    const workspace = newWorkspace();
    await link(workspace, 1, 2);
    await dismissPair(env.DB, pair(workspace, 2, 3));
    const before = [
      await rows(workspace, "visitor_links"),
      await rows(workspace, "distinct_visitors"),
    ];
    await link(workspace, 2, 3);
    expect((await undo(workspace, 2, 3)).toSorted()).toEqual(ids(1, 2, 3));
    await undo(workspace, 2, 3);
    await undo(workspace, 1, 3);
    expect([
      await rows(workspace, "visitor_links"),
      await rows(workspace, "distinct_visitors"),
    ]).toEqual(before);
    const changes = await rows(workspace, "link_changes");
    expect(changes.map((row) => row["what"])).toEqual(["linked", "dismissed", "linked", "undone"]);
  });

  test.each([LINKED_MAX - 1, LINKED_MAX])("makes a group of %i", async (size) => {
    const workspace = newWorkspace();
    for (let n = 1; n < size; n++) expect(await link(workspace, n, n + 1)).not.toBeNull();
    expect(await linked(workspace, 1)).toHaveLength(size);
  });

  test("makes no group above the limit, whichever two groups it would bring together", async () => {
    const workspace = newWorkspace();
    for (let n = 1; n < LINKED_MAX; n++) await link(workspace, n, n + 1);
    expect(await link(workspace, 1, 50)).toBeNull();
    expect(await link(workspace, 50, LINKED_MAX)).toBeNull();
    expect(await link(workspace, 1, LINKED_MAX)).toHaveLength(LINKED_MAX);
    await link(workspace, 60, 61);
    expect(await link(workspace, 61, 4)).toBeNull();
    expect(await linked(workspace, 60)).toEqual(ids(60, 61));
    expect(await rows(workspace, "link_changes")).toHaveLength(LINKED_MAX);
  });

  test("of many at once is one", async () => {
    const workspace = newWorkspace();
    await Promise.all([link(workspace, 1, 2), link(workspace, 2, 1), link(workspace, 1, 2)]);
    expect(await pairs(workspace)).toHaveLength(1);
  });

  test("to itself is none", async () => {
    const workspace = newWorkspace();
    await link(workspace, 1, 1);
    await dismissPair(env.DB, pair(workspace, 1, 1));
    expect(await pairs(workspace)).toEqual([]);
    expect(await rows(workspace, "distinct_visitors")).toEqual([]);
    expect(await rows(workspace, "link_changes")).toEqual([]);
  });
});

describe("a visitor that is joined into another one", () => {
  test("brings its links and what was dismissed along, once", async () => {
    const workspace = newWorkspace();
    await link(workspace, 1, 2);
    await dismissPair(env.DB, pair(workspace, 1, 3));
    const [held] = await rows(workspace, "visitor_links");
    for (let times = 0; times < 2; times++) {
      await join(workspace, 1, 4);
      expect(await rows(workspace, "visitor_links")).toEqual([
        { ...held, one_id: visitor(2), other_id: visitor(4) },
      ]);
      expect(await rows(workspace, "distinct_visitors")).toMatchObject([
        { one_id: visitor(3), other_id: visitor(4) },
      ]);
    }
  });

  test("is linked with its heir no more, and named later it is its heir", async () => {
    const workspace = newWorkspace();
    await link(workspace, 1, 2);
    await link(workspace, 2, 3);
    await join(workspace, 1, 2);
    expect(await pairs(workspace)).toEqual([ids(2, 3)]);
    await link(workspace, 5, 1);
    expect(await linked(workspace, 2)).toEqual(ids(2, 3, 5));
    await undo(workspace, 1, 5);
    expect(await linked(workspace, 2)).toEqual(ids(2, 3));
    await link(workspace, 1, 2);
    expect(await pairs(workspace)).toEqual([ids(2, 3)]);
  });

  test("joined on and on, in whichever order: links are between those who are left, and lead where they led", async () => {
    const numbers = fc.tuple(fc.nat(6), fc.nat(6));
    await fc.assert(
      fc.asyncProperty(
        fc.array(numbers, { maxLength: 8 }),
        fc.array(numbers, { maxLength: 4 }),
        async (links, joins) => {
          const workspace = newWorkspace();
          for (const [one, other] of links) await link(workspace, one, other);
          const together = await Promise.all(
            [0, 1, 2, 3, 4, 5, 6].map((n) => linked(workspace, n)),
          );
          for (const [one, into] of joins) await join(workspace, one, into);
          const ends = new Map(
            (await rows(workspace, "joined_visitors")).map((row) => [
              String(row["visitor_id"]),
              asId("vis", String(row["into_id"])),
            ]),
          );
          const endOf = (id: VisitorId): VisitorId => {
            const next = ends.get(id);
            return next === undefined ? id : endOf(next);
          };
          for (const [one, other] of await pairs(workspace)) {
            expect(String(one) < String(other)).toBe(true);
            expect([one, other].map((id) => endOf(asId("vis", String(id))))).toEqual([one, other]);
          }
          for (const [n, group] of together.entries()) {
            const now = await readLinked(env.DB, workspace, endOf(visitor(n)));
            expect(now).toEqual(expect.arrayContaining(group.map(endOf)));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test("may make a group above the limit: of that one the nearest are told", async () => {
    const workspace = newWorkspace();
    for (let n = 1; n < LINKED_MAX; n++) await link(workspace, n, n + 1);
    await link(workspace, 50, 51);
    await join(workspace, 50, 1);
    const { people, links } = await readPersonLinks(env.DB, workspace, visitor(51));
    expect(people).toHaveLength(LINKED_MAX);
    expect(people[0]?.id).toBe(visitor(51));
    expect(people[1]?.id).toBe(visitor(1));
    expect(links).toHaveLength(LINKED_MAX - 1);
  });
});

test("whom links lead to is looked up on both sides of a pair, and never by a walk through the table", async () => {
  const { results } = await env.DB.prepare(
    `EXPLAIN QUERY PLAN WITH RECURSIVE ${linkedTo("linked", "SELECT ?2", LINKED_MAX)} SELECT id FROM linked`,
  )
    .bind("wsp_1", "vis_1")
    .all<{ detail: string }>();
  const plan = results.map(({ detail }) => detail).join("\n");
  expect(plan).toContain("(workspace_id=? AND one_id=?)");
  expect(plan).toContain("visitor_links_by_other (workspace_id=? AND other_id=?)");
  expect(plan).not.toMatch(/SCAN l\b/);
});
