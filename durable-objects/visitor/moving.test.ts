import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId, type WorkspaceId } from "../../protocol/ids.ts";
import { VISITOR_EVENT_NAMES_MAX } from "../../protocol/limits.ts";
import type { ObjectBindings } from "../bindings.ts";
import { ConversationObject } from "../conversation/object.ts";
import { Browser, jwt } from "../testing/people.ts";
import { VisitorObject } from "./object.ts";

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("what a page has told of one person does not count for the next one, told again under their right", async () => {
  const browser = await Browser.arrive(workspace);
  await browser.prove(jwt("ann"));
  const told = browser.batch({ type: "track", name: "A Secret Of Ann's" });
  await browser.object.ingest(browser.device, told);
  expect(await browser.prove(jwt("ben"))).toMatchObject({ isAnotherPerson: true });
  await browser.evict();
  expect(await browser.object.ingest(browser.device, told)).toMatchObject({ rejected: [] });
  expect(await browser.count("A Secret Of Ann's")).toBe(0);
  await browser.track("Something Of Ben's");
  expect(await browser.count("Something Of Ben's")).toBe(1);
});

test("the next person has the device only when every socket of the former one is closed", async () => {
  const [browser, other] = [await Browser.arrive(workspace), await Browser.arrive(workspace)];
  await browser.prove(jwt("ann"));
  await browser.write("A secret of Ann's");
  const order: string[] = [];
  const { adopt } = VisitorObject.prototype;
  vi.spyOn(VisitorObject.prototype, "adopt").mockImplementation(function (
    this: VisitorObject,
    one,
  ) {
    order.push("taken over");
    return adopt.call(this, one);
  });
  vi.spyOn(ConversationObject.prototype, "endDevice").mockImplementation(async () => {
    // Far longer than what must not happen meanwhile would take.
    for (let n = 0; n < 20; n++) await other.boot();
    order.push("closed");
  });
  expect(await browser.prove(jwt("ben"))).toMatchObject({ kind: "moved" });
  expect(order).toEqual(["closed", "taken over"]);
});

test.each([
  ["is told", false, "ann"],
  ["is told, and the one before was nobody", false, null],
  ["decides a join", true, null],
])(
  "a reset while D1 %s whose the next person is leaves no right behind, and takes away nothing of what was proven",
  async (_, isJoin, former) => {
    const browser = await Browser.arrive(workspace);
    if (former !== null) await browser.prove(jwt(former));
    const ben = await Browser.arrive(workspace);
    await ben.prove(jwt("ben"));
    const { DB } = env as unknown as ObjectBindings; // the test's env is the Worker's
    const batch = DB.batch.bind(DB);
    const part = isJoin ? "INTO joined_visitors" : "INTO identifiers";
    const cut = vi.spyOn(DB, "batch").mockImplementation(async (statements) => {
      if (JSON.stringify(statements).includes(part)) await browser.object.reset(browser.device);
      return batch(statements);
    });
    const adopt = vi.spyOn(VisitorObject.prototype, "adopt");
    expect(await browser.prove(jwt("ben", "ben@example.com"))).toEqual({ kind: "ended" });
    cut.mockRestore();
    const [arrival] = adopt.mock.lastCall ?? expect.unreachable();
    expect(await ben.verified()).toEqual(["ben@example.com", "ben"]);
    expect(await browser.follow()).toEqual({ isEnded: true });
    Object.assign(browser, { visitor: ben.visitor, device: arrival.device });
    expect(await browser.follow()).toEqual({ isEnded: true });
    expect(await ben.boot()).toMatchObject({ isEnded: false });
  },
);

test("a proof that two tabs bring at once is acted on once", async () => {
  const [stays, goes] = [await Browser.arrive(workspace), await Browser.arrive(workspace)];
  const twice = (browser: Browser, userId: string) =>
    Promise.all([1, 2].map(() => browser.object.prove(browser.device, jwt(userId))));
  const [first, second] = await twice(stays, "ann");
  expect(first).toMatchObject({ kind: "moved", visitor: stays.visitor, isAnotherPerson: false });
  expect(second).toEqual(first);
  expect((await stays.timeline()).filter(({ type }) => type === "proved")).toHaveLength(1);
  await goes.prove(jwt("ben"));
  const [one, other] = await twice(goes, "ann");
  expect(one).toMatchObject({ kind: "moved", visitor: stays.visitor, isAnotherPerson: true });
  expect(other).toEqual(one);
  expect((await goes.timeline()).filter(({ type }) => type === "moved")).toHaveLength(1);
});

describe("a joined visitor's history", () => {
  const named = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ type: "track", name: `${prefix} ${n}` }));

  test("comes in parts of at most 200 rows, and of less where they are long", async () => {
    const ann = await Browser.arrive(workspace);
    await ann.prove(jwt("ann"));
    const phone = await Browser.arrive(workspace);
    for (let n = 0; n < 205; n++) await phone.track("Bell Rung");
    const long = { text: "x".repeat(1_000) };
    const many = Array.from({ length: 40 }, () => ({ type: "track", name: "Long", props: long }));
    for (let n = 0; n < 20; n++) await phone.does(...many);
    const inherit = vi.spyOn(VisitorObject.prototype, "inherit");
    await phone.prove(jwt("ann"));
    const parts = inherit.mock.calls.map(([part]) => part);
    expect(parts.length).toBeGreaterThan(2);
    for (const { after, through, items } of parts) {
      expect(through - after).toBeLessThanOrEqual(200);
      expect(JSON.stringify(items).length).toBeLessThan(1_000_000);
    }
    expect([await ann.count("Bell Rung"), await ann.count("Long")]).toEqual([205, 800]);
  });

  test("counts no more names of events than one visitor may have", async () => {
    const ann = await Browser.arrive(workspace);
    await ann.prove(jwt("ann"));
    const phone = await Browser.arrive(workspace);
    const half = Math.ceil(VISITOR_EVENT_NAMES_MAX / 2);
    for (const [browser, prefix] of [
      [ann, "Computer"],
      [phone, "Phone"],
    ] as const)
      for (let done = 0; done < half; done += 50)
        await browser.does(...named(`${prefix} ${done}`, Math.min(50, half - done)));
    await phone.prove(jwt("ann"));
    expect((await ann.card()).events).toHaveLength(VISITOR_EVENT_NAMES_MAX);
    expect(await ann.count("Page Viewed")).toBe(2);
  });
});
