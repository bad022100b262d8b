import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Proof } from "../../domain/identity/proof.ts";
import { visitorName } from "../../protocol/addresses.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { newId, type DeviceId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { VisitorContract } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { openVisitorSocket } from "../testing/sockets.ts";
import { VisitorObject } from "./object.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
});

type Browser = { visitor: VisitorId; device: DeviceId };
const object = ({ visitor }: Browser) => peers.visitor(workspace, visitor);
const stub = ({ visitor }: Browser) => bindings.VISITOR.getByName(visitorName(workspace, visitor));
const jwt = (userId: string, email?: string): Proof => ({
  userId,
  others: email === undefined ? [] : [{ kind: "email", value: email }],
  by: "jwt",
});
const page = (n: number, path = "") => ({
  type: "page",
  n,
  at: Date.now(),
  url: `https://shop.test/${path}`,
});
const track = (n: number, name: string) => ({ type: "track", n, at: Date.now(), name });
const batch = (stream: string, ...facts: object[]) => ({
  stream,
  sentAt: Date.now(),
  facts: facts as Record<string, never>[],
});

/** What the browsers of this test draw for their proofs and keep. */
const SECRET = "secret-of-the-browser";

async function boot(object: VisitorContract, device: DeviceId, stream = "load") {
  return object.boot({
    device,
    secrets: [SECRET],
    batch: batch(stream, page(1)),
    client: {},
    surroundings: { country: "DE", userAgent: "" },
  });
}

async function arrive(): Promise<Browser> {
  const browser = { visitor: newId("vis", Date.now()), device: newId("dev", Date.now()) };
  await boot(object(browser), browser.device);
  return browser;
}

/** Lets the alarm do what is owed, as if its time had come. */
async function alarm(browser: Browser): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  await runDurableObjectAlarm(stub(browser));
  vi.useRealTimers();
}

/** Proves, and goes where that leads; a browser that stays with its visitor goes on under its next right. */
async function prove(
  browser: Browser,
  proof: Proof,
): Promise<Browser & { kind: string; isAnotherPerson?: boolean }> {
  const outcome = await object(browser).prove(browser.device, proof, SECRET);
  if (outcome.kind === "moved" && outcome.visitor === browser.visitor)
    browser.device = outcome.device;
  return outcome.kind === "moved" ? outcome : { ...browser, kind: outcome.kind };
}

async function write(browser: Browser, text: string) {
  const socket = await openVisitorSocket(object(browser), browser.device);
  const answer = await socket.ask({ t: "message", stream: "chat", n: 1, text });
  return { socket, conversation: String(answer["conversation"]) };
}

const verifiedOf = async (browser: Browser) =>
  (await object(browser).card())?.identifiers
    .filter((one) => one.isVerified)
    .map(({ value }) => value);
const countOf = async (browser: Browser, name: string) =>
  (await object(browser).card())?.events.find((one) => one.name === name)?.count ?? 0;

