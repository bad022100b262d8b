import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { proofByLink } from "../../domain/identity/continuing.ts";
import { handoverKey } from "../../domain/identity/handover.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import { CLOSE } from "../../protocol/errors.ts";
import { asId, newId, type DeviceId, type WorkspaceId } from "../../protocol/ids.ts";
import { beginMailThread } from "../../worker/d1/mail-threads.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { Passage } from "../contracts.ts";
import { ConversationObject } from "../conversation/object.ts";
import { peersOf } from "../peers.ts";
import { Browser, cutOff, jwt, loop } from "../testing/people.ts";
import { OLIVIA, openOperatorSocket, openVisitorSocket } from "../testing/sockets.ts";
import { unseenDevice } from "./device-record.ts";
import { VisitorObject } from "./object.ts";

/** Decision 21: whoever first proves who a visitor is, is alone with it from then on. */

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);
afterEach(() => void vi.restoreAllMocks());

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
});
const arrive = () => Browser.arrive(workspace);
const thread = (conversation: string) => peers.conversation(workspace, asId("cnv", conversation));

/** Somebody has written, and has let in a browser that shows the page and the conversation. */
async function twoBrowsers() {
  const prover = await arrive();
  const { conversation } = await prover.write("Before anybody was known");
  const other = await prover.beside();
  const page = await openVisitorSocket(other.object, other.device);
  const chat = await openVisitorSocket(thread(conversation), other.device);
  await Promise.all([page, chat].map((socket) => socket.until(({ t }) => t === "hello")));
  return { prover, other, conversation, page, chat };
}

async function expectNothing(browser: Browser, conversation: string): Promise<void> {
  const { object, device } = browser;
  expect(await browser.boot()).toEqual({ isEnded: true, formerly: [browser.visitor] });
  expect(await browser.track("Not mine")).toEqual({ isEnded: true });
  expect(await object.leadsTo({ device, address: null })).toBeNull();
  expect(await object.prove(device, jwt("eve"))).toEqual({ kind: "ended" });
  for (const [place, code] of [
    [object, CLOSE.moved],
    [thread(conversation), CLOSE.ended],
  ] as const) {
    const socket = await openVisitorSocket(place, device);
    expect(await socket.untilClosed()).toMatchObject({ code });
    expect(socket.received).toEqual([]);
  }
}

const PROOFS: Record<string, Proof> = {
  "a token": jwt("ann", "ann@example.com"),
  "an HMAC": { userId: "ann", others: [], by: "hmac" },
  "a mailed code": loop("ann@example.com"),
};

describe.each(Object.entries(PROOFS))("the first proof of who a visitor is, %s,", (_, proof) => {
  test("ends every other right to it, and whoever had one hears nothing from then on", async () => {
    const { prover, other, conversation, page, chat } = await twoBrowsers();
    const { visitor } = prover;
    expect(await prover.prove(proof)).toMatchObject({ kind: "moved", visitor });
    // A browser that was not signed out keeps what it has not sent, and boots.
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    expect(await chat.untilClosed()).toMatchObject({ code: CLOSE.ended });
    await prover.write("CANARY: mine alone");
    await (
      await openOperatorSocket(thread(conversation), OLIVIA)
    ).ask({ t: "message", stream: "o", n: 1, text: "CANARY: for you alone" });
    await expectNothing(other, conversation);
    await other.evict();
    await expectNothing(other, conversation);
    expect(JSON.stringify([page.received, chat.received])).not.toContain("CANARY");
    expect(await prover.boot()).toMatchObject({ conversation: { id: conversation } });
  });

  test.each([
    ["before", false],
    ["after", true],
  ])("killed %s the sockets are closed, is finished by the alarm", async (_, isAfter) => {
    const { prover, other, conversation, page } = await twoBrowsers();
    const cut = cutOff(bindings.CONVERSATION, "endDevice", isAfter);
    expect(await prover.prove(proof)).toEqual({ kind: "waiting" });
    expect(await prover.follow()).toEqual({ isEnded: true, isWaiting: true });
    cut.mockRestore();
    await prover.evict();
    await prover.alarm();
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    await expectNothing(other, conversation);
    expect(await prover.follow()).toMatchObject({ isEnded: false });
    expect(await prover.prove(proof)).toEqual({ kind: "here" });
  });
});

