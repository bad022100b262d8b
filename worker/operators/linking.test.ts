import { beforeAll, describe, expect, test } from "vitest";
import type { ConversationSummary } from "../../protocol/conversation-frames.ts";
import { newId, type VisitorId } from "../../protocol/ids.ts";
import {
  FOUND_MAX,
  LINKED_MAX,
  LIST_PAGE_SIZE,
  LOOK_UP_MAX,
  SUGGESTIONS_MAX,
} from "../../protocol/limits.ts";
import type {
  PeopleFound,
  PersonLinks,
  TogetherConversations,
  TogetherTimeline,
} from "../../protocol/linking.ts";
import type { TimelinePage } from "../../protocol/operator-api.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import { Browser, jwt, loop } from "../../durable-objects/testing/people.ts";
import { env } from "../testing/operator-browser.ts";
import { project } from "../testing/projected.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let shop: WorkspaceFixture;
let count = 0;
beforeAll(async () => {
  shop = await newWorkspace("linking");
});

/** Somebody who claims this of themselves, as D1 knows them. */
async function claimant(traits: object, workspace = shop): Promise<Browser> {
  const browser = await Browser.arrive(workspace.me.workspace.id);
  await browser.does({ type: "identify", traits });
  await known(browser);
  return browser;
}
const known = (browser: Browser) => project(browser.workspace, browser.visitor);
const address = () => `person-${++count}@example.com`;

const pathOf = (visitor: VisitorId | Browser, more = "links") =>
  `/api/visitors/${typeof visitor === "string" ? visitor : visitor.visitor}/${more}`;
const linksOf = (visitor: VisitorId | Browser, owner = shop.owner) =>
  owner.call<PersonLinks>("GET", pathOf(visitor));
const suggested = async (visitor: Browser) =>
  (await linksOf(visitor)).suggestions.map(({ person }) => person.id);
const change = (one: Browser, other: Browser, what: "" | "/undo" | "/dismiss" = "") =>
  shop.owner.call<PersonLinks>("POST", pathOf(one, `links${what}`), { visitor: other.visitor });

