import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chatSaying } from "../../domain/triggers/testing/samples.ts";
import type { Condition } from "../../protocol/conditions.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { asId, newId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections } from "../../worker/d1/projections.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { popup, setDefinitions, TRIGGER, trigger } from "../testing/definitions.ts";
import { Browser, cutOff, jwt, loop } from "../testing/people.ts";
import { OLIVIA, openOperatorSocket, openVisitorSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);
const TEAM = { online: [OLIVIA], others: [] };

let workspace: WorkspaceId;
let projected: ProjectionJob[];
beforeEach(() => {
  workspace = newId("wsp", Date.now());
  projected = [];
  vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
    projected.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  vi.spyOn(bindings.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const arrive = () => Browser.arrive(workspace);
async function known(userId: string): Promise<Browser> {
  const browser = await arrive();
  await browser.prove(jwt(userId));
  return browser;
}

describe("a visitor whose device proves what another visitor has", () => {
  test("is that one's with everything: events, counters, properties, cart, orders", async () => {
    const ann = await known("ann");
    await ann.does(
      { type: "set", ops: [{ op: "set", key: "plan", value: "gold" }] },
      {
        type: "track",
        name: "Order Completed",
        props: { order_id: "o-1", total: 10, currency: "EUR" },
      },
      { type: "track", name: "Bell Rung" },
    );
    const phone = await arrive();
    await phone.does(
      { type: "identify", traits: { name: "Ann", plan: "silver" } },
      { type: "set", ops: [{ op: "set", key: "taste", value: "mint" }] },
      {
        type: "track",
        name: "Order Completed",
        props: { order_id: "o-2", total: 5, currency: "EUR" },
      },
      {
        type: "track",
        name: "Product Added",
        props: { product_id: "k1", name: "Kettle", price: 5, currency: "EUR" },
      },
      { type: "track", name: "Bell Rung" },
    );
    const [one, other] = [await ann.card(), await phone.card()];
    expect(await phone.prove(jwt("ann"))).toMatchObject({ kind: "moved", isAnotherPerson: false });
    const joined = await ann.card();
    expect(joined).toMatchObject({
      id: ann.visitor,
      name: "Ann",
      cart: { items: [{ productId: "k1" }] },
      orders: { count: 2, totals: [{ currency: "EUR", amountMinor: 1_500 }] },
      sessions: 2,
      firstSeenAt: Math.min(one.firstSeenAt, other.firstSeenAt),
    });
    expect(Object.fromEntries(joined.properties.map(({ key, value }) => [key, value]))).toEqual({
      plan: "silver",
      taste: "mint",
    });
    for (const { name, count } of joined.events) {
      const of = (card: typeof one) => card.events.find((event) => event.name === name)?.count ?? 0;
      expect(count, name).toBe(of(one) + of(other));
    }
    const items = await ann.timeline();
    expect(items.filter(({ type }) => type === "joined")).toMatchObject([{ why: "user_id" }]);
    expect(items.filter((item) => item.type === "track" && item.name === "Bell Rung")).toHaveLength(
      2,
    );
    await ann.evict();
    expect(await ann.card()).toEqual(joined);
  });

  test("has an order counted once that both devices were told of, also in another grouping and after a refund", async () => {
    const order = (id: string, total: number) => ({
      type: "track",
      name: "Order Completed",
      props: { order_id: id, total, currency: "EUR" },
    });
    const ann = await known("ann");
    await ann.does(order("o-1", 10), order("o-2", 5));
    const phones = [await arrive(), await arrive()];
    for (const phone of phones) {
      await phone.does(order("o-2", 5), order("o-3", 1));
      for (let visits = 0; visits < 230; visits += 10)
        await phone.does(...Array.from({ length: 10 }, () => ({ type: "track", name: "Tick" })));
      await phone.does({ ...order("o-3", 1), name: "Order Refunded" });
    }
    for (const phone of phones) await phone.prove(jwt("ann"));
    expect((await ann.card()).orders).toMatchObject({
      count: 3,
      totals: [{ currency: "EUR", amountMinor: 1_400 }],
    });
  });

  test("brings its conversation, which is told to the other one from then on; both stay readable", async () => {
    const ann = await known("ann");
    const first = await ann.write("From the computer");
    const phone = await arrive();
    const former = phone.visitor;
    const second = await phone.write("From the phone");
    await phone.prove(jwt("ann"));
    const object = peers.conversation(workspace, asId("cnv", second.conversation));
    await expect.poll(() => object.summary()).toMatchObject({ visitor: { id: ann.visitor } });
    expect((await ann.card()).conversations.toSorted()).toEqual(
      [first.conversation, second.conversation].toSorted(),
    );
    expect(await phone.boot()).toMatchObject({
      conversation: { id: second.conversation, wrote: 1 },
    });

    // An operator answers there; the person's other devices hear of it.
    const computer = await openVisitorSocket(ann.object, ann.device);
    const operator = await openOperatorSocket(object, OLIVIA);
    await operator.ask({ t: "message", stream: "o", n: 1, text: "Hello Ann" });
    await computer.until(
      ({ t, conversation }) =>
        t === "conversation" && (conversation as { unread: number } | null)?.unread === 1,
    );
    // Tickets for both, under the new right and no other.
    const page = await openVisitorSocket(phone.object, phone.device);
    for (const { conversation } of [first, second])
      expect(await page.ask({ t: "ticket", conversation })).toMatchObject({ t: "ack" });
    expect(second.socket.closed ?? (await second.socket.untilClosed())).toMatchObject({
      code: CLOSE.moved,
    });

    // Whatever still comes to the former address is the person's.
    const late = peers.visitor(workspace, former);
    expect(await late.card()).toMatchObject({ id: ann.visitor });
    expect(await late.openConversation()).toEqual({ conversation: second.conversation });
    const state = {
      id: asId("cnv", second.conversation),
      status: "open" as const,
      through: 9,
      read: 0,
      unread: 7,
      preview: null,
      wrote: 1,
      answered: null,
    };
    await late.conversationChanged(state, 1_000, { own: null, subject: null });
    expect(await phone.boot()).toMatchObject({ conversation: { unread: 7 } });
    const watching = await openOperatorSocket(late, OLIVIA);
    expect(await watching.until(({ t }) => t === "hello")).toMatchObject({
      person: { id: ann.visitor },
    });
    await late.endSession("ses-1");
    expect(await watching.untilClosed()).toMatchObject({ code: CLOSE.ended });
  });

  test("hears of an answer in either conversation: the one that is answered last is the open one", async () => {
    const ann = await known("ann");
    const first = await ann.write("From the computer");
    const phone = await arrive();
    const second = await phone.write("From the phone");
    await phone.prove(jwt("ann"));
    const openOne = async () => (await ann.card()).openConversation;
    expect(await openOne()).toBe(second.conversation);
    for (const { conversation } of [first, second, first]) {
      const operator = await openOperatorSocket(
        peers.conversation(workspace, asId("cnv", conversation)),
        OLIVIA,
      );
      await operator.ask({ t: "message", stream: crypto.randomUUID(), n: 1, text: "Hello" });
      await expect.poll(openOne, { timeout: 10_000 }).toBe(conversation);
    }
  });

  test("is in the segments that both histories together make, as a reading of everything would say", async () => {
    const loud: Condition = {
      type: "event",
      name: "Bell Rung",
      where: [{ key: "loud", is: { type: "flag", value: true } }],
      times: { op: "at_least", n: 3 },
    };
    const rare: Condition = { type: "event", name: "Bell Rung", times: { op: "at_most", n: 1 } };
    await setDefinitions(bindings.DB, workspace, { segments: { seg_1: loud, seg_2: rare } });
    const ann = await known("ann");
    await ann.track("Bell Rung", { loud: true });
    const phone = await arrive();
    await phone.track("Bell Rung", { loud: true });
    await phone.track("Bell Rung", { loud: false });
    await phone.track("Bell Rung", { loud: true });
    const segments = async () => (await ann.card()).segments.map(({ id }) => id);
    expect(await segments()).toEqual(["seg_2"]);
    await phone.prove(jwt("ann"));
    expect(await segments()).toEqual(["seg_1"]);
    expect([await ann.object.matches(loud), await ann.object.matches(rare)]).toEqual([true, false]);
    await ann.evict();
    await ann.object.refresh();
    expect(await segments()).toEqual(["seg_1"]);
  });

  test("has sent what it has sent: a message that comes again under the new right is not another one", async () => {
    const ann = await known("ann");
    const phone = await arrive();
    const { answer, conversation } = await phone.write("Once", 1);
    await phone.prove(jwt("ann"));
    expect((await phone.write("Once", 1)).answer).toMatchObject({ t: "ack", seq: answer["seq"] });
    expect((await phone.write("Twice", 2)).answer).toMatchObject({ t: "ack" });
    const object = peers.conversation(workspace, asId("cnv", conversation));
    const texts = (await object.log(0, 100)).flatMap((entry) =>
      entry.type === "message" ? [entry.text] : [],
    );
    expect(texts).toEqual(["Once", "Twice"]);
    expect(ann.visitor).toBe(phone.visitor);
  });

  test("opens nothing to its other devices: they are sealed and start anew", async () => {
    const ann = await known("ann");
    const proving = await arrive();
    const other = await proving.beside();
    const { socket } = await other.write("Two of us here");
    await proving.prove(jwt("ann"));
    expect(await socket.untilClosed()).toMatchObject({ code: CLOSE.moved });
    expect(await other.boot()).toEqual({ isEnded: true });
    expect(await other.does({ type: "track", name: "A" })).toEqual({ isEnded: true });
    expect(await (await openVisitorSocket(other.object, other.device)).untilClosed()).toMatchObject(
      { code: CLOSE.moved },
    );
    expect(await other.prove(jwt("ann"))).toEqual({ kind: "ended" });
    const unseen = Object.assign(await arrive(), { visitor: other.visitor });
    expect(await unseen.boot()).toEqual({ isEnded: true });
    const conversation = asId("cnv", (await ann.card()).conversations[0] ?? "");
    const room = peers.conversation(workspace, conversation);
    expect(await (await openVisitorSocket(room, other.device)).untilClosed()).toMatchObject({
      code: CLOSE.ended,
    });
  });

  test("is never joined when it has a user id of its own: only the device goes", async () => {
    const ann = await known("ann");
    const ben = await known("ben");
    await ben.track("Ben's");
    const browser = await ben.beside();
    await browser.prove(jwt("ann"));
    expect(browser.visitor).toBe(ann.visitor);
    expect(await ann.count("Ben's")).toBe(0);
    expect(await ben.count("Ben's")).toBe(1);
    expect(await ben.boot()).toMatchObject({ isEnded: false });
  });
});

describe("a visitor known by a mailbox alone", () => {
  test("is joined into the user whose proof carries both", async () => {
    const mail = await arrive();
    await mail.prove(loop("ann@example.com"));
    await mail.track("By mail");
    const { conversation } = await mail.write("I wrote before");
    expect(await mail.verified()).toEqual(["ann@example.com"]);
    const ann = await known("ann");
    await ann.prove(jwt("ann", "ann@example.com"));
    expect(await ann.verified()).toEqual(["ann@example.com", "ann"]);
    expect(await ann.count("By mail")).toBe(1);
    expect((await ann.card()).conversations).toEqual([conversation]);
    // The proof was made elsewhere: this device gains nothing by it.
    expect(await mail.boot()).toEqual({ isEnded: true });
  });

  test("is the same person on every device that confirms it", async () => {
    const first = await arrive();
    await first.prove(loop("ann@example.com"));
    const second = await arrive();
    await second.track("A");
    await second.prove(loop("ann@example.com"));
    expect(second.visitor).toBe(first.visitor);
    expect(await first.count("A")).toBe(1);
    const ann = await known("ann");
    await ann.prove(loop("ann@example.com"));
    expect(await ann.count("A")).toBe(1);
    expect(await ann.verified()).toEqual(["ann@example.com", "ann"]);
  });

  test("two who confirm each other's mailbox at once become one, whoever was quicker", async () => {
    const [a, b] = [await arrive(), await arrive()];
    await a.prove(loop("a@example.com"));
    await b.prove(loop("b@example.com"));
    await a.track("A");
    await b.track("B");
    await Promise.all([a.prove(loop("b@example.com")), b.prove(loop("a@example.com"))]);
    for (let round = 0; round < 3; round++) await Promise.all([a.alarm(), b.alarm()]);
    await Promise.all([a.follow(), b.follow()]);
    expect(a.visitor).toBe(b.visitor);
    expect([await a.count("A"), await a.count("B")]).toEqual([1, 1]);
    expect((await a.verified()).toSorted()).toEqual(["a@example.com", "b@example.com"]);
  });

  test.each([false, true])(
    "a device that was on its way to a visitor who is joined meanwhile comes to whom that is now (signed out: %s)",
    async (isSignedOut) => {
      const ann = await known("ann");
      const phone = await arrive();
      await phone.prove(loop("ann@example.com"));
      const tablet = await arrive();
      const { object, device } = tablet;
      const cut = cutOff(bindings.VISITOR, "adopt", false);
      expect(await tablet.prove(loop("ann@example.com"))).toEqual({ kind: "waiting" });
      cut.mockRestore();
      await phone.prove(jwt("ann", "ann@example.com"));
      if (isSignedOut) await object.reset(device);
      await tablet.alarm();
      const next = await object.prove(device, loop("ann@example.com"), "another secret");
      if (isSignedOut) {
        expect(await tablet.follow()).toEqual({ isEnded: true });
        expect(next).toEqual({ kind: "ended" });
        return;
      }
      expect(await tablet.follow()).toMatchObject({ isEnded: false });
      expect(tablet.visitor).toBe(ann.visitor);
      // What comes under the right as it was told first counts there, too.
      if (next.kind !== "moved") expect.unreachable();
      const told = tablet.batch({ type: "track", name: "Bell Rung" });
      await peers.visitor(workspace, next.visitor).ingest(next.device, told);
      expect(await ann.count("Bell Rung")).toBe(1);
      await peers.visitor(workspace, next.visitor).reset(next.device);
      expect(await tablet.boot()).toEqual({ isEnded: true });
    },
  );

  test("a chain of joins ends at one person, and every address on the way leads there", async () => {
    const addresses: VisitorId[] = [];
    const [mail, ann] = [await arrive(), await known("ann")];
    await mail.prove(loop("ann@example.com"));
    addresses.push(mail.visitor);
    for (let i = 0; i < 5; i++) {
      const guest = await arrive();
      addresses.push(guest.visitor);
      await guest.track("Visit");
      await guest.prove(loop("ann@example.com"));
    }
    await ann.prove(jwt("ann", "ann@example.com"));
    expect(await ann.count("Visit")).toBe(5);
    for (const address of addresses)
      expect(await peers.visitor(workspace, address).card()).toMatchObject({ id: ann.visitor });
  });
});

describe("what triggers have begun", () => {
  test("goes on: what waits is decided once, what counts towards the cap and what was sent come along", async () => {
    const capped = { ...trigger().limits, isCapped: true };
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, {
      triggers: {
        [TRIGGER]: trigger({ waitMs: 60_000, limits: { ...capped, repeat: { type: "once" } } }),
        trg_2: trigger({
          when: { type: "event", event: "Shown", where: [] },
          limits: capped,
          variants: [{ id: "a", name: "A", weight: 1, action: popup("Look") }],
        }),
        trg_3: trigger({
          when: { type: "event", event: "Third", where: [] },
          limits: capped,
          variants: [{ id: "a", name: "A", weight: 1, action: chatSaying("Third") }],
        }),
      },
      cap: { messages: 2, ms: 86_400_000 },
    });
    const ann = await known("ann");
    const phone = await arrive();
    await phone.track("Shown");
    await phone.object.evaluate(TEAM);
    await phone.track("Bell Rung");
    const former = phone.visitor;
    await phone.prove(jwt("ann"));
    expect(await phone.boot()).toMatchObject({
      moments: { shown: [{ content: { text: "Look" } }] },
    });
    setClockOffset(61_000);
    await peers.visitor(workspace, former).evaluate(TEAM);
    await ann.object.evaluate(TEAM);
    await ann.object.evaluate(TEAM);
    const sent = (await ann.object.deliveries())?.filter(({ state }) => state === "sent");
    expect(sent?.map(({ trigger }) => trigger).toSorted()).toEqual([TRIGGER, "trg_2"]);
    // Two were sent: the cap holds over both histories.
    await phone.track("Third");
    await ann.object.evaluate(TEAM);
    expect(
      (await ann.object.deliveries())?.find((one) => one.trigger === asId("trg", "trg_3")),
    ).toMatchObject({ state: "skipped", reason: "capped" });
    // And the join itself sets nothing off: Bell Rung, which is in the log now, rings once.
    await ann.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    expect(
      (await ann.object.deliveries())?.filter(
        ({ trigger, state }) => trigger === TRIGGER && state === "sent",
      ),
    ).toHaveLength(1);
  });
});

test("operators who look at a visitor that is joined are sent to where it is", async () => {
  await known("ann");
  const phone = await arrive();
  const watching = await openOperatorSocket(phone.object, OLIVIA);
  await phone.prove(jwt("ann"));
  expect(await watching.untilClosed()).toMatchObject({ code: CLOSE.moved });
});

test.each([
  ["before", false],
  ["after", true],
])(
  "a trigger's message that a join catches %s it stands in the thread stands in one thread",
  async (_, isAfter) => {
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, {
      triggers: {
        [TRIGGER]: trigger({
          variants: [{ id: "a", name: "A", weight: 1, action: chatSaying("Once") }],
        }),
      },
    });
    const ann = await known("ann");
    const phone = await arrive();
    const caught = await phone.write("From the phone");
    // Begun later, it is the one that is open after the join.
    const own = await ann.write("From the computer");
    await phone.track("Bell Rung");
    const cut = cutOff(bindings.CONVERSATION, "deliver", isAfter);
    await phone.object.evaluate(TEAM);
    await expect.poll(() => cut.mock.calls.length).toBeGreaterThan(0);
    cut.mockRestore();
    await phone.prove(jwt("ann"));
    await ann.evict();
    await ann.alarm();
    const said = async ({ conversation }: { conversation: string }) =>
      (await peers.conversation(workspace, asId("cnv", conversation)).log(0, 100)).filter(
        (entry) => entry.type === "message" && entry.text === "Once",
      ).length;
    await expect.poll(async () => (await said(own)) + (await said(caught))).toBe(1);
    expect((await ann.object.deliveries())?.map(({ state }) => state)).toEqual(["sent"]);
  },
);

describe("what D1 shows", () => {
  const rows = async (table: string, column: string) => {
    const { results } = await bindings.DB.prepare(
      `SELECT ${column} AS id FROM ${table} WHERE workspace_id = ?`,
    )
      .bind(workspace)
      .all<{ id: string }>();
    return results.map(({ id }) => id);
  };
  const project = async () => {
    const jobs = projected.splice(0);
    await writeProjections(bindings.DB, jobs.map(rowsOf));
  };

  test("is one person, also when an older projection of the joined one comes late", async () => {
    const ann = await known("ann");
    const phone = await arrive();
    await phone.write("Hello");
    await ann.alarm();
    await phone.alarm();
    const late = [...projected];
    await project();
    expect((await rows("visitors", "id")).toSorted()).toEqual(
      [ann.visitor, phone.visitor].toSorted(),
    );
    await phone.prove(jwt("ann"));
    expect(await rows("visitors", "id")).toEqual([ann.visitor]);
    await ann.alarm();
    await writeProjections(bindings.DB, late.map(rowsOf));
    await project();
    expect(await rows("visitors", "id")).toEqual([ann.visitor]);
    // Its conversation is Ann's there, too.
    const conversation = asId("cnv", (await ann.card()).conversations[0] ?? "");
    await expect
      .poll(async () => (await peers.conversation(workspace, conversation).summary())?.visitor.id)
      .toBe(ann.visitor);
    await expect
      .poll(async () => {
        await project();
        return rows("conversations", "visitor_id");
      })
      .toEqual([ann.visitor]);
  });

  test("counts who was sent something on one device and held out on another as contradicting, and as nobody else", async () => {
    const bell = (holdOut: number) =>
      trigger({ when: { type: "event", event: "Bell Rung", where: [] }, holdOut });
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, { triggers: { [TRIGGER]: bell(0) } });
    const ann = await known("ann");
    await ann.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    // Everybody is held out now: the phone is, until it turns out to be Ann's.
    await setDefinitions(bindings.DB, workspace, { triggers: { [TRIGGER]: bell(100) } });
    const phone = await arrive();
    await phone.track("Bell Rung");
    await phone.object.evaluate(TEAM);
    await ann.alarm();
    await phone.alarm();
    await project();
    expect(new Set(await rows("deliveries", "visitor_id")).size).toBe(2);
    await phone.prove(jwt("ann"));
    await ann.alarm();
    await project();
    expect(await rows("deliveries", "visitor_id")).toEqual([ann.visitor, ann.visitor]);
    const states = (await ann.object.deliveries())?.map(({ state }) => state).toSorted();
    expect(states).toEqual(["held_out", "sent"]);
    // What was exposed first stays: the next bell rings.
    await phone.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    const next = (await ann.object.deliveries())?.[0];
    expect(next).toMatchObject({ state: "sent" });
  });
});

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
