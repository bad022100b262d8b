import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asId, newId } from "../../protocol/ids.ts";
import type { EvaluationJob, ProjectDeliveries } from "../../protocol/jobs.ts";
import {
  BATCH_MAX_FACTS,
  JOB_MAX_MESSAGES,
  PENDING_MAX,
  STREAM_WINDOW,
} from "../../protocol/limits.ts";
import type { Moments } from "../../protocol/triggers.ts";
import type { ObjectBindings } from "../bindings.ts";
import { InboxObject } from "../inbox/object.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { PUSH_PATIENCE_MS } from "../runtime/outbox.ts";
import { Timers } from "../runtime/timers.ts";
import { popup, SEGMENT, TRIGGER, trigger, type Definitions } from "../testing/definitions.ts";
import { heldEvaluationJobs } from "../testing/evaluation-jobs.ts";
import { Guest } from "../testing/guest.ts";
import { eventually } from "../testing/eventually.ts";
import { interpose } from "../testing/people.ts";
import { OLIVIA, openOperatorSocket, openVisitorSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const MINUTE = 60_000;

let jobs: EvaluationJob[] = [];
beforeEach(() => {
  jobs = heldEvaluationJobs(bindings);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

describe("an event's trigger", () => {
  test("asks for an evaluation, says its message once, and again after eviction and repeated jobs not", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
    await guest.track("Bell Rung");
    expect(jobs).toHaveLength(1);
    for (let times = 0; times < 3; times++) await guest.decides();
    await eventually(async () => expect(await guest.thread()).toEqual(["You rang."]));
    await guest.sleeps();
    await guest.decides();
    expect(await guest.thread()).toEqual(["You rang."]);
    expect(await guest.deliveries()).toMatchObject([
      { state: "sent", action: "chat", variant: "a" },
    ]);
  });

  test("says its message once where the conversation answers far too late, and owes nothing after that", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
    await guest.track("Bell Rung");
    let calls = 0;
    let isOver = false;
    interpose(bindings.CONVERSATION, "deliver", async (call) => {
      const answer = await call();
      if (++calls === 1) await vi.waitUntil(() => isOver, { timeout: 20_000 });
      return answer;
    });
    await guest.decides();
    await eventually(async () => expect(calls).toBe(1));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + PUSH_PATIENCE_MS });
    await runDurableObjectAlarm(guest.stub);
    vi.useRealTimers();
    expect(calls).toBe(2);
    isOver = true;
    await eventually(async () => expect((await guest.deliveries())[0]?.deliveredAt).not.toBeNull());
    expect(await guest.thread()).toEqual(["You rang."]);
    const alarms = vi.spyOn(Timers.prototype, "run");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // Lists and boards are told of it about once in a second.
    expect(alarms.mock.calls.length).toBeLessThan(8);
  });

  test("asks for nothing when no trigger listens", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
    await guest.track("Door Knocked");
    expect(jobs).toEqual([]);
    expect(await guest.deliveries()).toEqual([]);
  });

  test("is for those alone whom its condition means", async () => {
    const who = {
      type: "property",
      key: "plan",
      is: { type: "text", test: { op: "is", value: "gold" } },
    } as const;
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger({ who }) } });
    await guest.track("Bell Rung");
    await guest.does({ type: "set", ops: [{ op: "set", key: "plan", value: "Gold" }] });
    await guest.track("Bell Rung");
    await guest.decides();
    expect(await guest.deliveries()).toHaveLength(1);
  });

  test("waits, and looks again at whom it is for", async () => {
    const who = { type: "cart_items", is: { op: "gt", value: 0 } } as const;
    const waiting = trigger({ who, waitMs: 30 * MINUTE });
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: waiting } });
    const kettle = { product_id: "k1", name: "Kettle", price: 50, currency: "EUR" };
    await guest.does(
      { type: "track", name: "Product Added", props: kettle },
      { type: "track", name: "Bell Rung", props: {} },
    );
    await guest.decides();
    expect(await guest.deliveries()).toEqual([]);
    await guest.sleeps();
    await guest.passes(29 * MINUTE);
    await guest.decides();
    expect(await guest.deliveries()).toEqual([]);
    await guest.passes(MINUTE);
    await guest.decides();
    expect(await guest.deliveries()).toMatchObject([{ state: "sent" }]);
    await guest.track("Bell Rung");
    await guest.track("Product Removed", kettle);
    await guest.passes(30 * MINUTE);
    await guest.decides();
    const [newest] = await guest.deliveries();
    expect(newest).toMatchObject({ state: "skipped", reason: "no_longer_matches" });
  });

  test("does not fire for an event that is told long after it happened", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
    await guest.does({ type: "track", name: "Bell Rung", props: {}, at: Date.now() - 11 * MINUTE });
    expect(jobs).toEqual([]);
  });

  test("does not fire for an event from before it went live that is told a little late", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
    await guest.does({ type: "track", name: "Bell Rung", props: {}, at: Date.now() - MINUTE });
    expect(jobs).toEqual([]);
    await guest.track("Bell Rung");
    expect(jobs).toHaveLength(1);
  });

  test.each([PENDING_MAX - 1, PENDING_MAX, PENDING_MAX + 1])(
    "that waits keeps %i firings, and no more than may wait",
    async (count) => {
      const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger({ waitMs: MINUTE }) } });
      const ring = { type: "track", name: "Bell Rung", props: {} };
      for (let left = count; left > 0; left -= BATCH_MAX_FACTS)
        await guest.does(...Array.from({ length: Math.min(left, BATCH_MAX_FACTS) }, () => ring));
      await guest.passes(MINUTE);
      for (let turn = 0; turn < 6; turn++) await guest.decides();
      const decided = await runInDurableObject(guest.stub, (_, { storage }) =>
        storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM deliveries").one(),
      );
      expect(decided.n).toBe(Math.min(count, PENDING_MAX));
    },
  );
});