describe("who may be the same person", () => {
  test("is whoever claims or has proven the same address or number, however it is written", async () => {
    const email = address();
    const ann = await claimant({ email, name: "Ann" });
    const phone = await claimant({ email: email.toUpperCase(), phone: "+49 151 1234567" });
    const mobile = await claimant({ phone: "+49 (151) 123-4567" });
    const proven = await Browser.arrive(shop.me.workspace.id);
    await proven.prove(loop(email));
    await known(proven);
    await claimant({ email: `x${email}` });

    const { suggestions, people, links, hasMore } = await linksOf(ann);
    expect(people.map(({ id }) => id)).toEqual([ann.visitor]);
    expect([links, hasMore]).toEqual([[], false]);
    expect(
      suggestions.map(({ person: { id }, shares, isAnotherLogin }) => [id, shares, isAnotherLogin]),
    ).toEqual([
      [proven.visitor, [{ kind: "email", value: email, isVerified: true }], false],
      [phone.visitor, [{ kind: "email", value: email, isVerified: false }], false],
    ]);
    expect(await suggested(mobile)).toEqual([phone.visitor]);
    expect((await suggested(phone)).toSorted()).toEqual(
      [ann.visitor, proven.visitor, mobile.visitor].toSorted(),
    );
  });

  test("may sign in as somebody else, and then comes last and is marked", async () => {
    const email = address();
    const login = async (userId: string) => {
      const browser = await claimant({ email });
      await browser.prove(jwt(userId));
      await known(browser);
      return browser;
    };
    const ann = await login(`ann-${email}`);
    const bob = await login(`bob-${email}`);
    const nobody = await claimant({ email });
    const { suggestions } = await linksOf(ann);
    expect(suggestions.map(({ person, isAnotherLogin }) => [person.id, isAnotherLogin])).toEqual([
      [nobody.visitor, false],
      [bob.visitor, true],
    ]);
    expect((await linksOf(nobody)).suggestions.map((one) => one.isAnotherLogin)).toEqual([
      false,
      false,
    ]);
  });

  test("is not whoever shares nothing any more, or is of another workspace", async () => {
    const email = address();
    const ann = await claimant({ email });
    const other = await claimant({ email });
    expect(await suggested(ann)).toEqual([other.visitor]);
    await other.does({ type: "identify", traits: { email: address() } });
    await known(other);
    expect(await suggested(ann)).toEqual([]);
    const elsewhere = await newWorkspace(`elsewhere${++count}`);
    await claimant({ email }, elsewhere);
    expect(await suggested(ann)).toEqual([]);
  });

  test.each([
    [SUGGESTIONS_MAX - 1, SUGGESTIONS_MAX - 1, false],
    [SUGGESTIONS_MAX, SUGGESTIONS_MAX, false],
    [SUGGESTIONS_MAX + 1, SUGGESTIONS_MAX, true],
    [40, SUGGESTIONS_MAX, true],
  ])(
    "of %i who share an address are %i, and few rows are read for them",
    async (others, shown, hasMore) => {
      const email = address();
      const workspace = shop.me.workspace.id;
      await env.DB.batch(
        Array.from({ length: others }, (_, n) => newId("vis", n)).flatMap((id) => [
          env.DB.prepare("INSERT INTO known_as VALUES (?, 'email', ?, ?)").bind(
            workspace,
            email,
            id,
          ),
          env.DB.prepare(
            `INSERT INTO visitors (workspace_id, id, placeholder, first_seen_at, last_seen_at, properties, card, version)
           VALUES (?, ?, 'Amber Otter', 1, 1, '[]', '{"identifiers":[]}', 1)`,
          ).bind(workspace, id),
        ]),
      );
      const ann = await claimant({ email });
      let read = 0;
      const { batch } = env.DB;
      env.DB.batch = async (statements) => {
        const results = await batch.call(env.DB, statements);
        for (const { meta } of results) read += meta.rows_read;
        return results as never; // what was asked for
      };
      const found = await linksOf(ann).finally(() => (env.DB.batch = batch));
      expect(found.suggestions).toHaveLength(shown);
      expect(found.hasMore).toBe(hasMore);
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(60);
    },
  );

  test("is dismissed for good, for this pair alone and from both sides, by whichever operator", async () => {
    const email = address();
    const [ann, bob, carl] = [
      await claimant({ email }),
      await claimant({ email }),
      await claimant({ email }),
    ];
    const agent = await newColleague(shop, `agent-${++count}@example.com`, "agent");
    await agent.browser.call("POST", pathOf(ann, "links/dismiss"), { visitor: bob.visitor });
    await change(bob, ann, "/dismiss");
    expect(await suggested(ann)).toEqual([carl.visitor]);
    expect(await suggested(bob)).toEqual([carl.visitor]);
    expect((await suggested(carl)).toSorted()).toEqual([ann.visitor, bob.visitor].toSorted());
    const { changes } = await linksOf(bob);
    expect(changes).toMatchObject([
      { what: "dismissed", other: { id: ann.visitor }, at: expect.any(Number) },
    ]);
    // They may be linked all the same, and undoing that brings no suggestion back.
    await change(ann, bob);
    expect((await linksOf(ann)).people).toHaveLength(2);
    await change(ann, bob, "/undo");
    expect(await suggested(ann)).toEqual([carl.visitor]);
  });
});

describe("looking people up", () => {
  const search = (q: string, owner = shop.owner) =>
    owner.call<PeopleFound>("GET", `/api/visitors/search?q=${encodeURIComponent(q)}`);
  const ids = async (q: string) => (await search(q)).people.map(({ id }) => id);

  test("finds them by how a word of the name, the address or the number begins", async () => {
    const zoe = await claimant({
      name: "Zoë Quackenbush",
      email: "Zoe.Q@example.org",
      phone: "+43 660 99887766",
    });
    for (const q of [
      "zoe",
      "ZOË quack",
      "quacken",
      "zoe.q@",
      "zoe.q@example.org",
      "+43660998",
      "43 660 998",
    ])
      expect(await ids(q), q).toEqual([zoe.visitor]);
    for (const q of ["uackenbush", "example.org", "zoe bush", "+44"])
      expect(await ids(q), q).toEqual([]);
    const elsewhere = await newWorkspace(`lookup${++count}`);
    expect(await search("zoe", elsewhere.owner)).toEqual({ people: [] });
  });

  test("takes what people type for what it is, and shows no more than the limit", async () => {
    for (let n = 0; n < FOUND_MAX + 1; n++) await claimant({ name: `Mallory ${n}` });
    expect(await ids("mallory")).toHaveLength(FOUND_MAX);
    for (const q of ["%", "_", "'; DROP TABLE visitors; --", "\\", "*", "\u0000"])
      expect(await ids(q), q).toEqual([]);
    for (const [length, status] of [
      [LOOK_UP_MAX - 1, 200],
      [LOOK_UP_MAX, 200],
      [LOOK_UP_MAX + 1, 400],
      [0, 400],
    ] as const) {
      const answer = await shop.owner.fetch(`/api/visitors/search?q=${"x".repeat(length)}`);
      expect(answer.status).toBe(status);
    }
  });
});

