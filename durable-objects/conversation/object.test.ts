import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { VisibleEntry } from "../../protocol/entries.ts";
import {
  FRAME_MAX_BYTES,
  MESSAGE_TEXT_MAX,
  RESUME_MAX_ENTRIES,
  STREAM_WINDOW,
} from "../../protocol/limits.ts";
import { conversationName } from "../../protocol/addresses.ts";
import { newId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { ConversationContract } from "../contracts.ts";
import type { ConversationObject } from "./object.ts";
import { setClockOffset } from "../runtime/clock.ts";
import {
  ADAM,
  freshIds,
  OLIVIA,
  openOperatorSocket,
  openVisitorSocket,
  type TestSocket,
} from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

async function begin() {
  const ids = freshIds();
  const label = { id: ids.visitor, name: null, placeholder: "Amber Otter", email: null };
  const stub = bindings.CONVERSATION.getByName(conversationName(ids.workspace, ids.conversation));
  const object = stub as unknown as ConversationContract;
  await object.begin(label);
  return { ...ids, stub, object };
}

async function live(socket: TestSocket, after = 0): Promise<TestSocket> {
  await socket.ask({ t: "resume", after });
  return socket;
}

function texts(entries: unknown): string[] {
  return (entries as VisibleEntry[]).map((entry) => entry.text);
}

describe("a conversation", () => {
  test("a message is acknowledged with its number and reaches everybody else once", async () => {
    const { object, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    const operator = await live(await openOperatorSocket(object, OLIVIA));
    const ack = await visitor.ask({
      t: "message",
      stream: "s",
      n: 1,
      text: "Do you have teapots?",
    });
    expect(ack).toMatchObject({ t: "ack", seq: 1 });
    const heard = await operator.until((frame) => frame["t"] === "entry");
    expect(heard).toMatchObject({ entry: { seq: 1, visibleSeq: 1, text: "Do you have teapots?" } });
    await operator.ask({ t: "message", stream: "o", n: 1, text: "We do" });
    await visitor.until((frame) => frame["t"] === "entry");
    expect(visitor.ofType("entry")).toHaveLength(1);
  });

  test("who writes first takes the conversation, and hears every number in order", async () => {
    const { object, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "Hello" });
    const operator = await live(await openOperatorSocket(object, OLIVIA), 1);
    await operator.ask({ t: "message", stream: "o", n: 1, text: "Good morning" });
    await operator.until((frame) => frame["t"] === "entry");
    const numbers = operator.received.flatMap((frame) => {
      const entry = frame["entry"] as { seq: number } | undefined; // our own frame
      return frame["seq"] ?? entry?.seq ?? [];
    });
    expect(numbers).toEqual([2, 3]);
  });

  test("a resend gets the same number, also after eviction, and nobody sees it twice", async () => {
    const { object, stub, device } = await begin();
    let visitor = await live(await openVisitorSocket(object, device));
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "one" });
    await visitor.ask({ t: "message", stream: "s", n: 2, text: "two" });
    expect(await visitor.ask({ t: "message", stream: "s", n: 1, text: "one" })).toMatchObject({
      t: "ack",
      seq: 1,
    });
    await evictDurableObject(stub);
    visitor = await live(await openVisitorSocket(object, device));
    expect(await visitor.ask({ t: "message", stream: "s", n: 2, text: "two" })).toMatchObject({
      t: "ack",
      seq: 2,
    });
    expect(await object.log(0, 100)).toHaveLength(2);
  });

  test("the same number with another text is refused and the first one stays", async () => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "one" });
    const answer = await visitor.ask({ t: "message", stream: "s", n: 1, text: "other" });
    expect(answer).toMatchObject({ t: "error", code: "client_id_conflict" });
    expect((await object.log(0, 10)).map((entry) => "text" in entry && entry.text)).toEqual([
      "one",
    ]);
  });

  test("a number beyond the window is refused, and taken once the missing ones have come", async () => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    const far = { t: "message", stream: "s", n: STREAM_WINDOW + 1, text: "far" };
    expect(await visitor.ask(far)).toMatchObject({ t: "error", code: "stream_window" });
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "first" });
    expect(await visitor.ask(far)).toMatchObject({ t: "ack" });
  });

  test("who comes back is told exactly what came after the last number", async () => {
    const { object, stub, device } = await begin();
    const operator = await openOperatorSocket(object, OLIVIA);
    for (let n = 1; n <= 5; n++)
      await operator.ask({ t: "message", stream: "o", n, text: `m${n}` });
    for (const evicted of [false, true]) {
      if (evicted) await evictDurableObject(stub);
      const visitor = await openVisitorSocket(object, device);
      const answer = await visitor.ask({ t: "resume", after: 3 });
      expect(texts(answer["entries"])).toEqual(["m4", "m5"]);
      expect(answer["more"]).toBe(false);
    }
  });

  test("after ten minutes away, in two tabs, each is told exactly what it missed", async () => {
    const { object, stub, device } = await begin();
    const operator = await openOperatorSocket(object, OLIVIA);
    await operator.ask({ t: "message", stream: "o", n: 1, text: "m1" });
    const first = await live(await openVisitorSocket(object, device));
    const second = await live(await openVisitorSocket(object, device), 1);
    await operator.ask({ t: "message", stream: "o", n: 2, text: "m2" });
    await first.until((frame) => frame["t"] === "entry");
    await second.until((frame) => frame["t"] === "entry");
    first.close();
    second.close();
    setClockOffset(10 * 60_000);
    for (let n = 3; n <= 6; n++)
      await operator.ask({ t: "message", stream: "o", n, text: `m${n}` });
    await evictDurableObject(stub);
    for (const after of [2, 2, 4]) {
      const tab = await openVisitorSocket(object, device);
      const missed = texts((await tab.ask({ t: "resume", after }))["entries"]);
      expect(missed).toEqual(["m3", "m4", "m5", "m6"].slice(after - 2));
    }
    setClockOffset(0);
  });

  test("a long absence is told in parts of the limit, and only then live", async () => {
    const { object, device } = await begin();
    for (let n = 1; n <= RESUME_MAX_ENTRIES + 1; n++) {
      await object.receive(device, { stream: "s", n, text: `m${n}` });
    }
    const visitor = await openVisitorSocket(object, device);
    const first = await visitor.ask({ t: "resume", after: 0 });
    expect(first["more"]).toBe(true);
    expect(texts(first["entries"])).toHaveLength(RESUME_MAX_ENTRIES);
    const rest = await visitor.ask({ t: "resume", after: RESUME_MAX_ENTRIES });
    expect(texts(rest["entries"])).toEqual([`m${RESUME_MAX_ENTRIES + 1}`]);
    expect(rest["more"]).toBe(false);
  });

  test("exactly as many entries as the limit need no second part", async () => {
    const { object, device } = await begin();
    for (let n = 1; n <= RESUME_MAX_ENTRIES; n++) {
      await object.receive(device, { stream: "s", n, text: `m${n}` });
    }
    const visitor = await openVisitorSocket(object, device);
    expect((await visitor.ask({ t: "resume", after: 0 }))["more"]).toBe(false);
  });

  test("a closed conversation opens again when the visitor writes", async () => {
    const { object, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "hello" });
    expect((await object.setStatus(OLIVIA, "closed"))?.status).toBe("closed");
    await visitor.until((frame) => frame["t"] === "status" && frame["status"] === "closed");
    await visitor.ask({ t: "message", stream: "s", n: 2, text: "one more thing" });
    expect((await object.summary())?.status).toBe("open");
    const types = (await object.log(0, 10)).map((entry) => entry.type);
    expect(types).toEqual(["message", "closed", "reopened", "message"]);
  });

  test("the first operator to answer becomes the assignee, and a transfer carries a note", async () => {
    const { object, device } = await begin();
    await object.receive(device, { stream: "s", n: 1, text: "hello" });
    const operator = await openOperatorSocket(object, OLIVIA);
    await operator.ask({ t: "message", stream: "o", n: 1, text: "hi" });
    expect((await object.summary())?.assignee?.id).toBe(OLIVIA.id);
    const after = await object.assign(OLIVIA, ADAM, "knows more about kettles");
    expect(after?.assignee?.id).toBe(ADAM.id);
    expect((await object.log(0, 10)).at(-1)).toMatchObject({
      type: "assigned",
      note: "knows more about kettles",
    });
  });

  test("unread and waiting follow what each side has read and answered", async () => {
    const { object, device } = await begin();
    await object.receive(device, { stream: "s", n: 1, text: "a" });
    await object.receive(device, { stream: "s", n: 2, text: "b" });
    expect(await object.summary()).toMatchObject({ unread: 2, waitingSince: expect.any(Number) });
    const operator = await openOperatorSocket(object, OLIVIA);
    await operator.ask({ t: "read", through: 1 });
    expect((await object.summary())?.unread).toBe(1);
    await operator.ask({ t: "read", through: 2 });
    expect(await object.summary()).toMatchObject({ unread: 0, waitingSince: expect.any(Number) });
    await operator.ask({ t: "message", stream: "o", n: 1, text: "c" });
    expect(await object.summary()).toMatchObject({ unread: 0, waitingSince: null });
  });

  test("reading is told to the other side", async () => {
    const { object, device } = await begin();
    const operator = await live(await openOperatorSocket(object, OLIVIA));
    await operator.ask({ t: "note", stream: "o", n: 1, text: "a note first" });
    await operator.ask({ t: "message", stream: "o", n: 2, text: "hello" });
    const visitor = await live(await openVisitorSocket(object, device));
    await visitor.ask({ t: "read", through: 1 });
    const marks = await operator.until((frame) => frame["t"] === "marks");
    expect(marks["marks"]).toMatchObject({ visitor: 2 });
  });
});

