import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOSE } from "../../protocol/errors.ts";
import {
  newId,
  type ConversationId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import { provenAddressOf } from "../../worker/d1/proven-addresses.ts";
import { beginMailThread } from "../../worker/d1/mail-threads.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { Browser, cutOff, jwt, loop } from "../testing/people.ts";
import { openVisitorSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);
afterEach(() => void vi.restoreAllMocks());

const ADDRESS = "ada@corp.example";
let workspace: WorkspaceId;
/** The visitor of Ada's mails, who has no browser, and their conversation. */
let home: VisitorId;
let conversation: ConversationId;
let mails = 0;
async function mail(): Promise<{ visitor: VisitorId; conversation: ConversationId }> {
  const now = Date.now();
  const key = `mail-${++mails}`;
  const fresh = { visitor: newId("vis", now), conversation: newId("cnv", now) };
  const arrived = { workspace, key, address: ADDRESS, isProven: true, original: "mails/1" };
  const begun = await beginMailThread(bindings.DB, arrived, fresh, now);
  await peers.visitor(workspace, begun.visitor).beginMail(begun.conversation, {
    address: ADDRESS,
    name: "Ada",
    subject: "A question",
    isProven: true,
  });
  return begun;
}
beforeEach(async () => {
  workspace = newId("wsp", Date.now());
  ({ visitor: home, conversation } = await mail());
});

const arrive = () => Browser.arrive(workspace);
const known = (userId: string, email?: string) => Browser.known(workspace, userId, email);
const cardOf = (visitor: VisitorId) => peers.visitor(workspace, visitor).card();
const verifiedOf = async (visitor: VisitorId) =>
  (await cardOf(visitor))?.identifiers
    .filter((one) => one.isVerified)
    .map(({ value }) => value)
    .toSorted();

describe("a browser proves the mailbox that mails came from", () => {
  test("it is joined into the visitor of those mails and sees their conversation; the old right sees nothing", async () => {
    const browser = await arrive();
    await browser.track("Here before");
    const { visitor, device } = browser;
    const page = await openVisitorSocket(browser.object, device);
    const outcome = await browser.prove(loop(ADDRESS));
    expect(outcome).toMatchObject({ kind: "moved", visitor: home, isAnotherPerson: false });
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    await expect.poll(() => browser.boot()).toMatchObject({ conversation: { id: conversation } });
    expect(await browser.count("Here before")).toBe(1);
    expect(await peers.visitor(workspace, visitor).card()).toMatchObject({ id: home });
    expect(await verifiedOf(home)).toEqual([ADDRESS]);
    await browser.evict();
    expect(await verifiedOf(home)).toEqual([ADDRESS]);
    expect(await provenAddressOf(bindings.DB, workspace, home)).toBe(ADDRESS);
  });

  test("twice it ends up at the same right; two browsers at one visitor", async () => {
    const first = await arrive();
    const { object, device } = first;
    const moved = await first.prove(loop(ADDRESS));
    expect(await object.prove(device, loop(ADDRESS))).toEqual(moved);
    expect(await first.prove(loop(ADDRESS))).toEqual({ kind: "here" });
    const second = await arrive();
    await second.prove(loop(ADDRESS));
    expect(second.visitor).toBe(home);
    expect(second.device).not.toBe(first.device);
    expect((await first.timeline()).filter(({ type }) => type === "proved")).toHaveLength(2);
  });

  test("ten at once: one visitor has all of them", async () => {
    const browsers = await Promise.all(Array.from({ length: 10 }, arrive));
    await Promise.all(browsers.map((browser) => browser.prove(loop(ADDRESS))));
    expect(new Set(browsers.map(({ visitor }) => visitor))).toEqual(new Set([home]));
    expect(await verifiedOf(home)).toEqual([ADDRESS]);
  });

  test("a signed-in browser has them joined into its own person, who has no other user id", async () => {
    const ben = await known("ben");
    const { visitor } = ben;
    expect(await ben.prove(loop(ADDRESS))).toMatchObject({ kind: "moved", visitor });
    expect((await ben.card()).conversations).toEqual([conversation]);
    expect(await ben.verified()).toEqual([ADDRESS, "ben"]);
    expect(await cardOf(home)).toMatchObject({ id: visitor });
    expect(await provenAddressOf(bindings.DB, workspace, visitor)).toBe(ADDRESS);
    // The next mail is theirs too, and what still comes to the visitor of the mails.
    expect((await mail()).visitor).toBe(visitor);
    expect((await ben.card()).conversations).toHaveLength(2);
  });

  test("a user id that is proven together with the mailbox keeps the history", async () => {
    const ada = await arrive();
    await ada.prove(loop(ADDRESS));
    expect(await ada.prove(jwt("ada", ADDRESS))).toMatchObject({ visitor: home });
    expect(await verifiedOf(home)).toEqual(["ada", ADDRESS]);
    const other = await arrive();
    await other.prove(jwt("ada"));
    expect(other.visitor).toBe(home);
  });
});

describe("a login that names the address mails came from", () => {
  test("has their visitor joined, although that one has no browser", async () => {
    const ada = await known("ada", ADDRESS);
    expect((await ada.card()).conversations).toEqual([conversation]);
    expect(await ada.verified()).toEqual([ADDRESS, "ada"]);
    expect(await cardOf(home)).toMatchObject({ id: ada.visitor });
    expect((await mail()).visitor).toBe(ada.visitor);
  });

  test("gets it by a code in another browser as well, which sees all of it", async () => {
    const ada = await known("ada", ADDRESS);
    const phone = await arrive();
    await phone.prove(loop(ADDRESS));
    expect(phone.visitor).toBe(ada.visitor);
    await expect.poll(() => phone.boot()).toMatchObject({ conversation: { id: conversation } });
  });

  test("a code in the browser of another user id moves the address there and no history", async () => {
    const ada = await known("ada", ADDRESS);
    const ben = await known("ben");
    const { visitor } = ben;
    expect(await ben.prove(loop(ADDRESS))).toMatchObject({ kind: "moved", visitor });
    expect((await ben.card()).conversations).toEqual([]);
    expect((await ada.card()).conversations).toEqual([conversation]);
    expect([await ada.verified(), await ben.verified()]).toEqual([["ada"], [ADDRESS, "ben"]]);
    expect(await provenAddressOf(bindings.DB, workspace, ada.visitor)).toBeNull();
  });

  test("while a device is on its way to the mails: everything ends at that user", async () => {
    const browser = await arrive();
    const adopt = cutOff(bindings.VISITOR, "adopt", false);
    expect(await browser.prove(loop(ADDRESS))).toEqual({ kind: "waiting" });
    adopt.mockRestore();
    const ada = await known("ada", ADDRESS);
    await browser.evict();
    await browser.alarm();
    await browser.follow();
    await ada.alarm();
    expect((await browser.card()).id).toBe(ada.visitor);
    expect(await ada.verified()).toEqual([ADDRESS, "ada"]);
    expect(await provenAddressOf(bindings.DB, workspace, ada.visitor)).toBe(ADDRESS);
  });
});

test("whoever signs in after a code in the same browser, and is not said to have that address, gets nothing of it", async () => {
  const shared = await arrive();
  await shared.prove(loop(ADDRESS));
  expect(shared.visitor).toBe(home);
  expect(await shared.prove(jwt("eve"))).toMatchObject({ kind: "moved", isAnotherPerson: true });
  expect(shared.visitor).not.toBe(home);
  expect((await shared.card()).conversations).toEqual([]);
  expect(await shared.verified()).toEqual(["eve"]);
  expect(await verifiedOf(home)).toEqual([ADDRESS]);
  expect((await cardOf(home))?.conversations).toEqual([conversation]);
});

test("an address that came along with a join is whoever's proves it next, before it is asked for as after", async () => {
  const second = "ada@home.example";
  const shared = await arrive();
  await shared.prove(loop(ADDRESS));
  await shared.prove(loop(second));
  // Ada has all of it by the one address; the other is asked for by her alarm.
  const ada = await known("ada");
  await ada.prove(loop(ADDRESS));
  const ben = await known("ben", second);
  await ada.alarm();
  await ben.alarm();
  expect([await ada.verified(), await ben.verified()]).toEqual([
    [ADDRESS, "ada"],
    [second, "ben"],
  ]);
  expect(await provenAddressOf(bindings.DB, workspace, ben.visitor)).toBe(second);
});

test("the visitor of mails that lost the address to another user id gets no mails there", async () => {
  const eve = await arrive();
  await eve.prove(jwt("eve", ADDRESS));
  await eve.prove(loop(ADDRESS));
  expect((await eve.card()).conversations).toEqual([conversation]);
  await known("ada", ADDRESS);
  expect(await provenAddressOf(bindings.DB, workspace, home)).toBeNull();
});

test.each([
  ["before", false],
  ["after", true],
])(
  "killed %s D1 was asked, the alarm finishes it, and asking again finds it done",
  async (_, isAfter) => {
    const browser = await arrive();
    await browser.does();
    const batch = bindings.DB.batch.bind(bindings.DB);
    vi.spyOn(bindings.DB, "batch").mockImplementationOnce(async (statements) => {
      if (isAfter) await batch(statements);
      throw new Error("killed");
    });
    expect(await browser.prove(loop(ADDRESS))).toEqual({ kind: "waiting" });
    await browser.evict();
    await browser.alarm();
    expect(await browser.prove(loop(ADDRESS))).toMatchObject({ kind: "moved", visitor: home });
    expect(await verifiedOf(home)).toEqual([ADDRESS]);
  },
);