describe("a segment's trigger", () => {
  const left = {
    type: "all",
    of: [
      { type: "cart_total", is: { op: "gte", value: 50 }, currency: "EUR" },
      { type: "cart_changed", is: { op: "before_span", span: { n: 30, unit: "minute" } } },
    ],
  } as const;
  const onEnter = trigger({
    when: { type: "segment", segment: SEGMENT, on: "enter" },
    limits: { ...trigger().limits, repeat: { type: "once" } },
    variants: [{ id: "a", name: "A", weight: 1, action: popup("Still interested?") }],
    goal: {
      event: "Order Completed",
      where: [],
      windowMs: 24 * 60 * MINUTE,
      value: { type: "property", key: "total" },
    },
  });
  const definitions: Definitions = {
    segments: { [SEGMENT]: { ...left, of: [...left.of] } },
    triggers: { [TRIGGER]: onEnter },
  };
  const kettle = { product_id: "k1", name: "Kettle", price: 60, currency: "EUR" };

  test("fires by time alone, and its pop-up waits for the next page until it is closed", async () => {
    const guest = await Guest.arrive(definitions);
    await guest.track("Product Added", kettle);
    expect((await guest.object.card())?.segments).toEqual([]);
    await guest.sleeps();
    await guest.passes(31 * MINUTE);
    expect((await guest.object.card())?.segments).toMatchObject([{ id: SEGMENT }]);
    expect(jobs).toHaveLength(1);
    await guest.decides();
    const { shown } = await guest.boot();
    expect(shown).toMatchObject([{ content: { text: "Still interested?" }, from: OLIVIA }]);
    const delivery = shown[0]?.delivery;
    await guest.does({ type: "reaction", delivery, did: "seen" });
    await guest.does({ type: "reaction", delivery, did: "closed" });
    expect((await guest.boot()).shown).toEqual([]);
    expect(await guest.deliveries()).toMatchObject([
      { seenAt: expect.any(Number), closedAt: expect.any(Number), clickedAt: null },
    ]);
  });

  test("counts its goal once by the order, and takes the refund off", async () => {
    const guest = await Guest.arrive(definitions);
    await guest.track("Product Added", kettle);
    await guest.passes(31 * MINUTE);
    await guest.decides();
    const order = { order_id: "o1", total: 60, currency: "EUR" };
    await guest.track("Order Completed", order);
    await guest.track("Order Completed", order);
    expect(await guest.deliveries()).toMatchObject([
      { goalAt: expect.any(Number), goalValue: { amountMinor: 6_000, currency: "EUR" } },
    ]);
    await guest.track("Order Refunded", { order_id: "o1", total: 20, currency: "EUR" });
    expect(await guest.deliveries()).toMatchObject([{ goalValue: { amountMinor: 4_000 } }]);
  });

  test("does not count an order from before it, whose page is loaded again", async () => {
    const guest = await Guest.arrive(definitions);
    const order = { order_id: "o1", total: 60, currency: "EUR" };
    await guest.track("Order Completed", order);
    await guest.track("Product Added", kettle);
    await guest.passes(31 * MINUTE);
    await guest.decides();
    await guest.track("Order Completed", order);
    await guest.sleeps();
    await guest.track("Order Completed", order);
    expect(await guest.deliveries()).toMatchObject([{ goalAt: null, goalValue: null }]);
    await guest.track("Order Completed", { ...order, order_id: "o2" });
    expect(await guest.deliveries()).toMatchObject([{ goalOrder: "o2" }]);
  });

  test("is answered in the pop-up: what it said stands in the thread, then the answer", async () => {
    const guest = await Guest.arrive(definitions);
    await guest.track("Product Added", kettle);
    await guest.passes(31 * MINUTE);
    await guest.decides();
    const page = await openVisitorSocket(guest.object, guest.ids.device);
    const hello = await page.until((frame) => frame["t"] === "hello");
    const [shown] = (hello["moments"] as Moments).shown;
    const message = {
      t: "message",
      stream: "m",
      n: 1,
      text: "Is it blue?",
      delivery: shown?.delivery,
    };
    expect(await page.ask(message)).toMatchObject({ t: "ack", seq: 2 });
    expect(await page.ask(message)).toMatchObject({ t: "ack", seq: 2 });
    expect(await guest.thread()).toEqual(["Still interested?", "Is it blue?"]);
    expect(await guest.deliveries()).toMatchObject([{ answeredAt: expect.any(Number) }]);
  });

  test("is answered in the open conversation, also from a panel that shows another one", async () => {
    const guest = await Guest.arrive(definitions);
    const [older, open] = [newId("cnv", 1), newId("cnv", 2)];
    const mail = { address: "ada@corp.example", name: "Ada", subject: "", isProven: false };
    for (const id of [older, open]) await guest.object.beginMail(id, mail);
    await guest.track("Product Added", kettle);
    await guest.passes(31 * MINUTE);
    await guest.decides();
    const [shown] = (await guest.boot()).shown;
    const page = await openVisitorSocket(guest.object, guest.ids.device);
    const answer = { t: "message", stream: "m", text: "Is it blue?", delivery: shown?.delivery };
    expect(await page.ask({ ...answer, n: STREAM_WINDOW + 1, conversation: older })).toMatchObject({
      code: "stream_window",
    });
    expect(await guest.deliveries()).toMatchObject([{ answeredAt: null }]);
    expect(await page.ask({ ...answer, n: 1, conversation: older })).toMatchObject({
      t: "ack",
      conversation: open,
    });
    expect(await guest.thread()).toEqual(["Still interested?", "Is it blue?"]);
    const log = await peersOf(bindings).conversation(guest.ids.workspace, open).log(0, 10);
    expect(log.at(-1)).toMatchObject({ text: "Is it blue?", answers: shown?.delivery });
    expect(await guest.deliveries()).toMatchObject([{ answeredAt: expect.any(Number) }]);
  });
});