describe("a note", () => {
  test("is in no byte that a visitor receives, and leaves no gap in their numbers", async () => {
    const { object, stub, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    const operator = await live(await openOperatorSocket(object, OLIVIA));
    await operator.ask({ t: "message", stream: "o", n: 1, text: "before" });
    await operator.ask({ t: "note", stream: "o", n: 2, text: "CANARY-note" });
    await object.assign(OLIVIA, ADAM, "CANARY-transfer");
    await operator.ask({ t: "message", stream: "o", n: 3, text: "after" });
    await visitor.until(
      (frame) => frame["t"] === "entry" && JSON.stringify(frame).includes("after"),
    );
    await evictDurableObject(stub);
    const again = await openVisitorSocket(object, device);
    const replay = await again.ask({ t: "resume", after: 0 });
    const everything = JSON.stringify([visitor.received, again.received]);
    expect(everything).not.toContain("CANARY");
    expect(everything).not.toContain('"note"');
    expect((replay["entries"] as VisibleEntry[]).map((entry) => entry.seq)).toEqual([1, 2]);
  });

  test("in a transfer is no frame at all on a visitor's socket", async () => {
    const { object, device, visitor: visitorId } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    await visitor.ask({ t: "message", stream: "s", n: 1, text: "hello" });
    const before = visitor.received.length;
    await object.assign(OLIVIA, ADAM, "CANARY-transfer");
    const label = { id: visitorId, name: "Ann", placeholder: "Amber Otter", email: null };
    await object.describeVisitor(label, 1);
    await visitor.ask({ t: "read", through: 0 });
    expect(visitor.received.slice(before).map((frame) => frame["t"])).toEqual(["ack"]);
  });

  test("cannot be written by a visitor", async () => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    const answer = await visitor.ask({ t: "note", stream: "s", n: 1, text: "x" });
    expect(answer).toMatchObject({ t: "error", code: "unknown_type" });
    expect(await object.log(0, 10)).toEqual([]);
  });
});

