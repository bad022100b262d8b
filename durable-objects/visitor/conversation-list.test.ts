import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOSE } from "../../protocol/errors.ts";
import { asId, newId, type ConversationId, type WorkspaceId } from "../../protocol/ids.ts";
import { CONVERSATIONS_PAGE_SIZE } from "../../protocol/limits.ts";
import type { ListedConversation } from "../../protocol/visitor-frames.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { Browser, jwt, holdVisitorQueues } from "../testing/people.ts";
import { OLIVIA, openOperatorSocket, openVisitorSocket, type Frame } from "../testing/sockets.ts";

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

const thread = (id: string) => peers.conversation(workspace, asId("cnv", id));
const operatorIn = (id: string) => openOperatorSocket(thread(id), OLIVIA);
const pageOf = (browser: Browser) => openVisitorSocket(browser.object, browser.device);

/** The whole list as a page of this browser gets it. */
async function listOf(browser: Browser): Promise<ListedConversation[]> {
  const page = await pageOf(browser);
  const answer = await page.ask({ t: "conversations" });
  page.close();
  expect(answer).toMatchObject({ t: "ack", next: null });
  return answer["conversations"] as ListedConversation[]; // read loosely, as frames are in tests
}

/** What a page was told last of its conversations. */
const toldTo = (page: { received: Frame[] }) =>
  page.received.findLast(({ t }) => t === "conversation" || t === "hello")?.["conversation"];

/** One person who wrote on a computer and, before signing in there, on a phone. */
async function annOnTwoDevices() {
  const computer = await Browser.arrive(workspace);
  await computer.prove(jwt("ann"));
  const older = await computer.write("From the computer");
  const phone = await Browser.arrive(workspace);
  const newer = await phone.write("From the phone");
  await phone.prove(jwt("ann"));
  return { computer, phone, older: older.conversation, newer: newer.conversation };
}