describe("a device proves who uses it", () => {
  test("nobody has that user id: the visitor gets it and the device stays, under another right", async () => {
    const ann = await arrive();
    const { device } = ann;
    expect(await prove(ann, jwt("7", "ann@example.com"))).toMatchObject({
      kind: "moved",
      visitor: ann.visitor,
      isAnotherPerson: false,
    });
    expect(ann.device).not.toBe(device);
    expect(await verifiedOf(ann)).toEqual(["ann@example.com", "7"]);
    const card = await object(ann).card();
    expect(card).toMatchObject({
      session: { isProven: true },
      devices: [{ id: ann.device, isActive: true, isProven: true }],
    });
    expect(await prove(ann, jwt("7", "ann@example.com"))).toMatchObject({ kind: "here" });
    await evictDurableObject(stub(ann));
    expect(await object(ann).card()).toEqual(card);
  });

  test("another visitor has it: the device moves there, sees that thread, and its old right sees nothing", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const { conversation } = await write(first, "Where is my order?");
    const second = await arrive();
    const page = await openVisitorSocket(object(second), second.device);
    const moved = await prove(second, jwt("7"));
    expect(moved).toMatchObject({ kind: "moved", visitor: first.visitor, isAnotherPerson: false });
    expect(moved.device).not.toBe(second.device);
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    expect(await boot(object(moved), moved.device, "next")).toMatchObject({
      isEnded: false,
      conversation: { id: conversation },
    });
    expect(await boot(object(second), second.device, "next")).toEqual({
      isEnded: true,
      moved: { visitor: moved.visitor, device: moved.device, isAnotherPerson: false },
    });
    expect(
      await (await openVisitorSocket(object(second), second.device)).untilClosed(),
    ).toMatchObject({
      code: CLOSE.moved,
    });
  });

  test("what had arrived of its streams does not count again, and what had not is taken", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const second = await arrive();
    await object(second).ingest(second.device, batch("load", track(2, "A"), track(4, "C")));
    await evictDurableObject(stub(second));
    const moved = await prove(second, jwt("7"));
    const all = batch("load", page(1), track(2, "A"), track(3, "B"), track(4, "C"), track(5, "D"));
    expect(await object(moved).ingest(moved.device, all)).toMatchObject({ through: 5 });
    // A beacon under the old right that overtakes nothing and comes late.
    expect(await object(second).ingest(second.device, all)).toMatchObject({
      isEnded: false,
      through: 5,
    });
    for (const name of ["A", "B", "C", "D"]) expect(await countOf(first, name), name).toBe(1);
    expect(await countOf(first, "Page Viewed")).toBe(2);
  });

  test("the visitor that it comes to knows what it looks at", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const second = await arrive();
    await object(second).ingest(second.device, batch("load", page(2, "checkout")));
    await prove(second, jwt("7"));
    expect(await object(first).card()).toMatchObject({
      page: { url: "https://shop.test/checkout" },
    });
  });

  test("somebody else proves themselves in the same browser: the former person is sealed", async () => {
    const ann = await arrive();
    await prove(ann, jwt("ann"));
    const { socket, conversation } = await write(ann, "A secret of Ann's");
    const ben = await prove(ann, jwt("ben"));
    expect(ben).toMatchObject({ kind: "moved", isAnotherPerson: true });
    expect(await socket.untilClosed()).toMatchObject({ code: CLOSE.moved });
    expect(await boot(object(ben), ben.device)).toMatchObject({
      isEnded: false,
      conversation: null,
    });
    expect(await object(ann).ingest(ann.device, batch("load", track(2, "Late")))).toEqual({
      isEnded: true,
    });
    expect(await countOf(ben, "Late")).toBe(0);
    // And back again: Ann's thread is hers, under another right.
    const back = await prove(ben, jwt("ann"));
    expect(back.visitor).toBe(ann.visitor);
    expect(await boot(object(back), back.device, "again")).toMatchObject({
      conversation: { id: conversation },
    });
  });

  test("two people prove themselves at once in one browser: nobody gets both user ids", async () => {
    const browser = await arrive();
    await Promise.all([prove(browser, jwt("ann")), prove(browser, jwt("ben"))]);
    const ann = await prove(await arrive(), jwt("ann"));
    const ben = await prove(await arrive(), jwt("ben"));
    expect(ann.visitor).not.toBe(ben.visitor);
    expect(await verifiedOf(ann)).toEqual(["ann"]);
    expect(await verifiedOf(ben)).toEqual(["ben"]);
  });

  test("ten browsers prove the same user id at once: one visitor has all of them", async () => {
    const browsers = await Promise.all(Array.from({ length: 10 }, arrive));
    const after = await Promise.all(browsers.map((browser) => prove(browser, jwt("7"))));
    expect(new Set(after.map(({ visitor }) => visitor)).size).toBe(1);
    const boots = await Promise.all(after.map((one) => boot(object(one), one.device, "next")));
    expect(boots.every(({ isEnded }) => !isEnded)).toBe(true);
  });
});

describe("an email beside the user id", () => {
  test("passes to whoever proved it last, and no history with it", async () => {
    const ann = await arrive();
    await prove(ann, jwt("ann", "shared@example.com"));
    await write(ann, "A secret of Ann's");
    const ben = await arrive();
    await prove(ben, jwt("ben", "shared@example.com"));
    expect(await verifiedOf(ann)).toEqual(["ann"]);
    expect(await verifiedOf(ben)).toEqual(["shared@example.com", "ben"]);
    expect(await boot(object(ben), ben.device, "next")).toMatchObject({ conversation: null });
    const { items } = (await object(ann).timeline(null)) ?? { items: [] };
    expect(items).toContainEqual(
      expect.objectContaining({ type: "released", value: "shared@example.com", to: ben.visitor }),
    );
  });

  test.each([
    ["is answered", false],
    ["is answered, and then the one who asked for it is killed", true],
  ])(
    "is one visitor's, also when its holder proves it again before the passing on %s",
    async (_, isKilled) => {
      const ann = await arrive();
      await prove(ann, jwt("ann", "x@example.com"));
      const ben = await arrive();
      await prove(ben, jwt("ben"));
      const prepare = bindings.DB.prepare.bind(bindings.DB);
      let passes = 0;
      const spy = vi.spyOn(bindings.DB, "prepare").mockImplementation((text) => {
        const statement = prepare(text);
        if (!text.includes("UPDATE identifiers") || passes++ > 0) return statement;
        return new Proxy(statement, {
          get: (_, key) =>
            key !== "bind"
              ? Reflect.get(statement, key)
              : (...values: unknown[]) => ({
                  async run() {
                    await prove(ann, jwt("ann", "x@example.com"));
                    await statement.bind(...values).run();
                    if (isKilled) throw new Error("killed");
                  },
                }),
        });
      });
      await prove(ben, jwt("ben", "x@example.com"));
      spy.mockRestore();
      if (isKilled) await evictDurableObject(stub(ben)).catch(() => {});
      for (const browser of [ben, ann]) await alarm(browser);
      expect(passes).toBeGreaterThan(0);
      const holders = [await verifiedOf(ann), await verifiedOf(ben)];
      expect(holders.filter((values) => values?.includes("x@example.com"))).toHaveLength(1);
    },
  );

  test("is one visitor's, however many prove it at once", async () => {
    const people = await Promise.all(
      ["a", "b", "c", "d"].map(async (userId) => {
        const browser = await arrive();
        return { browser, userId };
      }),
    );
    await Promise.all(
      people.map(({ browser, userId }) => prove(browser, jwt(userId, "x@example.com"))),
    );
    for (const { browser } of people) await alarm(browser);
    const holders = await Promise.all(people.map(({ browser }) => verifiedOf(browser)));
    expect(holders.filter((values) => values?.includes("x@example.com"))).toHaveLength(1);
  });
});

