import { describe, expect, test } from "vitest";
import { placeholderName } from "../../domain/visitors/placeholder.ts";
import { newId, type OperatorId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { FOUND_MAX, SUGGESTIONS_MAX } from "../../protocol/limits.ts";
import type { Identifier } from "../../protocol/person.ts";
import { env } from "../testing/operator-browser.ts";
import { findPeople } from "./people-found.ts";
import { readPersonLinks } from "./person-links.ts";
import { dismissPair, linkVisitors, undoLink } from "./visitor-links.ts";

const AT = 1_700_000_000_000;
let made = 0;
const workspaceId = (): WorkspaceId => newId("wsp", AT);
const by: OperatorId = newId("opr", AT);

type Known = { name?: string; identifiers?: Identifier[]; lastSeenAt?: number };
const email = (value: string, isVerified = false): Identifier => {
  return { kind: "email", value, isVerified };
};
const userId = (value: string, isVerified = true): Identifier => {
  return { kind: "user_id", value, isVerified };
};

/** Somebody as the projection leaves them. Later ones have later ids. */
async function person(workspace: WorkspaceId, known: Known = {}): Promise<VisitorId> {
  const { name = null, identifiers = [], lastSeenAt = AT } = known;
  const id = newId("vis", AT + ++made);
  const keys = identifiers
    .filter(({ kind }) => kind !== "user_id")
    .map(({ kind, value }) => [kind, value] as const);
  const all = name === null ? keys : [...keys, ["name", name.toLowerCase()] as const];
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO visitors (workspace_id, id, name, placeholder, first_seen_at, last_seen_at, properties, card, version)
       VALUES (?, ?, ?, 'Amber Otter', 1, ?, '[]', ?, 1)`,
    ).bind(workspace, id, name, lastSeenAt, JSON.stringify({ identifiers })),
    ...all.map(([kind, value]) =>
      env.DB.prepare("INSERT INTO known_as VALUES (?, ?, ?, ?)").bind(workspace, kind, value, id),
    ),
  ]);
  return id;
}
const change = (workspace: WorkspaceId, one: VisitorId, other: VisitorId, at = AT) => {
  return { workspace, visitors: [one, other] as const, by, at };
};
const suggested = async (workspace: WorkspaceId, visitor: VisitorId) =>
  (await readPersonLinks(env.DB, workspace, visitor)).suggestions;

describe("who may be the same person", () => {
  test("comes in this order: who has proven it, who was seen last, and at the end who signs in as somebody else", async () => {
    const workspace = workspaceId();
    const shared = email("shared@example.com");
    const ann = await person(workspace, { identifiers: [shared, userId("ann")] });
    const bob = await person(workspace, {
      identifiers: [email(shared.value, true), userId("bob")],
      lastSeenAt: AT + 9,
    });
    const proven = await person(workspace, { identifiers: [email(shared.value, true)] });
    const long = await person(workspace, { identifiers: [shared], lastSeenAt: AT + 1 });
    const late = await person(workspace, { identifiers: [shared], lastSeenAt: AT + 2 });
    const found = await suggested(workspace, ann);
    expect(found.map((one) => one.person.id)).toEqual([proven, late, long, bob]);
    expect(found.map((one) => one.isAnotherLogin)).toEqual([false, false, false, true]);
  });

  test("signs in as somebody else only where both have proven who they are", async () => {
    const workspace = workspaceId();
    const shared = email("shared@example.com");
    const ann = await person(workspace, { identifiers: [shared, userId("ann")] });
    await person(workspace, { identifiers: [shared, userId("bob", false)] });
    expect((await suggested(workspace, ann))[0]?.isAnotherLogin).toBe(false);
  });

  test("has proven what they share, and not something else of its kind", async () => {
    const workspace = workspaceId();
    const shared = email("shared@example.com");
    const ann = await person(workspace, { identifiers: [shared] });
    await person(workspace, { identifiers: [shared, email("other@example.com", true)] });
    expect((await suggested(workspace, ann))[0]?.shares).toEqual([
      { kind: "email", value: shared.value, isVerified: false },
    ]);
  });

  test("shares an address or a number, and not a name", async () => {
    const workspace = workspaceId();
    const ann = await person(workspace, { name: "Ann" });
    await person(workspace, { name: "Ann" });
    expect(await suggested(workspace, ann)).toEqual([]);
  });

  test("is nobody who is linked already, also by way of somebody else, nor who was said to be another one", async () => {
    const workspace = workspaceId();
    const known = { identifiers: [email("shared@example.com")] };
    const [ann, bob, carl] = [
      await person(workspace, known),
      await person(workspace, known),
      await person(workspace, known),
    ];
    const [dora, eve] = [await person(workspace, known), await person(workspace, known)];
    await linkVisitors(env.DB, change(workspace, ann, bob));
    await linkVisitors(env.DB, change(workspace, bob, carl));
    await dismissPair(env.DB, change(workspace, dora, ann));
    expect((await suggested(workspace, ann)).map((one) => one.person.id)).toEqual([eve]);
    expect((await suggested(workspace, bob)).map((one) => one.person.id).toSorted()).toEqual(
      [dora, eve].toSorted(),
    );
  });

  test("is one of the newest, of more than are suggested", async () => {
    const workspace = workspaceId();
    const shared = email("shared@example.com");
    const ann = await person(workspace, { identifiers: [shared] });
    const others: VisitorId[] = [];
    for (let n = 0; n <= 2 * SUGGESTIONS_MAX; n++)
      others.push(await person(workspace, { identifiers: [shared], lastSeenAt: AT + n }));
    await person(workspace, { name: "Nobody" });
    const { suggestions, hasMore } = await readPersonLinks(env.DB, workspace, ann);
    expect(suggestions.map((one) => one.person.id)).toEqual(
      others.slice(-SUGGESTIONS_MAX).toReversed(),
    );
    expect(hasMore).toBe(true);
  });
});

describe("what is told of links", () => {
  test("names somebody whom the lists have not heard of by their placeholder", async () => {
    const workspace = workspaceId();
    const [ann, unheard] = [await person(workspace), newId("vis", AT)];
    await linkVisitors(env.DB, change(workspace, ann, unheard));
    const { people, changes } = await readPersonLinks(env.DB, workspace, ann);
    expect(people[1]).toMatchObject({ placeholder: placeholderName(unheard), lastSeenAt: 0 });
    expect(changes[0]?.other).toMatchObject({ placeholder: placeholderName(unheard) });
  });

  test("has the links in the order in which they were made, and the newest ten changes of this visitor", async () => {
    const workspace = workspaceId();
    const [ann, bob, carl] = [
      await person(workspace),
      await person(workspace),
      await person(workspace),
    ];
    await linkVisitors(env.DB, change(workspace, bob, carl, AT + 1));
    for (let n = 0; n < 5; n++) {
      await linkVisitors(env.DB, change(workspace, ann, bob, AT + 10 * n + 2));
      await undoLink(env.DB, change(workspace, bob, ann, AT + 10 * n + 3));
    }
    await linkVisitors(env.DB, change(workspace, ann, bob, AT + 100));
    const { links, changes } = await readPersonLinks(env.DB, workspace, ann);
    expect(links.map(({ at }) => at)).toEqual([AT + 1, AT + 100]);
    expect(changes.map(({ what, at }) => [what, at - AT])).toEqual([
      ["linked", 100],
      ["undone", 43],
      ["linked", 42],
      ["undone", 33],
      ["linked", 32],
      ["undone", 23],
      ["linked", 22],
      ["undone", 13],
      ["linked", 12],
      ["undone", 3],
    ]);
  });
});

describe("a change of links", () => {
  test("is of one workspace, also where another one has the same pair", async () => {
    const [own, other] = [workspaceId(), workspaceId()];
    const [ann, bob] = [newId("vis", AT), newId("vis", AT)];
    for (const workspace of [own, other]) await linkVisitors(env.DB, change(workspace, ann, bob));
    await undoLink(env.DB, change(own, ann, bob));
    expect((await readPersonLinks(env.DB, own, ann)).people).toHaveLength(1);
    expect((await readPersonLinks(env.DB, other, ann)).people).toHaveLength(2);
  });

  test("tells everybody who is linked with the two, also when they are said to be two", async () => {
    const workspace = workspaceId();
    const [ann, bob, carl] = [newId("vis", AT), newId("vis", AT), newId("vis", AT)];
    await linkVisitors(env.DB, change(workspace, ann, bob));
    const told = await dismissPair(env.DB, change(workspace, bob, carl));
    expect(told.toSorted()).toEqual([ann, bob, carl].toSorted());
  });
});

describe("people who are looked up", () => {
  test("come by their names first, and each by the alphabet", async () => {
    const workspace = workspaceId();
    const both = { name: "Mallory C", identifiers: [email("mallory.c@example.com")] };
    await person(workspaceId(), both);
    const byBoth = await person(workspace, both);
    await person(workspace, { name: "Mallos" });
    const byAddress = await person(workspace, { identifiers: [email("mallory@example.com")] });
    const later = await person(workspace, { name: "Mallory B" });
    const sooner = await person(workspace, { name: "Mallory A" });
    expect((await findPeople(env.DB, workspace, "mallory")).map(({ id }) => id)).toEqual([
      sooner,
      later,
      byBoth,
      byAddress,
    ]);
  });

  test("are no more than the limit, however many things of theirs begin so", async () => {
    const workspace = workspaceId();
    for (let n = 0; n < FOUND_MAX; n++) {
      await person(workspace, { name: `Mallory ${n}` });
      await person(workspace, { identifiers: [email(`mallory${n}@example.com`)] });
    }
    expect(await findPeople(env.DB, workspace, "mallory")).toHaveLength(FOUND_MAX);
  });
});
