import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Proof } from "../../domain/identity/proof.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { asId, newId, type WorkspaceId } from "../../protocol/ids.ts";
import { HANDOVER_WAIT_MS, LATE_FACTS_MS } from "../../protocol/limits.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { Browser, cutOff, jwt, loop } from "../testing/people.ts";
import { openVisitorSocket } from "../testing/sockets.ts";

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
const arrive = () => Browser.arrive(workspace);
const known = (userId: string) => Browser.known(workspace, userId);

/** Everything that a right may be used for opens nothing. */
async function expectNothing(copy: Browser): Promise<void> {
  const { object, device } = copy;
  setClockOffset(Math.max(HANDOVER_WAIT_MS, LATE_FACTS_MS));
  expect(await copy.boot()).toEqual({ isEnded: true });
  expect(await copy.track("Forged")).toEqual({ isEnded: true });
  for (const proof of [jwt("eve"), loop("eve@example.com")])
    expect(await object.prove(device, proof, "a secret of somebody else")).toEqual({
      kind: "ended",
    });
  const page = await openVisitorSocket(object, device);
  expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
  expect(page.received.every(({ t }) => t !== "hello")).toBe(true);
  setClockOffset(0);
}

/** The ways on which a device that nobody has proven anything on comes to be somebody's. */
const WAYS: Record<string, (browser: Browser) => Promise<Proof>> = {
  "its own visitor gets the user id": async () => jwt("ann"),
  "its own visitor gets the mailbox": async () => loop("ann@example.com"),
  "its visitor is joined into a known one": async () => {
    await known("ann");
    return jwt("ann");
  },
  "it is another person's from then on": async (browser) => {
    await browser.prove(jwt("former"));
    return jwt("ann");
  },
};

describe.each(Object.entries(WAYS))(
  "a copy of the right from before the proof, where %s",
  (_, prepare) => {
    test("is a right of nothing, and nobody loses theirs by it", async () => {
      const browser = await arrive();
      const proof = await prepare(browser);
      const copy = browser.copy();
      const live = await openVisitorSocket(copy.object, copy.device);
      await browser.prove(proof);
      expect(await live.untilClosed()).toMatchObject({ code: CLOSE.moved });
      await expectNothing(copy);
      await browser.write("A secret of Ann's");
      await copy.evict();
      await expectNothing(copy);
      expect(await browser.boot()).toMatchObject({ isEnded: false });
      expect(await browser.count("Forged")).toBe(0);
    });

    test("is followed by the browser that proved, although it was not answered, also long after", async () => {
      const browser = await arrive();
      const proof = await prepare(browser);
      const { object, device } = browser;
      const tab = browser.tab();
      await browser.prove(proof);
      setClockOffset(86_400_000);
      expect(await tab.follow()).toMatchObject({ isEnded: false });
      expect([tab.visitor, tab.device]).toEqual([browser.visitor, browser.device]);
      // And the same proof is answered alike.
      expect(await object.prove(device, proof, "another secret of it")).toMatchObject({
        device: browser.device,
      });
    });
  },
);