describe("ID-01 to ID-04: a claim opens nothing", () => {
  test("neither when the email's owner is known, nor when they prove it later", async () => {
    const victim = await arrive();
    await prove(victim, jwt("7", "victim@example.com"));
    await write(victim, "A secret");
    const attacker = await arrive();
    const claim = {
      type: "identify",
      n: 2,
      at: Date.now(),
      userId: "7",
      traits: { email: "victim@example.com", verified: true },
    };
    await object(attacker).ingest(attacker.device, batch("load", claim));
    expect(await boot(object(attacker), attacker.device, "next")).toMatchObject({
      conversation: null,
    });
    expect(await verifiedOf(attacker)).toEqual([]);
    await write(attacker, "Give me everything");
    await prove(await arrive(), jwt("7", "victim@example.com"));
    expect((await object(victim).card())?.conversations).toHaveLength(1);
    expect((await object(attacker).card())?.identifiers).toContainEqual({
      kind: "email",
      value: "victim@example.com",
      isVerified: false,
    });
  });

  test("ID-06: what was proven is what the person is called, whatever the page claims after it", async () => {
    const ann = await arrive();
    await prove(ann, jwt("7", "ann@example.com"));
    const claim = { type: "identify", n: 2, at: Date.now(), traits: { email: "ben@example.com" } };
    await object(ann).ingest(ann.device, batch("load", claim));
    const { conversation } = await write(ann, "Hello");
    expect(conversation).toBeTruthy();
    expect((await object(ann).card())?.identifiers).toEqual([
      { kind: "email", value: "ann@example.com", isVerified: true },
      { kind: "email", value: "ben@example.com", isVerified: false },
      { kind: "user_id", value: "7", isVerified: true },
    ]);
    const test = { op: "is" as const, value: "ann@example.com" };
    expect(
      await object(ann).matches({ type: "property", key: "email", is: { type: "text", test } }),
    ).toBe(true);
  });
});

describe("reset", () => {
  test("ends a device that has moved, also by its old right", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const second = await arrive();
    const moved = await prove(second, jwt("7"));
    await object(second).reset(second.device);
    expect(await boot(object(moved), moved.device)).toEqual({ isEnded: true });
    expect(await prove(second, jwt("7"))).toMatchObject({ kind: "ended" });
  });

  test("that overtakes a move ends the right before it comes", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const second = await arrive();
    const cut = cutOff(bindings.VISITOR, "adopt", false);
    const proving = bindings.VISITOR.getByName(visitorName(workspace, second.visitor));
    expect(await (proving as unknown as VisitorContract).prove(second.device, jwt("7"))).toEqual({
      kind: "waiting",
    });
    cut.mockRestore();
    const adopt = vi.spyOn(VisitorObject.prototype, "adopt");
    await object(second).reset(second.device);
    await alarm(second);
    const { device } = adopt.mock.lastCall?.[0] ?? {};
    expect(device).toBeDefined();
    expect(await boot(object(first), device as DeviceId)).toEqual({ isEnded: true });
  });

  test.each([
    ["joined into a known one", null],
    ["left for somebody else", "8"],
  ])(
    "that overtakes a device whose visitor is %s takes away nothing of what was proven",
    async (_, former) => {
      const [first, second] = [await arrive(), await arrive()];
      await prove(first, jwt("7"));
      if (former !== null) await prove(second, jwt(former));
      const cut = cutOff(bindings.VISITOR, "adopt", false);
      await object(second).prove(second.device, jwt("7", "ann@example.com"), SECRET);
      cut.mockRestore();
      const adopt = vi.spyOn(VisitorObject.prototype, "adopt");
      await object(second).reset(second.device);
      await alarm(second);
      expect(await verifiedOf(first)).toEqual(["ann@example.com", "7"]);
      // The same arrival told again takes nothing back from whoever has proven it since.
      const [arrival] = adopt.mock.lastCall ?? expect.unreachable();
      await prove(await arrive(), jwt("9", "ann@example.com"));
      await object(first).adopt(arrival);
      expect(await verifiedOf(first)).toEqual(["7"]);
      expect(await boot(object(first), arrival.device)).toEqual({ isEnded: true });
    },
  );

  test("while D1 is asked leaves no right behind", async () => {
    const first = await arrive();
    await prove(first, jwt("7"));
    const second = await arrive();
    const proving = object(second).prove(second.device, jwt("7"));
    await object(second).reset(second.device);
    const outcome = await proving;
    if (outcome.kind === "moved")
      expect(await boot(peers.visitor(workspace, outcome.visitor), outcome.device)).toEqual({
        isEnded: true,
      });
    expect(await prove(second, jwt("7"))).toMatchObject({ kind: "ended" });
  });
});

