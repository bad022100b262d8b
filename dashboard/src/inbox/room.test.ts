import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OperatorCommand, ToOperator } from "../../../protocol/conversation-frames.ts";
import type { OperatorEntry } from "../../../protocol/entries.ts";
import { asId } from "../../../protocol/ids.ts";
import { stubStorage } from "../testing/storage.ts";
import { keptItems } from "./outbox-storage.ts";
import { createRoom } from "./room.ts";

type LinkOptions = { onFrame(frame: ToOperator): void; onState(state: "open" | "waiting"): void };

/** The server's side of one conversation, and the network between. */
const server = vi.hoisted(() => ({
  links: [] as { options: LinkOptions; sent: OperatorCommand[]; isOpen: boolean }[],
  entries: [] as OperatorEntry[],
}));

vi.mock("../live/link.ts", () => ({
  openLink(options: LinkOptions) {
    const link = { options, sent: [] as OperatorCommand[], isOpen: false };
    server.links.push(link);
    return {
      send: (frame: OperatorCommand) => link.isOpen && link.sent.push(frame) > 0,
      hurry() {},
      close: () => (link.isOpen = false),
    };
  },
}));
vi.mock("../api/client.ts", () => ({
  api: { entries: () => Promise.resolve({ entries: server.entries.slice(-50), hasMore: false }) },
}));

const me = { id: asId("opr", "opr_me"), name: "Mia", title: "", photo: null };
const conversation = asId("cnv", "cnv_1");
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const visitorSays = (seq: number): OperatorEntry => ({
  type: "message",
  seq,
  visibleSeq: seq,
  at: seq,
  author: { kind: "visitor" },
  text: "hello",
  key: `v:${seq}`,
});

beforeEach(() => {
  server.links = [];
  server.entries = [visitorSays(1), visitorSays(2)];
  stubStorage();
});
afterEach(() => vi.unstubAllGlobals());

const open = () => {
  const room = createRoom(conversation, keptItems(me.id), {
    operator: me.id,
    me: () => me,
    tell() {},
    onRefused() {},
  });
  return { room, detach: room.attach() };
};
const link = () => {
  const newest = server.links.at(-1);
  if (newest === undefined) throw new Error("no link was opened");
  return newest;
};
/** The socket opens and the server says hello. */
function connect(through = server.entries.length): void {
  link().isOpen = true;
  link().options.onState("open");
  // Only what the room reads of a summary is given.
  const summary = { unread: 1 } as Extract<ToOperator, { t: "hello" }>["summary"];
  link().options.onFrame({
    t: "hello",
    summary,
    through,
    marks: { visitor: 0, team: 0 },
    mailTo: null,
    copyAfterMs: null,
  });
}
const lose = (): void => {
  link().isOpen = false;
  link().options.onState("waiting");
};
const answer = (frame: ToOperator): void => link().options.onFrame(frame);
const sent = (t: OperatorCommand["t"]) => link().sent.filter((frame) => frame.t === t);

