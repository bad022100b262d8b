import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Condition } from "../../protocol/conditions.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { asId, newId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { setDefinitions } from "../testing/definitions.ts";
import { Browser, cutOff, jwt, loop, holdVisitorQueues } from "../testing/people.ts";
import { OLIVIA, openOperatorSocket, openVisitorSocket } from "../testing/sockets.ts";

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
      const message = { t: "message", stream: crypto.randomUUID(), n: 1, text: "Hello" };
      expect(await operator.ask(message)).toMatchObject({ t: "ack" });
      await expect.poll(openOne).toBe(conversation);
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
    expect(await other.boot()).toEqual({ isEnded: true, formerly: [other.visitor] });
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
    expect(await mail.boot()).toEqual({ isEnded: true, formerly: [mail.visitor] });
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

test("operators who look at a visitor that is joined are sent to where it is", async () => {
  await known("ann");
  const phone = await arrive();
  const watching = await openOperatorSocket(phone.object, OLIVIA);
  await phone.prove(jwt("ann"));
  expect(await watching.untilClosed()).toMatchObject({ code: CLOSE.moved });
});