describe("a page rule", () => {
  const rule = trigger({
    when: { type: "page", page: null, moment: { on: "exit" } },
    limits: { ...trigger().limits, repeat: { type: "once" } },
    variants: [{ id: "a", name: "A", weight: 1, action: popup("CANARY before you go") }],
  });

  test("tells what to wait for and nothing of what it says, until it fires in one of two tabs", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: rule } });
    const { armed, shown } = await guest.boot();
    expect(shown).toEqual([]);
    expect(armed).toMatchObject([{ moment: { on: "exit" } }]);
    expect(JSON.stringify(armed)).not.toContain("CANARY");
    const one = await openVisitorSocket(guest.object, guest.ids.device);
    const two = await openVisitorSocket(guest.object, guest.ids.device);
    const delivery = armed[0]?.delivery;
    await Promise.all([one.ask({ t: "fired", delivery }), two.ask({ t: "fired", delivery })]);
    const told = await two.until((frame) => frame["t"] === "moments");
    expect(told["moments"]).toMatchObject({ shown: [{ delivery }], armed: [] });
    expect(await guest.deliveries()).toHaveLength(1);
  });

  test("that is held out says nothing, and counts as an exposure", async () => {
    const heldOut = { ...rule, holdOut: 50 };
    const states = new Set<string>();
    for (let tries = 0; tries < 40 && states.size < 2; tries++) {
      const guest = await Guest.arrive({ triggers: { [TRIGGER]: heldOut } });
      const { armed } = await guest.boot();
      const page = await openVisitorSocket(guest.object, guest.ids.device);
      await page.ask({ t: "fired", delivery: armed[0]?.delivery });
      const [delivery] = await guest.deliveries();
      states.add(delivery?.state ?? "");
      if (delivery?.state === "held_out")
        expect(await guest.boot()).toEqual({ shown: [], armed: [] });
    }
    expect([...states].toSorted()).toEqual(["held_out", "sent"]);
  });

  test("of a delivery that nobody knows changes nothing", async () => {
    const guest = await Guest.arrive({ triggers: { [TRIGGER]: rule } });
    const page = await openVisitorSocket(guest.object, guest.ids.device);
    expect(await page.ask({ t: "fired", delivery: asId("dlv", "dlv_nobody") })).toMatchObject({
      t: "ack",
    });
    expect(await guest.deliveries()).toEqual([]);
  });
});