describe("two visitors that are linked", () => {
  test("are told of one another with who did it, suggest one another no more, and are two again when it is undone", async () => {
    const email = address();
    const [ann, bob] = [await claimant({ email, name: "Ann" }), await claimant({ email })];
    const before = [await linksOf(ann), await linksOf(bob)];
    await change(ann, bob);
    const linked = await change(bob, ann);
    expect(linked.people.map(({ id }) => id)).toEqual([bob.visitor, ann.visitor]);
    expect(linked.links).toMatchObject([{ by: "Owner", at: expect.any(Number) }]);
    expect(linked.suggestions).toEqual([]);
    expect((await linksOf(ann)).links).toEqual(linked.links);
    await change(bob, ann, "/undo");
    await change(ann, bob, "/undo");
    const after = [await linksOf(ann), await linksOf(bob)];
    for (const [n, links] of after.entries()) expect({ ...links, changes: [] }).toEqual(before[n]);
    expect(after[0]?.changes.map(({ what, by, other }) => [what, by, other.id])).toEqual([
      ["undone", "Owner", bob.visitor],
      ["linked", "Owner", bob.visitor],
    ]);
  });

  test("are shown to whoever is on the Inbox without asking again", async () => {
    const [ann, bob] = [await claimant({ name: "Ann" }), await claimant({ name: "Bob" })];
    const answer = await shop.owner.open("/api/inbox/socket");
    if (answer.webSocket === null) throw new Error("no socket");
    const socket = new TestSocket(answer.webSocket);
    await change(ann, bob);
    const frame = await socket.until(({ t }) => t === "links");
    expect(frame["visitors"]).toEqual(expect.arrayContaining([ann.visitor, bob.visitor]));
    await change(bob, ann, "/undo");
    const undone = await socket.until((one) => one["t"] === "links" && one !== frame);
    // Whoever looks at one of them is no more suggested the other.
    await change(bob, ann, "/dismiss");
    await socket.until((one) => one["t"] === "links" && one !== frame && one !== undone);
    socket.close();
  });

  test("of whom one is joined into a third: the link is the third one's, and ends with the two being one", async () => {
    const userId = `user-${address()}`;
    const known1 = await Browser.arrive(shop.me.workspace.id);
    await known1.prove(jwt(userId));
    const ann = await claimant({ name: "Ann" });
    const bob = await claimant({ name: "Bob" });
    const former = ann.visitor;
    await change(ann, bob);
    await ann.prove(jwt(userId));
    expect(ann.visitor).toBe(known1.visitor);
    expect((await linksOf(bob)).people.map(({ id }) => id)).toEqual([bob.visitor, ann.visitor]);
    const left = "SELECT * FROM known_as WHERE workspace_id = ? AND visitor_id = ?";
    const { results } = await env.DB.prepare(left).bind(shop.me.workspace.id, former).all();
    expect(results).toEqual([]);
    // Under its former id it is the third one, too.
    expect((await linksOf(former)).people.map(({ id }) => id)).toEqual([ann.visitor, bob.visitor]);
    const { items } = await shop.owner.call<TogetherTimeline>(
      "GET",
      pathOf(former, "together/timeline"),
    );
    expect(new Set(items.map((line) => line.visitor))).toEqual(new Set([ann.visitor, bob.visitor]));
    await bob.prove(jwt(userId));
    expect(bob.visitor).toBe(ann.visitor);
    const { people, links } = await linksOf(ann);
    expect([people.map(({ id }) => id), links]).toEqual([[ann.visitor], []]);
  });

  test("are no more than the limit together", async () => {
    const group: Browser[] = [];
    for (let n = 0; n <= LINKED_MAX; n++) group.push(await claimant({ name: `Member ${n}` }));
    const [first, ...others] = group;
    const last = others.pop();
    if (first === undefined || last === undefined) throw new Error("there are some");
    for (const other of others) await change(first, other);
    expect((await linksOf(first)).people).toHaveLength(LINKED_MAX);
    const refused = await shop.owner.fetch(pathOf(first), {
      method: "POST",
      body: { visitor: last.visitor },
    });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { code: "limit_reached" } });
    expect((await linksOf(last)).people).toHaveLength(1);
  });

  test.each(["links", "links/undo", "links/dismiss"])(
    "are of one workspace: of another one's visitor POST %s says what it says of a missing one",
    async (path) => {
      const theirs = await newWorkspace(`theirs${++count}`);
      const ann = await claimant({ name: "Ann" });
      const answers = await Promise.all(
        [theirs.visitor, newId("vis", Date.now()), "vis_", "nothing", "__proto__"].map(
          async (visitor) => {
            const answer = await shop.owner.fetch(pathOf(ann, path), {
              method: "POST",
              body: { visitor },
            });
            return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
          },
        ),
      );
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^404 /);
      const { results } = await env.DB.prepare(
        "SELECT * FROM link_changes WHERE one_id = ?1 OR other_id = ?1",
      )
        .bind(theirs.visitor)
        .all();
      expect(results).toEqual([]);
    },
  );
});