describe("a person's conversations", () => {
  test("are the same list on every device that has proven itself, also after eviction", async () => {
    const { computer, phone, older, newer } = await annOnTwoDevices();
    const expected = [
      { id: newer, status: "open", unread: 0, isJoined: true, mail: null, operator: null },
      { id: older, status: "open", unread: 0, isJoined: false, mail: null, operator: null },
    ];
    expect(await listOf(phone)).toMatchObject(expected);
    const list = await listOf(computer);
    expect(list.map(({ last }) => [last.text, last.isOwn])).toEqual([
      ["From the phone", true],
      ["From the computer", true],
    ]);
    await computer.evict();
    expect(await listOf(computer)).toEqual(list);
    expect(await computer.boot()).toMatchObject({
      conversation: { id: newer, waits: 0, others: 1 },
    });
  });

  test("open with a ticket each; those of anybody else answer like those that are nowhere", async () => {
    const { phone, older, newer } = await annOnTwoDevices();
    const eve = await Browser.arrive(workspace);
    const foreign = await eve.write("Somebody else's");
    const elsewhere = await Browser.arrive(newId("wsp", Date.now()));
    const abroad = await elsewhere.write("In another workspace");
    const page = await pageOf(phone);
    for (const conversation of [older, newer])
      expect(await page.ask({ t: "ticket", conversation })).toMatchObject({
        t: "ack",
        ticket: expect.any(String),
      });
    const nowhere = newId("cnv", Date.now());
    const strange = [foreign.conversation, abroad.conversation, nowhere, "cnv_", "", "__proto__"];
    for (const [n, conversation] of strange.entries()) {
      const { id: _, ...ticket } = await page.ask({ t: "ticket", conversation });
      expect(ticket, conversation).toEqual({
        t: "error",
        code: "not_found",
        message: "There is nothing here.",
      });
      const message = { t: "message", stream: "strange", n: n + 1, text: "Let me in" };
      const { id: __, ...written } = await page.ask({ ...message, conversation });
      expect(written, conversation).toEqual(ticket);
    }
    expect(await thread(foreign.conversation).log(0, 10)).toHaveLength(1);
    expect(await thread(nowhere).summary()).toBeNull();
  });

  test.each([0, 1, 2])(
    "come in pages of the limit: with %i more than fill one, over evictions",
    async (more) => {
      const browser = await Browser.arrive(workspace);
      const at = Date.now();
      const count = CONVERSATIONS_PAGE_SIZE - 1 + more;
      for (let i = 0; i < count; i++) {
        const id = newId("cnv", at + i);
        const state = { through: 1, read: 0, unread: 1, preview: null, wrote: 1, answered: null };
        await browser.object.conversationChanged({ id, status: "open", ...state }, 1, {
          own: { at: at + i, text: `Number ${i}` },
          subject: null,
        });
      }
      expect(await browser.boot()).toMatchObject({
        conversation: { waits: count, others: count - 1 },
      });
      const seen: ListedConversation[] = [];
      let next: string | null = null;
      for (let pages = 1; ; pages++) {
        const page = await pageOf(browser);
        const answer = await page.ask({ t: "conversations", ...(next ? { before: next } : {}) });
        seen.push(...(answer["conversations"] as ListedConversation[]));
        next = answer["next"] as string | null;
        await browser.evict();
        if (next === null) {
          expect(pages).toBe(count > CONVERSATIONS_PAGE_SIZE ? 2 : 1);
          break;
        }
        expect(seen).toHaveLength(CONVERSATIONS_PAGE_SIZE);
      }
      const texts = Array.from({ length: count }, (_, i) => `Number ${i}`).toReversed();
      expect(seen.map(({ last }) => last.text)).toEqual(texts);
    },
  );

  test("are asked for by a cursor of this form and no other", async () => {
    const page = await pageOf(await Browser.arrive(workspace));
    for (const before of [
      "",
      "1",
      "x.cnv_1",
      "1.vis_1",
      "1.cnv_1' OR 1",
      `${"1".repeat(17)}.cnv_1`,
    ])
      expect(await page.ask({ t: "conversations", before }), before).toMatchObject({
        code: "invalid",
      });
    expect(await page.ask({ t: "conversations", before: "0.cnv_0" })).toMatchObject({
      conversations: [],
      next: null,
    });
  });

  test("are told without asking the database", async () => {
    const { computer } = await annOnTwoDevices();
    const page = await pageOf(computer);
    const prepare = vi.spyOn(bindings.DB, "prepare");
    const batch = vi.spyOn(bindings.DB, "batch");
    expect(await page.ask({ t: "conversations" })).toMatchObject({ t: "ack" });
    expect([prepare.mock.calls, batch.mock.calls]).toEqual([[], []]);
  });

  test("are nobody's who has not proven it: a sealed device gets neither the list nor in by an old ticket", async () => {
    const computer = await Browser.arrive(workspace);
    await computer.prove(jwt("ann"));
    await computer.write("From the computer");
    const phone = await Browser.arrive(workspace);
    const { conversation } = await phone.write("From the phone");
    const tablet = await phone.beside();
    const page = await pageOf(tablet);
    await phone.prove(jwt("ann"));
    expect(await page.untilClosed()).toMatchObject({ code: CLOSE.moved });
    const again = await pageOf(tablet);
    expect(await again.untilClosed()).toMatchObject({ code: CLOSE.moved });
    expect(again.received).toEqual([]);
    const chat = await openVisitorSocket(thread(conversation), tablet.device);
    expect(await chat.untilClosed()).toMatchObject({ code: CLOSE.ended });
    expect(chat.received).toEqual([]);
  });
});

describe("a note", () => {
  test("is no preview, moves nothing in the list and is no gap, also where a stranger's mail stands beside", async () => {
    const { computer, older, newer } = await annOnTwoDevices();
    const before = await listOf(computer);
    const operator = await operatorIn(older);
    await operator.ask({ t: "note", stream: "o", n: 1, text: "CANARY: she is important" });
    await thread(older).receiveMail(strangersMail);
    await thread(older).setStatus(OLIVIA, "closed");
    const page = await pageOf(computer);
    await page.until(({ t }) => t === "hello");
    await expect.poll(() => listOf(computer)).toMatchObject([{ id: newer }, { status: "closed" }]);
    const after = await listOf(computer);
    expect(after).toEqual([before[0], { ...before[1], status: "closed" }]);
    const answer = await operator.ask({ t: "message", stream: "o", n: 2, text: "Hello Ann" });
    expect(answer).toMatchObject({ t: "ack" });
    await expect.poll(() => listOf(computer)).toMatchObject([{ id: older, unread: 1 }, {}]);
    const chat = await openVisitorSocket(thread(older), computer.device);
    const { entries } = await chat.ask({ t: "resume", after: 0 });
    expect(
      (entries as { seq: number; text: string }[]).map(({ seq, text }) => [seq, text]),
    ).toEqual([
      [1, "From the computer"],
      [2, "Hello Ann"],
    ]);
    expect(JSON.stringify([page.received, chat.received, await listOf(computer)])).not.toContain(
      "CANARY",
    );
  });
});