test("a chat message of a trigger is answered by the next message in the chat", async () => {
  const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
  await guest.track("Bell Rung");
  await guest.decides();
  await eventually(async () => expect(await guest.thread()).toHaveLength(1));
  const page = await openVisitorSocket(guest.object, guest.ids.device);
  await page.ask({ t: "message", stream: "m", n: 1, text: "Yes, twice." });
  await eventually(async () =>
    expect(await guest.deliveries()).toMatchObject([{ answeredAt: expect.any(Number) }]),
  );
});

test("what somebody writes after an operator has written answers the operator, not the trigger before", async () => {
  const guest = await Guest.arrive({ triggers: { [TRIGGER]: trigger() } });
  await guest.track("Bell Rung");
  await guest.decides();
  await eventually(async () => expect(await guest.thread()).toHaveLength(1));
  const open = (await guest.object.card())?.openConversation ?? asId("cnv", "");
  const thread = peersOf(bindings).conversation(guest.ids.workspace, open);
  const operator = await openOperatorSocket(thread, OLIVIA);
  await operator.ask({ t: "message", stream: "o", n: 1, text: "Can I help?" });
  const page = await openVisitorSocket(guest.object, guest.ids.device);
  await page.ask({ t: "message", stream: "m", n: 1, text: "Yes, you can." });
  await page.until(
    ({ t, conversation }) => t === "conversation" && (conversation as { wrote: number }).wrote > 0, // our own frame
  );
  expect(await guest.deliveries()).toMatchObject([{ answeredAt: null }]);
});