describe("what is shown of both", () => {
  async function walk(visitor: Browser) {
    const all: TogetherTimeline["items"] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(20);
      const more: string = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const page: TogetherTimeline = await shop.owner.call(
        "GET",
        pathOf(visitor, `together/timeline${more}`),
      );
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  }

  test("is everything of each, once and by time, over pages, with whose it is", async () => {
    const [ann, bob] = [await claimant({ name: "Ann" }), await claimant({ name: "Bob" })];
    for (let n = 0; n < 40; n++) {
      await ann.track(`Ann ${n}`);
      await bob.track(`Bob ${n}`);
    }
    await change(ann, bob);
    for (const [visitor, beside] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      const all = await walk(visitor);
      const times = all.map(({ item }) => item.at);
      expect(times).toEqual(times.toSorted((one, other) => other - one));
      for (const one of [visitor, beside]) {
        const own: TimelinePage["items"] = [];
        for (let before: string | null = ""; before !== null;) {
          const page: TimelinePage = await shop.owner.call(
            "GET",
            pathOf(one, `timeline${before === "" ? "" : `?before=${before}`}`),
          );
          own.push(...page.items);
          before = page.nextBefore;
        }
        expect(own.length).toBeGreaterThan(40);
        expect(all.filter((line) => line.visitor === one.visitor).map((line) => line.item)).toEqual(
          own,
        );
      }
    }
    await change(ann, bob, "/undo");
    expect((await walk(ann)).every((line) => line.visitor === ann.visitor)).toBe(true);
  });

  test("is all of somebody who did much, and once what somebody did who did little, 50 at a time", async () => {
    const ann = await claimant({ name: "Ann" });
    for (let n = 0; n < 2 * LIST_PAGE_SIZE; n++) await ann.track(`Ann ${n}`);
    // All of Bob's stands on the first page.
    const bob = await claimant({ name: "Bob" });
    await bob.track("Bob");
    await change(ann, bob);
    const { items } = await shop.owner.call<TogetherTimeline>(
      "GET",
      pathOf(ann, "together/timeline"),
    );
    expect(items).toHaveLength(LIST_PAGE_SIZE);
    const all = await walk(ann);
    const keys = all.map(({ visitor, item }) => `${visitor} ${item.seq}.${item.index}`);
    expect(new Set(keys).size).toBe(keys.length);
    const told = (visitor: Browser) =>
      all.filter((line) => line.visitor === visitor.visitor).length;
    expect(told(ann)).toBeGreaterThan(2 * LIST_PAGE_SIZE);
    expect(told(bob)).toBeLessThan(LIST_PAGE_SIZE);
  });

  test("has the conversations of each, and a cursor that is none is refused", async () => {
    const [ann, bob] = [await claimant({ name: "Ann" }), await claimant({ name: "Bob" })];
    for (const browser of [ann, bob]) {
      const { conversation } = await browser.write(`CANARY ${browser.visitor}`);
      const summary = await shop.owner.call<ConversationSummary>(
        "GET",
        `/api/conversations/${conversation}`,
      );
      // As a list has it that has not heard yet who its person turned out to be.
      const former = { ...summary, visitor: { ...summary.visitor, id: newId("vis", 1) } };
      await env.DB.prepare(
        `INSERT OR REPLACE INTO conversations (workspace_id, id, visitor_id, status, summary, unread, last_at, version)
         VALUES (?, ?, ?, 'open', ?, 0, ?, 999)`,
      )
        .bind(browser.workspace, conversation, browser.visitor, JSON.stringify(former), ++count)
        .run();
    }
    const asked = (visitor: Browser) =>
      shop.owner.call<TogetherConversations>("GET", pathOf(visitor, "together/conversations"));
    expect((await asked(ann)).conversations.map(({ visitor }) => visitor)).toEqual([ann.visitor]);
    await change(ann, bob);
    const both = await asked(ann);
    expect(both.conversations.map(({ visitor }) => visitor)).toEqual([bob.visitor, ann.visitor]);
    expect(both.conversations.map(({ summary }) => summary.last?.text)).toEqual([
      `CANARY ${bob.visitor}`,
      `CANARY ${ann.visitor}`,
    ]);
    for (const [part, cursor] of [
      ["timeline", "nonsense"],
      ["timeline", `${ann.visitor}.x`],
      ["timeline", `${ann.visitor}.1.99999`],
      ["timeline", `${shop.me.workspace.id}.1.1`],
      ["conversations", "nonsense"],
    ])
      expect(
        (await shop.owner.fetch(pathOf(ann, `together/${part}?cursor=${cursor}`))).status,
      ).toBe(400);
  });
});