const strangersMail = {
  key: "mail-1",
  aside: "stranger" as const,
  text: "CANARY: I am somebody else",
  mail: {
    from: "eve@example.test",
    name: "CANARY",
    subject: "CANARY",
    isProven: false,
    folded: null,
    attachments: [],
    flaw: null,
    isCut: false,
    original: "mail-1",
  },
  isList: false,
  messageId: null,
};

describe("what is unread", () => {
  test("is the same on every device: reading on one clears the other at once, for each conversation and in sum", async () => {
    const { computer, phone, older, newer } = await annOnTwoDevices();
    const page = await pageOf(computer);
    for (const [id, text] of [
      [newer, "One"],
      [older, "Two"],
      [older, "Three"],
    ] as const)
      await (await operatorIn(id)).ask({ t: "message", stream: text, n: 1, text });
    const frame = (unread: number, waits: number) =>
      expect.poll(() => toldTo(page)).toMatchObject({ id: older, unread, waits, others: 1 });
    await frame(2, 3);

    const chat = await openVisitorSocket(thread(older), phone.device);
    await chat.ask({ t: "read", id: "r", through: 3 });
    await frame(0, 1);
    expect(await listOf(phone)).toMatchObject([
      { id: older, unread: 0 },
      { id: newer, unread: 1, last: { text: "One", isOwn: false }, operator: { name: "Olivia" } },
    ]);
    const other = await openVisitorSocket(thread(newer), phone.device);
    await other.ask({ t: "read", id: "r", through: 2 });
    await frame(0, 0);
    // Read again, or less far, it changes nothing.
    await other.ask({ t: "read", id: "s", through: 1 });

    // A device that was away is told by its boot, and so is an object that has slept.
    const later = await computer.beside();
    await later.prove(jwt("ann"));
    await later.evict();
    expect(await later.boot()).toMatchObject({
      conversation: { id: older, unread: 0, waits: 0, others: 1 },
    });
    expect(await listOf(later)).toMatchObject([{ unread: 0 }, { unread: 0 }]);
  });
});

describe("writing in another conversation than the open one", () => {
  test("over its own socket opens it again and makes it the open one on every device", async () => {
    const { computer, phone, older, newer } = await annOnTwoDevices();
    await thread(older).setStatus(OLIVIA, "closed");
    const page = await pageOf(computer);
    expect(await page.until(({ t }) => t === "hello")).toMatchObject({
      conversation: { id: newer },
    });
    const chat = await openVisitorSocket(thread(older), phone.device);
    await chat.ask({ t: "message", stream: "late", n: 1, text: "One more thing" });
    await expect.poll(() => toldTo(page)).toMatchObject({ id: older, status: "open", wrote: 2 });
    expect(await listOf(computer)).toMatchObject([
      { id: older, last: { text: "One more thing", isOwn: true } },
      { id: newer },
    ]);
  });

  test("over the page's socket does the same, once, however often and however late it comes", async () => {
    const { computer, older, newer } = await annOnTwoDevices();
    await thread(older).setStatus(OLIVIA, "closed");
    const message = { t: "message", stream: "late", n: 1, text: "One more thing" };
    const first = await pageOf(computer);
    const sent = await first.ask({ ...message, conversation: older });
    expect(sent).toMatchObject({ t: "ack", conversation: older, seq: 2 });
    await expect.poll(() => toldTo(first)).toMatchObject({ id: older, status: "open" });
    await computer.write("And here again", 2);
    await computer.evict();
    const again = await pageOf(computer);
    expect(await again.ask({ ...message, conversation: older })).toMatchObject({ seq: 2 });
    const texts = async (id: ConversationId | string) =>
      (await thread(id).log(0, 20)).flatMap((one) => (one.type === "message" ? [one.text] : []));
    expect(await texts(older)).toEqual(["From the computer", "One more thing", "And here again"]);
    expect(await texts(newer)).toEqual(["From the phone"]);
  });

  test("of what was told and never arrived the conversation tells again: a crash between the two moves nothing twice", async () => {
    const { computer, older, newer } = await annOnTwoDevices();
    const tell = vi.spyOn(bindings.VISITOR, "getByName").mockImplementation(() => {
      throw new Error("killed");
    });
    await thread(older).receive(computer.device, { stream: "late", n: 1, text: "One more thing" });
    tell.mockRestore();
    expect(await computer.boot()).toMatchObject({ conversation: { id: newer } });
    await expect
      .poll(() => computer.boot())
      .toMatchObject({ conversation: { id: older, wrote: 2 } });
  });
});
