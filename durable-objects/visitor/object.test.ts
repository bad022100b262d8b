import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { visitorName } from "../../protocol/addresses.ts";
import {
  BATCH_MAX_FACTS,
  EVENT_MAX_BYTES,
  FIRST_MESSAGE_BURST,
  JOB_MAX_BYTES,
  PRESENCE_LEASE_MS,
  PRESENCE_RENEW_MS,
  STREAM_WINDOW,
} from "../../protocol/limits.ts";
import type { ObjectBindings } from "../bindings.ts";
import { SOCKET_HEADERS, type VisitorContract } from "../contracts.ts";
import { ConversationObject } from "../conversation/object.ts";
import { encodedBytes } from "../../protocol/json.ts";
import { peersOf } from "../peers.ts";
import { projectedCard } from "./card.ts";
import { setClockOffset } from "../runtime/clock.ts";
import {
  freshIds,
  OLIVIA,
  openOperatorSocket,
  openVisitorSocket,
  openSocket,
} from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
afterEach(() => setClockOffset(0));
const AT = Date.now();
const CHROME_PHONE =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

function page(n: number, url = "https://shop.test/", more: object = {}) {
  return { type: "page", n, at: AT, url, title: "Shop", ...more };
}
function track(n: number, name: string, props: object = {}) {
  return { type: "track", n, at: AT, name, props: props as Record<string, never> };
}
function batch(stream: string, ...facts: Record<string, unknown>[]) {
  return { stream, sentAt: AT, facts: facts as Record<string, never>[] };
}

async function visit(...facts: Record<string, unknown>[]) {
  const ids = freshIds();
  const stub = bindings.VISITOR.getByName(visitorName(ids.workspace, ids.visitor));
  const object = stub as unknown as VisitorContract;
  const outcome = await object.boot({
    device: ids.device,
    batch: batch("load1", ...(facts.length > 0 ? facts : [page(1)])),
    client: { language: "de-DE", timeZone: "Europe/Berlin" },
    surroundings: { country: "DE", userAgent: CHROME_PHONE },
  });
  return { ...ids, stub, object, outcome };
}

describe("a visit", () => {
  test("tells the operator where the person came from and what they use", async () => {
    const url = "https://shop.test/tea?utm_source=newsletter&utm_medium=email&utm_campaign=spring";
    const { object } = await visit(
      page(1, url, { referrer: "https://www.google.com/search?q=tea" }),
    );
    expect(await object.card()).toMatchObject({
      sessions: 1,
      firstSource: "newsletter / email",
      page: { url, title: "Shop" },
      session: {
        referrer: "https://www.google.com/search?q=tea",
        utm: { source: "newsletter", medium: "email", campaign: "spring" },
        device: "phone",
        browser: "Chrome",
        os: "Android",
        country: "DE",
        language: "de-DE",
        timeZone: "Europe/Berlin",
        pages: 1,
      },
    });
  });

  test("what they searched, put into the cart and ordered is on the card", async () => {
    const kettle = { product_id: "k1", name: "Kettle", price: 49.9, currency: "EUR", quantity: 2 };
    const { object } = await visit(
      page(1),
      track(2, "Products Searched", { query: "matcha whisk", results: 0 }),
      track(3, "Product Added", kettle),
      track(4, "Product Removed", { ...kettle, quantity: 1 }),
    );
    expect(await object.card()).toMatchObject({
      searches: [{ query: "matcha whisk", results: 0 }],
      cart: {
        items: [{ productId: "k1", quantity: 1, priceMinor: 4_990 }],
        totalMinor: 4_990,
        currency: "EUR",
      },
    });
  });

  test("an order counts once by its id and empties the cart", async () => {
    const { object, device } = await visit(
      page(1),
      track(2, "Product Added", { product_id: "a", name: "A" }),
    );
    const order = { order_id: "o-1", total: 12.34, currency: "EUR" };
    await object.ingest(
      device,
      batch("load1", track(3, "Order Completed", order), track(4, "purchase", order)),
    );
    expect(await object.card()).toMatchObject({
      cart: null,
      orders: { count: 1, totals: [{ amountMinor: 1_234, currency: "EUR" }] },
    });
  });
});

