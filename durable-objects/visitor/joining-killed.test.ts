import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { Browser, cutOff, jwt, loop, holdVisitorQueues } from "../testing/people.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
  holdVisitorQueues();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const arrive = () => Browser.arrive(workspace);
const known = (userId: string) => Browser.known(workspace, userId);

describe("killed on the way", () => {
  const steps: [string, (isAfter: boolean) => { mockRestore(): void }][] = [
    [
      "D1 decides the join",
      (isAfter) => {
        const original = bindings.DB.batch.bind(bindings.DB);
        let asked = 0;
        return vi.spyOn(bindings.DB, "batch").mockImplementation(async (statements) => {
          const isJoin = ++asked === 2;
          if (!isJoin || isAfter) await original(statements).then((results) => !isJoin && results);
          if (isJoin) throw new Error("killed");
          return original(statements);
        });
      },
    ],
    [
      "the rights end on a conversation",
      (isAfter) => cutOff(bindings.CONVERSATION, "endDevice", isAfter),
    ],
    [
      "the device is passed on there",
      (isAfter) => cutOff(bindings.CONVERSATION, "passDevice", isAfter),
    ],
    ["a first part has arrived", (isAfter) => cutOff(bindings.VISITOR, "inherit", isAfter, 1)],
    ["no part arrives", (isAfter) => cutOff(bindings.VISITOR, "inherit", isAfter)],
    ["the device is taken over", (isAfter) => cutOff(bindings.VISITOR, "adopt", isAfter)],
  ];

  describe.each(steps)("as %s", (_, fail) => {
    test.each([
      ["before", false],
      ["after", true],
    ])("%s: the alarm finishes it once, and the page follows", async (_, isAfter) => {
      const ann = await known("ann");
      await ann.track("Bell Rung");
      const phone = await arrive();
      const { conversation } = await phone.write("Before I signed in");
      // More than one part.
      for (let i = 0; i < 210; i++) await phone.track("Bell Rung");
      const former = phone.visitor;
      const cut = fail(isAfter);
      expect(await phone.prove(jwt("ann", "ann@example.com"))).toEqual({ kind: "waiting" });
      cut.mockRestore();
      await phone.evict();
      await ann.evict();
      await phone.alarm();
      await ann.alarm();
      expect(await ann.count("Bell Rung")).toBe(211);
      expect((await ann.card()).conversations).toEqual([conversation]);
      expect(await phone.follow()).toMatchObject({
        isEnded: false,
        conversation: { id: conversation },
      });
      expect(phone.visitor).toBe(ann.visitor);
      await phone.alarm();
      expect(await ann.count("Bell Rung")).toBe(211);
      expect((await ann.timeline()).filter(({ type }) => type === "joined")).toHaveLength(1);
      expect(await ann.verified()).toEqual(["ann@example.com", "ann"]);
      expect(await peers.visitor(workspace, former).card()).toMatchObject({ id: ann.visitor });
      expect((await phone.write("And after", 2)).answer).toMatchObject({ t: "ack", conversation });
    });
  });
});

test(
  "however people come, prove, and come back: counters are the sum of what happened, and nobody is two people",
  { timeout: 120_000 },
  async () => {
    const step = fc.record({
      who: fc.nat(3),
      does: fc.constantFrom(
        "visit",
        "track",
        "sub-a",
        "sub-b",
        "mail-a",
        "mail-b",
        "both-a",
        "evict",
        "alarm",
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        workspace = newId("wsp", Date.now());
        const browsers = await Promise.all(Array.from({ length: 4 }, arrive));
        const everybody = new Set(browsers.map(({ visitor }) => visitor));
        let tracked = 0;
        for (const { who, does } of steps) {
          const browser = browsers[who];
          if (browser === undefined) continue;
          if (does === "track") {
            const outcome = await browser.track("Bell Rung");
            if (!outcome.isEnded) tracked++;
          } else if (does === "visit") {
            const outcome = await browser.follow();
            if (outcome.isEnded) browsers[who] = await arrive();
          } else if (does === "evict") await browser.evict();
          else if (does === "alarm") await browser.alarm();
          else {
            const proofs = {
              "sub-a": jwt("a"),
              "sub-b": jwt("b"),
              "mail-a": loop("a@example.com"),
              "mail-b": loop("b@example.com"),
              "both-a": jwt("a", "a@example.com"),
            };
            await browser.prove(proofs[does]);
          }
          everybody.add(browsers[who]?.visitor ?? browser.visitor);
        }
        for (let round = 0; round < 3; round++)
          for (const visitor of everybody) await Object.assign(await arrive(), { visitor }).alarm();
        const cards = await Promise.all(
          [...everybody].map((visitor) => peers.visitor(workspace, visitor).card()),
        );
        const people = new Map(cards.flatMap((card) => (card === null ? [] : [[card.id, card]])));
        const rung = [...people.values()].map(
          ({ events }) => events.find(({ name }) => name === "Bell Rung")?.count ?? 0,
        );
        expect(rung.reduce((sum, count) => sum + count, 0)).toBe(tracked);
        const proven = [...people.values()].flatMap(({ identifiers }) =>
          identifiers.filter((one) => one.isVerified).map(({ kind, value }) => `${kind}:${value}`),
        );
        expect(new Set(proven).size, String(proven)).toBe(proven.length);
        for (const { identifiers } of people.values())
          expect(
            identifiers.filter(({ kind, isVerified }) => kind === "user_id" && isVerified).length,
          ).toBeLessThanOrEqual(1);
      }),
      { numRuns: 15 },
    );
  },
);