test("a visitor's older label, told late, takes no newer one's place; another visitor's does", async () => {
  const { object, visitor } = await begin();
  const label = { id: visitor, name: "Ann", placeholder: "Amber Otter", email: null };
  await object.describeVisitor({ ...label, name: "Anna" }, 2);
  await object.describeVisitor(label, 1);
  expect((await object.summary())?.visitor.name).toBe("Anna");
  await object.describeVisitor({ ...label, name: "Anne" }, 3);
  expect((await object.summary())?.visitor.name).toBe("Anne");
  await object.describeVisitor({ ...label, id: newId("vis", Date.now()) }, 1);
  expect((await object.summary())?.visitor.name).toBe("Ann");
});

describe("hostile frames", () => {
  test.each([
    ["not JSON", "{", "bad_json"],
    ["a byte order mark", '\uFEFF{"t":"typing","on":true}', "bad_json"],
    ["an unknown type", '{"t":"drop","id":"x"}', "unknown_type"],
    ["a missing field", '{"t":"message","id":"x","stream":"s","text":"a"}', "invalid"],
    [
      "a text of nothing that can be shown",
      JSON.stringify({ t: "message", id: "x", stream: "s", n: 1, text: "\u0001\u0002" }),
      "invalid",
    ],
    ["an empty text", '{"t":"message","id":"x","stream":"s","n":1,"text":"  "}', "invalid"],
    [
      "a text above the limit",
      JSON.stringify({
        t: "message",
        id: "x",
        stream: "s",
        n: 1,
        text: "a".repeat(MESSAGE_TEXT_MAX + 1),
      }),
      "invalid",
    ],
    [
      "a number that is none",
      '{"t":"message","id":"x","stream":"s","n":1e400,"text":"a"}',
      "invalid",
    ],
    [
      "a frame above the limit",
      JSON.stringify({
        t: "message",
        id: "x",
        stream: "s",
        n: 1,
        text: "a".repeat(FRAME_MAX_BYTES),
      }),
      "too_large",
    ],
    ["an absurd depth", "[".repeat(20_000) + "]".repeat(20_000), "too_deep"],
    ["a poisoned prototype", '{"__proto__":{"t":"message"},"constructor":1}', "unknown_type"],
  ])("%s gets a coded error and changes nothing", async (_, frame, code) => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    visitor.send(frame);
    expect(await visitor.until((one) => one["t"] === "error")).toMatchObject({ code });
    expect(await object.log(0, 10)).toEqual([]);
    expect(
      await visitor.ask({ t: "message", stream: "s", n: 1, text: "still well" }),
    ).toMatchObject({ t: "ack" });
    expect(Object.hasOwn({}, "t")).toBe(false);
  });

  test("a text at the limit is taken", async () => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    const answer = await visitor.ask({
      t: "message",
      stream: "s",
      n: 1,
      text: "a".repeat(MESSAGE_TEXT_MAX),
    });
    expect(answer).toMatchObject({ t: "ack", seq: 1 });
  });

  test("binary frames are refused", async () => {
    const { object, device } = await begin();
    const visitor = await openVisitorSocket(object, device);
    visitor.sendBytes(new Uint8Array([1, 2, 3]));
    expect(await visitor.until((one) => one["t"] === "error")).toMatchObject({
      code: "binary_frame",
    });
  });

  test("a flood closes its own socket and nobody else's", async () => {
    const { object, device } = await begin();
    const operator = await live(await openOperatorSocket(object, OLIVIA));
    const visitor = await openVisitorSocket(object, device);
    for (let i = 0; i < 1_000; i++) visitor.send({ t: "typing", on: i % 2 === 0 });
    expect((await visitor.untilClosed()).code).toBe(4429);
    expect(await operator.ask({ t: "message", stream: "o", n: 1, text: "fine" })).toMatchObject({
      t: "ack",
    });
  });
});