test("an alert reaches the Inbox once, and is nothing that its person could answer", async () => {
  const alert = trigger({
    when: {
      type: "event",
      event: "Products Searched",
      where: [{ key: "results", is: { type: "number", test: { op: "eq", value: 0 } } }],
    },
    variants: [
      {
        id: "a",
        name: "A",
        weight: 1,
        action: { type: "alert", text: "Searched for '{{ event.query }}', found nothing" },
      },
    ],
  });
  const guest = await Guest.arrive({ triggers: { [TRIGGER]: alert } });
  await guest.does({ type: "identify", traits: { name: "Ada" } });
  const inbox = vi.spyOn(InboxObject.prototype, "alert");
  const before = Date.now();
  await guest.track("Products Searched", { query: "teapot", results: 3 });
  await guest.track("Products Searched", { query: "samovar", results: 0 });
  await guest.decides();
  await eventually(async () =>
    expect((await guest.deliveries())[0]?.deliveredAt).toBeGreaterThanOrEqual(before),
  );
  expect(inbox.mock.calls).toMatchObject([
    [
      {
        text: "Searched for 'samovar', found nothing",
        visitor: { id: guest.ids.visitor, name: "Ada" },
      },
    ],
  ]);
  // It has said nothing to the person: nothing of theirs answers it.
  const page = await openVisitorSocket(guest.object, guest.ids.device);
  const [alerted] = await guest.deliveries();
  const message = { t: "message", stream: "m", n: 1, text: "Hello", delivery: alerted?.id };
  expect(await page.ask(message)).toMatchObject({ t: "ack", seq: 1 });
  expect(await guest.deliveries()).toMatchObject([{ answeredAt: null }]);
});

test("what one event changes of more deliveries than a job carries all reaches D1", async () => {
  const jobs: ProjectDeliveries[] = [];
  vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
    if (job.type === "ProjectDeliveries") jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  const goal = { event: "Order Completed", where: [], windowMs: 60 * MINUTE, value: null };
  const variants = [{ id: "a", name: "A", weight: 1, action: popup("You rang.") }];
  const ids = Array.from({ length: 2 * JOB_MAX_MESSAGES - 20 }, (_, index) => `trg_${index}`);
  const guest = await Guest.arrive({
    triggers: Object.fromEntries(ids.map((id) => [id, trigger({ goal, variants })])),
  });
  await guest.track("Bell Rung");
  for (let times = 0; times < 4; times++) await guest.decides();
  await guest.track("Order Completed", { order_id: "o1" });
  const inD1 = new Map<string, boolean>();
  await eventually(async () => {
    for (const { visitor, deliveries, version } of jobs.splice(0)) {
      if (visitor !== guest.ids.visitor) continue;
      for (const { trigger: of, goalAt } of deliveries) inD1.set(of, goalAt !== null);
      await guest.object.confirmDeliveries(version);
    }
    expect([...inD1.values()].filter(Boolean)).toHaveLength(ids.length);
  });
});

test("a reaction to something that was never sent is rejected, and the rest of the batch is kept", async () => {
  const guest = await Guest.arrive({});
  const outcome = await guest.does(
    { type: "reaction", delivery: "dlv_nobody", did: "seen" },
    { type: "track", name: "Bell Rung", props: {} },
  );
  expect(outcome).toMatchObject({ rejected: [{ code: "invalid" }] });
  expect((await guest.object.card())?.events.map((one) => one.name)).toContain("Bell Rung");
});

test("a page rule that was skipped is still waited for, and sends when nothing holds it back any more", async () => {
  const { limits } = trigger();
  const guest = await Guest.arrive({
    triggers: {
      [TRIGGER]: trigger({
        when: { type: "page", page: null, moment: { on: "time", seconds: 1 } },
        limits: { ...limits, repeat: { type: "once" } },
        variants: [{ id: "a", name: "A", weight: 1, action: popup("Hello {{ person.name }}") }],
      }),
    },
  });
  const [rule] = (await guest.boot()).armed;
  const page = await openVisitorSocket(guest.object, guest.ids.device);
  const fire = () => page.ask({ t: "fired", delivery: rule?.delivery });
  await fire();
  expect(await guest.deliveries()).toMatchObject([{ state: "skipped", reason: "missing_value" }]);
  await guest.does({ type: "identify", traits: { name: "Ada" } });
  await fire();
  expect(await guest.deliveries()).toMatchObject([{ state: "sent", reason: null }]);
});