test("the browser that proves has its next right only when every socket of the others is closed", async () => {
  const { prover, other } = await twoBrowsers();
  const { device } = prover;
  const closed: DeviceId[] = [];
  const { endDevice } = ConversationObject.prototype;
  let slow: Promise<unknown> = Promise.resolve();
  vi.spyOn(ConversationObject.prototype, "endDevice").mockImplementation(async function (
    this: ConversationObject,
    one,
  ) {
    if (one === other.device) {
      slow = (async () => {
        // Far longer than what must not happen meanwhile would take.
        for (let n = 0; n < 20; n++) await (await arrive()).boot();
      })();
      await slow;
    }
    await endDevice.call(this, one);
    closed.push(one);
  });
  await prover.prove(jwt("ann"));
  expect(closed.toSorted()).toEqual([device, other.device].toSorted());
});

describe("of a visitor that somebody has proven before", () => {
  test("nobody is sealed by a further proof: the known person has let them in", async () => {
    const ann = await arrive();
    await ann.prove(jwt("ann"));
    const [phone, tablet] = [await ann.beside(), await ann.beside()];
    await ann.prove(loop("ann@example.com"));
    await phone.prove(jwt("ann"));
    expect(await tablet.boot()).toMatchObject({ isEnded: false });
    expect(await tablet.track("Still here")).toMatchObject({ isEnded: false });
  });

  test("nobody is either when that one is signed out, or another browser comes with the same proof", async () => {
    const ann = await arrive();
    await ann.prove(jwt("ann"));
    const [phone, tablet] = [await ann.beside(), await ann.beside()];
    await ann.object.reset(ann.device);
    await phone.prove(loop("ann@example.com"));
    const laptop = await arrive();
    await laptop.prove(jwt("ann"));
    expect(laptop.visitor).toBe(ann.visitor);
    expect(await tablet.boot()).toMatchObject({ isEnded: false });
  });

  test("whoever signs in as somebody else takes nothing along and ends nothing", async () => {
    const ann = await arrive();
    await ann.prove(jwt("ann"));
    const [phone, tablet] = [await ann.beside(), await ann.beside()];
    expect(await phone.prove(jwt("ben"))).toMatchObject({ isAnotherPerson: true });
    expect(await tablet.boot()).toMatchObject({ isEnded: false });
  });
});

describe("two browsers of nobody at once", () => {
  test("that prove the same: the first one stays, the other one comes back by proving it again", async () => {
    const { prover, other } = await twoBrowsers();
    const [first, second] = await Promise.all([prover.prove(jwt("ann")), other.prove(jwt("ann"))]);
    expect(first).toMatchObject({ kind: "moved", visitor: prover.visitor });
    expect(second).toEqual({ kind: "ended" });
    const again = await arrive();
    await again.prove(jwt("ann"));
    expect(again.visitor).toBe(prover.visitor);
  });

  test("of which one proves a mailbox of its own: that is nobody's here, and opens nothing later", async () => {
    const { prover, other, conversation } = await twoBrowsers();
    const [first, second] = await Promise.all([
      prover.prove(jwt("ann")),
      other.prove(loop("eve@example.com")),
    ]);
    expect([first.kind, second.kind]).toEqual(["moved", "ended"]);
    await prover.alarm();
    expect(await prover.verified()).toEqual(["ann"]);
    const eve = await arrive();
    await eve.prove(loop("eve@example.com"));
    expect(eve.visitor).not.toBe(prover.visitor);
    await expectNothing(other, conversation);
  });

  test("of which the one that was first cannot be decided: the other one waits for that", async () => {
    const { prover, other } = await twoBrowsers();
    const cut = vi.spyOn(bindings.DB, "batch").mockRejectedValue(new Error("away"));
    expect(await prover.prove(jwt("ann"))).toEqual({ kind: "waiting" });
    expect(await other.prove(jwt("ben"))).toEqual({ kind: "waiting" });
    cut.mockRestore();
    expect(await other.prove(jwt("ben"))).toEqual({ kind: "ended" });
    await prover.alarm();
    expect(await prover.verified()).toEqual(["ann"]);
    const ben = await arrive();
    await ben.prove(jwt("ben"));
    expect(ben.visitor).not.toBe(prover.visitor);
  });
});