describe("rights", () => {
  test("an ended device loses its sockets, and no ticket opens new ones", async () => {
    const { object, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    await object.endDevice(device);
    expect((await visitor.untilClosed()).code).toBe(4401);
    const late = await openVisitorSocket(object, device);
    expect((await late.untilClosed()).code).toBe(4401);
    expect(late.received).toEqual([]);
  });

  test("what an ended socket sends is not heard, also after eviction, even if its peer ignores the Close", async () => {
    const { object, stub, device } = await begin();
    const visitor = await live(await openVisitorSocket(object, device));
    const operator = await live(await openOperatorSocket(object, OLIVIA, "ses-gone"));
    await object.endSession("ses-gone");
    await object.endDevice(device);
    const sockets = [
      [visitor, { t: "message", id: "late", stream: "s", n: 1, text: "late" }],
      [operator, { t: "note", id: "late", stream: "o", n: 1, text: "late" }],
    ] as const;
    await runInDurableObject(stub, async (instance: ConversationObject, state) => {
      for (const socket of state.getWebSockets()) {
        for (const [, frame] of sockets)
          await instance.webSocketMessage(socket, JSON.stringify(frame));
      }
    });
    expect(await object.log(0, 10)).toEqual([]);
    expect(await object.receive(device, { stream: "s", n: 1, text: "late" })).toEqual({
      ok: false,
      code: "ended",
    });
    await evictDurableObject(stub, { webSockets: "close" });
    expect(await object.receive(device, { stream: "s", n: 1, text: "late" })).toMatchObject({
      ok: false,
    });
    expect(visitor.received.concat(operator.received).some((frame) => frame["id"] === "late")).toBe(
      false,
    );
  });

  test("an ended session loses its sockets and others keep theirs", async () => {
    const { object } = await begin();
    const gone = await openOperatorSocket(object, OLIVIA, "ses-gone");
    const stays = await openOperatorSocket(object, ADAM, "ses-stays");
    await object.endSession("ses-gone");
    expect((await gone.untilClosed()).code).toBe(4401);
    expect(await stays.ask({ t: "read", through: 0 })).toMatchObject({ t: "ack" });
  });
});