/** Everything that can be cut off on the way, before its effect and after it. */
const STEPS = {
  "D1 is asked": (isAfter: boolean) => {
    const original = bindings.DB.batch.bind(bindings.DB);
    return vi.spyOn(bindings.DB, "batch").mockImplementationOnce(async (statements) => {
      if (isAfter) await original(statements);
      throw new Error("killed");
    });
  },
  "the sockets of a conversation are closed": (isAfter: boolean) =>
    cutOff(bindings.CONVERSATION, "endDevice", isAfter),
  "the device is taken over": (isAfter: boolean) => cutOff(bindings.VISITOR, "adopt", isAfter),
};

/** The next call of a method through this binding fails for the caller, without having happened or after it has. */
function cutOff(namespace: DurableObjectNamespace, method: string, isAfter: boolean) {
  const original = namespace.getByName.bind(namespace);
  return vi.spyOn(namespace, "getByName").mockImplementation((name) => {
    const real = original(name);
    const call = async (...args: unknown[]) => {
      if (isAfter)
        await (real as unknown as Record<string, (...args: unknown[]) => unknown>)[method]?.(
          ...args,
        );
      throw new Error("killed");
    };
    return new Proxy(real, {
      get(_, key) {
        const others = real as unknown as Record<string | symbol, (...args: unknown[]) => unknown>;
        return key === method ? call : (...args: unknown[]) => others[key]?.(...args);
      },
    });
  });
}

describe.each(Object.entries(STEPS))("killed as %s", (_, fail) => {
  test.each([
    ["before", false],
    ["after", true],
  ])(
    "%s it happened: the alarm finishes it, and asking again finds it done",
    async (_, isAfter) => {
      const first = await arrive();
      await prove(first, jwt("7"));
      const second = await arrive();
      const { socket } = await write(second, "Before I signed in");
      // The definitions are cached, so that the next question to D1 is whose the user id is.
      await object(second).ingest(second.device, batch("load", track(2, "A")));
      const spy = fail(isAfter);
      expect(await prove(second, jwt("7", "ann@example.com"))).toMatchObject({ kind: "waiting" });
      expect(spy).toHaveBeenCalled();
      spy.mockRestore();
      await evictDurableObject(stub(second)).catch(() => {});
      await evictDurableObject(stub(first)).catch(() => {});
      await runDurableObjectAlarm(stub(second));
      await runDurableObjectAlarm(stub(first));
      expect(await socket.untilClosed()).toMatchObject({ code: CLOSE.moved });
      const booted = await boot(object(second), second.device, "next");
      expect(booted).toMatchObject({ isEnded: true, moved: { visitor: first.visitor } });
      const again = await prove(second, jwt("7", "ann@example.com"));
      expect(again).toMatchObject({ kind: "moved", visitor: first.visitor });
      expect(booted).toMatchObject({ moved: { device: again.device } });
      expect(
        await object(again).ingest(
          again.device,
          batch("load", page(1), track(2, "A"), track(3, "B")),
        ),
      ).toMatchObject({ through: 3 });
      expect([await countOf(first, "A"), await countOf(first, "B")]).toEqual([1, 1]);
      expect(await verifiedOf(first)).toEqual(["ann@example.com", "7"]);
      const { items } = (await object(first).timeline(null)) ?? { items: [] };
      expect(items.filter(({ type }) => type === "joined")).toHaveLength(1);
    },
  );
});