describe("facts", () => {
  test("a resend is dropped, over a beacon that overtakes and after eviction alike", async () => {
    const { object, stub, device } = await visit();
    const later = batch("load1", track(3, "B"), track(4, "C"));
    await object.ingest(device, later);
    await object.ingest(device, batch("load1", track(2, "A"), track(3, "B")));
    await evictDurableObject(stub);
    const again = await object.ingest(
      device,
      batch("load1", track(2, "A"), track(3, "B"), track(4, "C")),
    );
    expect(again).toMatchObject({ through: 4, rejected: [] });
    const counts = Object.fromEntries(
      (await object.card())?.events.map((one) => [one.name, one.count]) ?? [],
    );
    expect(counts).toMatchObject({ A: 1, B: 1, C: 1, "Page Viewed": 1 });
  });

  test("one that is too far ahead is rejected, not lost in silence", async () => {
    const { object, device } = await visit();
    const far = await object.ingest(device, batch("load1", track(STREAM_WINDOW + 2, "Far")));
    expect(far).toMatchObject({
      through: 1,
      rejected: [{ n: STREAM_WINDOW + 2, code: "stream_window" }],
    });
  });

  test("a bad one is rejected with a code and the rest of the batch is kept", async () => {
    const { object, device } = await visit();
    const outcome = await object.ingest(
      device,
      batch(
        "load1",
        track(2, "Good"),
        { type: "nonsense", n: 3, at: AT },
        track(4, "Page Viewed"),
        track(5, "Huge", { text: "x".repeat(EVENT_MAX_BYTES) }),
        { type: "page", n: 6, at: AT, url: "javascript:alert(1)" },
        track(7, "Also good"),
      ),
    );
    expect(outcome).toMatchObject({
      through: 7,
      rejected: [
        { n: 3, code: "invalid" },
        { n: 4, code: "reserved_name" },
        { n: 5, code: "too_large" },
        { n: 6, code: "invalid" },
      ],
    });
    const names = (await object.card())?.events.map((one) => one.name);
    expect(names).toEqual(expect.arrayContaining(["Good", "Also good"]));
  });

  test("properties that would poison an object are refused", async () => {
    const { object, device } = await visit();
    const poisoned = JSON.parse(
      '{"type":"track","n":2,"at":1,"name":"X","props":{"constructor":1}}',
    );
    expect(await object.ingest(device, batch("load1", poisoned))).toMatchObject({
      rejected: [{ n: 2, code: "invalid" }],
    });
    const ops = { type: "set", n: 3, at: AT, ops: [{ op: "set", key: "__proto__", value: "x" }] };
    expect(await object.ingest(device, batch("load1", ops))).toMatchObject({
      rejected: [{ n: 3, code: "invalid" }],
    });
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  test("state survives eviction at every step and 100 batches", async () => {
    const { object, stub, device } = await visit();
    for (let n = 2; n <= 101; n++) {
      await object.ingest(device, batch("load1", track(n, n % 2 === 0 ? "Even" : "Odd")));
      if (n % 17 === 0) await evictDurableObject(stub);
    }
    await evictDurableObject(stub);
    const counts = Object.fromEntries(
      (await object.card())?.events.map((one) => [one.name, one.count]) ?? [],
    );
    expect(counts).toMatchObject({ Even: 50, Odd: 50 });
  });

  test("claims are labels: shown as not verified", async () => {
    const { object, device } = await visit();
    await object.ingest(
      device,
      batch("load1", {
        type: "identify",
        n: 2,
        at: AT,
        userId: "u1",
        traits: { name: "Ann\u202E B", email: "Ann@Corp.test", plan: "pro" },
      }),
    );
    expect(await object.card()).toMatchObject({
      name: "Ann B",
      identifiers: [
        { kind: "email", value: "ann@corp.test", isVerified: false },
        { kind: "user_id", value: "u1", isVerified: false },
      ],
      properties: [{ key: "plan", value: "pro" }],
    });
  });

  test("the timeline tells what happened, newest first, in pages", async () => {
    const { object, device } = await visit();
    for (let from = 2; from <= 102; from += BATCH_MAX_FACTS) {
      const facts = Array.from({ length: BATCH_MAX_FACTS }, (_, i) =>
        track(from + i, `E${from + i}`),
      );
      await object.ingest(device, batch("load1", ...facts));
    }
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const found: Awaited<ReturnType<VisitorContract["timeline"]>> = await object.timeline(before);
      for (const item of found?.items ?? [])
        seen.push(item.type === "track" ? item.name : item.type);
      before = found?.nextBefore ?? null;
    } while (before !== null);
    expect(seen).toHaveLength(152);
    expect(seen.slice(-2)).toEqual(["page", "session"]);
    expect(new Set(seen).size).toBe(152);
  });
});

describe("the first message", () => {
  test("starts one conversation, however often it is sent", async () => {
    const { object, stub, device, workspace } = await visit();
    const socket = await openVisitorSocket(object, device);
    const asked = Array.from({ length: 50 }, () =>
      socket.ask({ t: "message", id: `m${Math.random()}`, stream: "m", n: 1, text: "hello" }),
    );
    const answers = await Promise.all(asked);
    const conversations = new Set(answers.map((answer) => answer["conversation"]));
    expect(conversations.size).toBe(1);
    await evictDurableObject(stub);
    const again = await openVisitorSocket(object, device);
    const repeated = await again.ask({ t: "message", stream: "m", n: 1, text: "hello" });
    expect(repeated).toMatchObject({ t: "ack", seq: 1, conversation: [...conversations][0] });
    const [id] = (await object.card())?.conversations ?? [];
    if (id === undefined) throw new Error("no conversation");
    expect(await peersOf(bindings).conversation(workspace, id).log(0, 10)).toHaveLength(1);
  });

  test("and those right behind it keep their order, however long the beginning takes", async () => {
    const { object, device, workspace } = await visit();
    const socket = await openVisitorSocket(object, device);
    const { begin } = ConversationObject.prototype;
    let goOn = (): void => {};
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    let begun = 0;
    const slow = vi.spyOn(ConversationObject.prototype, "begin").mockImplementation(async function (
      this: ConversationObject,
      visitor,
    ) {
      if (++begun === 2) await isHeld;
      return begin.call(this, visitor);
    });
    const say = (n: number) => socket.ask({ t: "message", stream: "m", n, text: `number ${n}` });
    const first = say(1);
    const second = say(2);
    await first;
    await socket.until((frame) => frame["t"] === "conversation");
    const third = say(3);
    // The third has overtaken nobody by the time that something sent after it is answered.
    await socket.ask({ t: "ticket", conversation: "cnv_none" });
    goOn();
    await Promise.all([second, third]);
    slow.mockRestore();
    const [id] = (await object.card())?.conversations ?? [];
    if (id === undefined) throw new Error("no conversation");
    const log = await peersOf(bindings).conversation(workspace, id).log(0, 10);
    const texts = log.map((entry) => (entry.type === "message" ? entry.text : entry.type));
    expect(texts).toEqual(["number 1", "number 2", "number 3"]);
  });

  test("of too many people in one part of the network is refused, and others still get through", async () => {
    const { workspace } = freshIds();
    const arrive = async (network: string) => {
      const { visitor, device } = freshIds();
      const object = peersOf(bindings).visitor(workspace, visitor);
      await object.boot({
        device,
        batch: batch("load1", page(1)),
        client: {},
        surroundings: { country: null, userAgent: "" },
      });
      const socket = await openSocket(object, {
        [SOCKET_HEADERS.device]: device,
        [SOCKET_HEADERS.network]: network,
      });
      return (text: string) => socket.ask({ t: "message", stream: "m", n: 1, text });
    };
    const codes: unknown[] = [];
    for (let i = 0; i < FIRST_MESSAGE_BURST + 5; i++) {
      codes.push((await (await arrive("net-a"))("hello"))["code"] ?? "taken");
    }
    expect(codes.slice(0, FIRST_MESSAGE_BURST)).toEqual(Array(FIRST_MESSAGE_BURST).fill("taken"));
    expect(codes.slice(FIRST_MESSAGE_BURST)).toContain("rate_limited");
    expect(await (await arrive("net-b"))("hello")).toMatchObject({ t: "ack" });
  });

  test("an operator's answer reaches the page as an unread count, and a ticket opens the thread", async () => {
    const { object, device, workspace } = await visit();
    const opened = await object.openConversation();
    const socket = await openVisitorSocket(object, device);
    const id = opened?.conversation ?? "";
    const ticket = await socket.ask({ t: "ticket", conversation: id });
    expect(ticket["ticket"]).toEqual(expect.any(String));
    expect(await socket.ask({ t: "ticket", conversation: "cnv_somebodyelses" })).toMatchObject({
      code: "not_found",
    });
    const conversation = peersOf(bindings).conversation(workspace, id as never);
    const operator = await openOperatorSocket(conversation, OLIVIA);
    await operator.ask({ t: "message", stream: "o", n: 1, text: "Can I help?" });
    const told = await socket.until((frame) => frame["t"] === "conversation");
    expect(told).toMatchObject({ conversation: { unread: 1, preview: { text: "Can I help?" } } });
  });
});

describe("reset", () => {
  test("ends the device's sockets, here and on its conversation, before it answers", async () => {
    const { object, device, workspace } = await visit();
    const socket = await openVisitorSocket(object, device);
    const { conversation: id } = await socket.ask({
      t: "message",
      stream: "m",
      n: 1,
      text: "hello",
    });
    const conversation = peersOf(bindings).conversation(workspace, id as never);
    const chat = await openVisitorSocket(conversation, device);
    await object.reset(device);
    expect((await socket.untilClosed()).code).toBe(4401);
    expect((await chat.untilClosed()).code).toBe(4401);
    expect(await object.ingest(device, batch("load1", track(2, "Late")))).toEqual({
      isEnded: true,
    });
    const late = await openVisitorSocket(object, device);
    expect((await late.untilClosed()).code).toBe(4401);
  });
});

test("a page that stays open keeps its visitor on the board, also when the object sleeps", async () => {
  const { object, stub, device, workspace, visitor } = await visit();
  const page = await openVisitorSocket(object, device);
  await page.until((frame) => frame["t"] === "hello");
  await evictDurableObject(stub);
  setClockOffset(PRESENCE_RENEW_MS);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  setClockOffset(PRESENCE_LEASE_MS + 1_000);
  expect(await peersOf(bindings).presence(workspace, visitor).list()).toMatchObject({ total: 1 });
});

test("operators who look at a person hear of what they do, live", async () => {
  const { object, device } = await visit();
  const watcher = await openOperatorSocket(object, OLIVIA);
  await watcher.until((frame) => frame["t"] === "hello");
  await object.ingest(
    device,
    batch("load1", track(2, "Products Searched", { query: "oolong", results: 3 })),
  );
  expect(await watcher.until((frame) => frame["t"] === "timeline")).toMatchObject({
    items: [{ type: "track", name: "Products Searched" }],
  });
  expect(await watcher.until((frame) => frame["t"] === "person")).toMatchObject({
    person: { searches: [{ query: "oolong" }] },
  });
  watcher.send({ t: "events" });
  expect(await watcher.until((frame) => frame["t"] === "error")).toMatchObject({
    code: "unknown_type",
  });
});

test("a card as full as it may be still fits a queue's job", async () => {
  const { object, device } = await visit();
  const tea = "茶".repeat(255);
  for (let first = 2; first < 92; first += 3) {
    const facts = [0, 1, 2].map((i) => ({
      type: "set",
      n: first + i,
      at: AT,
      ops: [{ op: "append", key: `k${first + i}`, value: Array(20).fill(tea) }],
    }));
    await object.ingest(device, batch("load1", ...facts));
  }
  const card = await object.card();
  if (card === null) throw new Error("no card");
  expect(card.properties).toHaveLength(90);
  expect(encodedBytes(card)).toBeGreaterThan(JOB_MAX_BYTES);
  expect(encodedBytes(projectedCard(card))).toBeLessThanOrEqual(JOB_MAX_BYTES);
});