test("after a reconnect the same message goes again under the same number, and shows once", async () => {
  const { room } = open();
  await settled();
  connect();
  room.write("message", "one");
  lose();
  room.write("message", "two");
  expect(sent("message")).toHaveLength(1);
  link().sent.length = 0;
  connect();
  const [first, second] = sent("message");
  expect([first, second]).toMatchObject([
    { n: 1, text: "one" },
    { n: 2, text: "two" },
  ]);
  answer({ t: "entries", id: "c1", entries: [], more: false });
  answer({ t: "ack", id: first?.id ?? "", seq: 3, at: 30 });
  answer({ t: "ack", id: second?.id ?? "", seq: 4, at: 40 });
  expect(room.state.get().log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(room.state.get().outbox).toEqual([]);
  expect(keptItems(me.id)).toEqual([]);
});

test("what a closed tab left unsent goes out of the next one under its old number", async () => {
  const { room } = open();
  await settled();
  room.write("note", "for later");
  const [kept] = keptItems(me.id);
  const next = createRoom(conversation, keptItems(me.id), {
    operator: me.id,
    me: () => me,
    tell() {},
    onRefused() {},
  });
  next.deliver();
  connect();
  expect(sent("note")).toMatchObject([{ stream: kept?.stream, n: 1, text: "for later" }]);
  answer({ t: "ack", id: `${kept?.stream}:1`, seq: 3, at: 30 });
  expect(keptItems(me.id)).toEqual([]);
  expect(link().isOpen).toBe(false);
  expect(room.state.get().outbox).toHaveLength(1);
});

test("an entry that arrives before its acknowledgement leaves nothing behind", async () => {
  const { room } = open();
  await settled();
  connect();
  room.write("message", "mine");
  const [item] = room.state.get().outbox;
  const author = { kind: "operator" as const, operator: me };
  const key = `${item?.stream}:1`;
  answer({
    t: "entry",
    entry: { type: "message", seq: 3, visibleSeq: 3, at: 30, author, text: "mine", key },
  });
  answer({ t: "ack", id: key, seq: 3, at: 30 });
  expect(room.state.get().log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(keptItems(me.id)).toEqual([]);
});

test("a gap is asked for, not shown", async () => {
  const { room } = open();
  await settled();
  connect();
  answer({ t: "entries", id: "c1", entries: [], more: false });
  answer({ t: "entry", entry: visitorSays(5) });
  expect(room.state.get().log.entries).toHaveLength(2);
  expect(sent("resume").at(-1)).toMatchObject({ after: 2 });
  answer({ t: "entries", id: "c2", entries: [visitorSays(3), visitorSays(4)], more: true });
  expect(sent("resume").at(-1)).toMatchObject({ after: 4 });
});

test("a refused message keeps its text and can be tried again under another stream", async () => {
  const { room } = open();
  await settled();
  connect();
  room.write("message", "refused");
  const before = sent("message")[0];
  answer({ t: "error", id: before?.id ?? "", code: "client_id_conflict", message: "" });
  expect(room.state.get().outbox).toMatchObject([{ state: "failed", text: "refused" }]);
  room.retry(before?.id ?? "");
  const again = sent("message")[1];
  expect(again).toMatchObject({ n: 1, text: "refused" });
  expect(again?.id).not.toBe(before?.id);
  expect(keptItems(me.id)).toHaveLength(1);
});

test("while an earlier message waits for a pause to pass, a later one does not overtake it", async () => {
  const { room } = open();
  await settled();
  const texts = () => sent("message").map((frame) => "text" in frame && frame.text);
  room.write("message", "before hello");
  link().isOpen = true;
  link().options.onState("open");
  room.write("message", "still before");
  expect(texts()).toEqual([]);
  connect();
  expect(texts()).toEqual(["before hello", "still before"]);
  link().sent.length = 0;
  vi.useFakeTimers();
  const [first] = room.state.get().outbox;
  const id = `${first?.stream}:1`;
  answer({ t: "error", id, code: "rate_limited", message: "" });
  room.write("message", "later");
  expect(texts()).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(texts()).toEqual(["before hello", "still before", "later"]);
  room.write("message", "at once");
  expect(texts().at(-1)).toBe("at once");
  vi.useRealTimers();
});

test("reading is told once for each new number", async () => {
  const { room } = open();
  await settled();
  connect();
  room.read();
  room.read();
  expect(sent("read")).toMatchObject([{ through: 2 }]);
  answer({ t: "entry", entry: visitorSays(3) });
  room.read();
  expect(sent("read").at(-1)).toMatchObject({ through: 3 });
});

test("what is meant as a mail too goes with its subject, also when it goes again", () => {
  const { room } = open();
  connect();
  const email = { to: "ada@corp.example", subject: "Your teapot" };
  room.write("message", "It left us today.", email);
  lose();
  connect();
  const mailed = { stream: expect.any(String), n: 1, mail: { subject: "Your teapot" } };
  expect(sent("message")).toMatchObject([mailed, mailed]);
  expect(room.state.get().outbox).toMatchObject([{ email }]);
  room.write("message", "In the chat.");
  expect(sent("message")[2]).not.toHaveProperty("mail");
});