test("a sign-out that overtakes the first proof keeps no other right alive", async () => {
  const { prover, other, conversation } = await twoBrowsers();
  const batch = bindings.DB.batch.bind(bindings.DB);
  vi.spyOn(bindings.DB, "batch").mockImplementation(async (statements) => {
    if (JSON.stringify(statements).includes("INTO identifiers"))
      await prover.object.reset(prover.device);
    return batch(statements);
  });
  await prover.prove(jwt("ann"));
  expect(await prover.verified()).toEqual(["ann"]);
  await expectNothing(other, conversation);
});

test("of a visitor that only mails have made, whoever was let in is out before anything comes there", async () => {
  const [address, at] = ["ada@corp.example", Date.now()];
  const begun = await beginMailThread(
    bindings.DB,
    { workspace, key: "mail-1", address, isProven: true, original: "mails/1" },
    { visitor: newId("vis", at), conversation: newId("cnv", at) },
    at,
  );
  const home = peers.visitor(workspace, begun.visitor);
  const beginning = { address, name: "Ada", subject: "A question", isProven: true };
  await home.beginMail(begun.conversation, beginning);
  const stranger = Object.assign(await arrive(), { visitor: begun.visitor });
  await stranger.boot();
  const page = await openVisitorSocket(stranger.object, stranger.device);
  await page.until(({ t }) => t === "hello");

  const ada = await arrive();
  await ada.write("CANARY: from Ada's browser");
  const cut = cutOff(bindings.VISITOR, "adopt", false);
  expect(await ada.prove(loop(address))).toEqual({ kind: "waiting" });
  cut.mockRestore();
  // Her history is there, and her browser is on its way.
  expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
  expect(JSON.stringify(page.received)).not.toContain("CANARY");
  await expectNothing(stranger, begun.conversation);
  expect(await ada.follow()).toMatchObject({ isEnded: false });
  expect(ada.visitor).toBe(begun.visitor);
});

describe("a link of the chat that is on its way while its maker proves", () => {
  const passage = async (maker: DeviceId): Promise<Passage> => ({
    device: newId("dev", Date.now()),
    maker,
    address: null,
    key: await handoverKey("the link's ticket"),
  });

  test("lets in no browser that was never here", async () => {
    const { prover } = await twoBrowsers();
    const { object, device: maker } = prover;
    const admission = {
      ...(await passage(maker)),
      client: {},
      surroundings: { country: null, userAgent: "" },
    };
    await prover.prove(jwt("ann"));
    expect(await object.admit(admission)).toBeNull();
  });

  test("brings no browser along: that one starts anew", async () => {
    const { prover } = await twoBrowsers();
    const { device: maker, visitor } = prover;
    const late = await arrive();
    const before = late.visitor;
    const { adopt } = VisitorObject.prototype;
    vi.spyOn(VisitorObject.prototype, "adopt").mockImplementationOnce(async function (
      this: VisitorObject,
      arrival,
    ) {
      await prover.prove(jwt("ann"));
      return adopt.call(this, arrival);
    });
    const on = await passage(maker);
    await late.object.goOn(late.device, visitor, on);
    Object.assign(late, { visitor, device: on.device });
    // It is who it was: what it has not sent there goes along.
    expect(await late.boot()).toEqual({ isEnded: true, formerly: [before, visitor] });
    const page = await openVisitorSocket(late.object, late.device);
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    const { items } = (await prover.object.timeline(null)) ?? { items: [] };
    expect(items.filter(({ type }) => type === "moved")).toEqual([]);
  });
});

test("a browser that had proven itself elsewhere and has come by a link is nobody here", async () => {
  const { prover } = await twoBrowsers();
  const { visitor, device: maker } = prover;
  const guest = await arrive();
  const before = guest.visitor;
  const device = newId("dev", Date.now());
  // As it may stand in the record of a device whose visitor has lost what was proven there.
  await prover.object.adopt({
    device,
    record: { ...unseenDevice(Date.now()), provenAt: Date.now() },
    proof: proofByLink(null, maker),
    at: Date.now(),
    from: before,
    isAnotherPerson: false,
    page: null,
    isJoin: false,
    keys: [],
    marks: [],
  });
  Object.assign(guest, { visitor, device });
  expect(await guest.boot()).toMatchObject({ isEnded: false });
  await prover.prove(jwt("ann"));
  expect(await guest.boot()).toEqual({ isEnded: true, formerly: [before, visitor] });
});