describe("a browser that stays with its visitor under another right", () => {
  test.each([
    [HANDOVER_WAIT_MS - 1, { isEnded: true, isWaiting: true }],
    [HANDOVER_WAIT_MS, { isEnded: true }],
  ])(
    "asks whoever comes without its secret to wait for no longer than a moment: %i ms",
    async (ms, said) => {
      vi.useFakeTimers({ toFake: ["Date"] }); // nothing passes but what is said below
      const browser = await arrive();
      const copy = browser.copy();
      await browser.prove(jwt("ann"));
      setClockOffset(ms);
      expect(await copy.boot()).toEqual(said);
      vi.useRealTimers();
    },
  );

  test("has told what it has told: what comes again is dropped, also after it has moved on", async () => {
    const browser = await arrive();
    const told = browser.batch({ type: "track", name: "A" }, { type: "track", name: "B" });
    await browser.object.ingest(browser.device, told);
    const { object, device } = browser;
    await browser.prove(jwt("ann"));
    await browser.object.ingest(browser.device, told);
    // A beacon under the old right that comes late.
    const late = {
      ...told,
      facts: [...told.facts, { type: "track", n: 4, at: Date.now(), name: "C" }],
    };
    expect(await object.ingest(device, late)).toMatchObject({ isEnded: false, through: 4 });
    expect([await browser.count("A"), await browser.count("B"), await browser.count("C")]).toEqual([
      1, 1, 1,
    ]);
    await browser.prove(loop("ann@example.com"));
    await browser.object.ingest(browser.device, late);
    await browser.evict();
    await browser.object.ingest(browser.device, late);
    expect([await browser.count("A"), await browser.count("C")]).toEqual([1, 1]);
  });

  test.each([
    [LATE_FACTS_MS - 1, false],
    [LATE_FACTS_MS, true],
  ])("takes what was on its way under the old one for %i ms: ended %s", async (ms, isEnded) => {
    vi.useFakeTimers({ toFake: ["Date"] }); // nothing passes but what is said below
    const browser = await arrive();
    const copy = browser.copy();
    await browser.prove(jwt("ann"));
    setClockOffset(ms);
    expect(await copy.track("Late")).toMatchObject({ isEnded });
    vi.useRealTimers();
  });

  test("has sent what it has sent: a message that comes again is not another one", async () => {
    const browser = await arrive();
    const { answer, conversation } = await browser.write("Once", 1);
    await browser.prove(jwt("ann"));
    expect((await browser.write("Once", 1)).answer).toMatchObject({ t: "ack", seq: answer["seq"] });
    await browser.prove(loop("ann@example.com"));
    expect((await browser.write("Once", 1)).answer).toMatchObject({ t: "ack", seq: answer["seq"] });
    expect((await browser.write("Twice", 2)).answer).toMatchObject({ t: "ack" });
    const log = await peers.conversation(workspace, asId("cnv", conversation)).log(0, 100);
    expect(log.flatMap((entry) => (entry.type === "message" ? [entry.text] : []))).toEqual([
      "Once",
      "Twice",
    ]);
  });

  test("has sent what it has sent, also into a conversation that could not tell of itself yet", async () => {
    const browser = await arrive();
    const cut = cutOff(bindings.VISITOR, "conversationChanged", false);
    const { answer } = await browser.write("Once", 1);
    await browser.prove(jwt("ann"));
    cut.mockRestore();
    expect((await browser.write("Once", 1)).answer).toMatchObject({ t: "ack", seq: answer["seq"] });
  });

  test("has no socket left under the old one when it is answered, on no conversation either", async () => {
    const browser = await arrive();
    const { conversation } = await browser.write("Hello");
    const room = peers.conversation(workspace, asId("cnv", conversation));
    const panel = await openVisitorSocket(room, browser.device);
    const old = browser.device;
    await browser.prove(jwt("ann"));
    expect(await panel.untilClosed()).toMatchObject({ code: CLOSE.ended });
    expect(await (await openVisitorSocket(room, old)).untilClosed()).toMatchObject({
      code: CLOSE.ended,
    });
  });

  test("is signed out by its old right as well, also one that overtakes the next", async () => {
    const browser = await arrive();
    await browser.write("Hello");
    const { object, device } = browser;
    const cut = cutOff(bindings.CONVERSATION, "endDevice", false);
    expect(await browser.prove(jwt("ann"))).toEqual({ kind: "waiting" });
    cut.mockRestore();
    await object.reset(device);
    await browser.alarm();
    expect(await browser.follow()).toEqual({ isEnded: true });
  });

  test.each([
    ["endDevice", false],
    ["endDevice", true],
    ["passDevice", false],
    ["passDevice", true],
  ] as const)(
    "killed as %s is called on a conversation (it happened: %s), the alarm finishes it",
    async (method, isAfter) => {
      const browser = await arrive();
      const { answer } = await browser.write("Once", 1);
      const { object, device } = browser;
      const cut = cutOff(bindings.CONVERSATION, method, isAfter);
      expect(await browser.prove(jwt("ann"))).toEqual({ kind: "waiting" });
      cut.mockRestore();
      await browser.evict();
      await browser.alarm();
      await browser.follow();
      expect(await object.prove(device, jwt("ann"))).toMatchObject({ device: browser.device });
      expect(await browser.verified()).toEqual(["ann"]);
      expect((await browser.write("Once", 1)).answer).toMatchObject({
        t: "ack",
        seq: answer["seq"],
      });
      expect((await browser.timeline()).filter(({ type }) => type === "proved")).toHaveLength(1);
    },
  );
});

test("two proofs of different people at once: each is answered with a right of its own person, or with none", async () => {
  const shared = await arrive();
  const { object, device } = shared;
  const [ann, eve] = await Promise.all([
    object.prove(device, jwt("ann"), "a secret of the first"),
    object.prove(device, jwt("eve"), "a secret of the other"),
  ]);
  const rights = [ann, eve].flatMap((one) => (one.kind === "moved" ? [one] : []));
  expect(rights).toHaveLength(1);
  const other = await Browser.arrive(workspace);
  await other.prove(jwt(ann.kind === "moved" ? "ann" : "eve"));
  expect(other.visitor).toBe(rights[0]?.visitor);
});

test("a mailbox that is proven with a copy while its owner signs in is nobody's there", async () => {
  const shared = await arrive();
  const { object, device } = shared;
  await Promise.all([
    object.prove(device, jwt("ann"), "a secret of the first"),
    object.prove(device, loop("eve@example.com"), "a secret of the other"),
  ]);
  await shared.alarm();
  const ann = await known("ann");
  expect(await ann.verified()).toEqual(["ann"]);
  // Nor does it lead there later, by what D1 was asked.
  const eve = await arrive();
  await eve.prove(loop("eve@example.com"));
  expect(eve.visitor).not.toBe(ann.visitor);
});
