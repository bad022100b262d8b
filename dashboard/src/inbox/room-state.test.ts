import { expect, test } from "vitest";
import type { OperatorEntry } from "../../../protocol/entries.ts";
import { asId } from "../../../protocol/ids.ts";
import { acknowledge, type OutboxItem } from "./outbox.ts";
import {
  newRoom,
  readThrough,
  settle,
  withEntries,
  withoutStaleTyping,
  withTyping,
  type RoomState,
} from "./room-state.ts";

const me = { id: asId("opr", "opr_me"), name: "Mia", title: "", photo: null };
const tom = { id: asId("opr", "opr_tom"), name: "Tom", title: "", photo: null };
const item: OutboxItem = {
  conversation: asId("cnv", "cnv_1"),
  kind: "message",
  stream: "s",
  n: 1,
  text: "mine",
  writtenAt: 5,
  state: "sending",
  failure: null,
  seq: null,
  at: null,
};
const visitorSays = (seq: number): OperatorEntry => ({
  type: "message",
  seq,
  visibleSeq: seq,
  at: seq,
  author: { kind: "visitor" },
  text: "hello",
  key: `v:${seq}`,
});
const room = (change: Partial<RoomState> = {}): RoomState => ({
  ...newRoom([item]),
  phase: "ready",
  log: { entries: [visitorSays(1)], hasOlder: false },
  ...change,
});

test("an acknowledged message joins the log under its number, with its key, and leaves the outbox", () => {
  const state = room();
  const settled = settle({ ...state, outbox: acknowledge(state.outbox, "s:1", 2, 200) }, me);
  expect(settled.outbox).toEqual([]);
  expect(settled.log.entries.at(-1)).toMatchObject({
    seq: 2,
    visibleSeq: 2,
    at: 200,
    key: "s:1",
    author: { kind: "operator", operator: me },
  });
});

test("acknowledged ahead of what is loaded, it waits for the entries before it", () => {
  const state = room();
  const ahead = settle({ ...state, outbox: acknowledge(state.outbox, "s:1", 3, 300) }, me);
  expect(ahead.log.entries).toHaveLength(1);
  expect(ahead.outbox).toHaveLength(1);
  const { state: whole } = withEntries(ahead, [visitorSays(2)], me);
  expect(whole.log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(whole.outbox).toEqual([]);
});

test("an echo of one's own message settles it, also when its acknowledgement was lost", () => {
  const echo: OperatorEntry = {
    type: "message",
    seq: 2,
    visibleSeq: 2,
    at: 9,
    author: { kind: "operator", operator: me },
    text: "mine",
    key: "s:1",
  };
  const { state } = withEntries(room(), [echo], me);
  expect(state.outbox).toEqual([]);
  expect(state.log.entries).toHaveLength(2);
});

test("nothing joins a log that is not loaded", () => {
  const state = room({ phase: "loading", log: { entries: [], hasOlder: false } });
  expect(
    settle({ ...state, outbox: acknowledge(state.outbox, "s:1", 1, 1) }, me).log.entries,
  ).toEqual([]);
});

test("whoever writes is shown for a while, and no longer once their message is there", () => {
  let state = withTyping(room(), null, true, me.id, 1_000);
  state = withTyping(state, tom, true, me.id, 1_000);
  state = withTyping(state, me, true, me.id, 1_000);
  expect(state.typing.map(({ operator }) => operator?.name ?? "visitor")).toEqual([
    "visitor",
    "Tom",
  ]);
  expect(withEntries(state, [visitorSays(2)], me).state.typing).toHaveLength(1);
  expect(withTyping(state, tom, false, me.id, 2_000).typing).toHaveLength(1);
  expect(withoutStaleTyping(state, 7_000).typing).toEqual([]);
});

test("reading is told only when it is news", () => {
  expect(readThrough(room())).toBeNull();
  expect(readThrough(room({ marks: { visitor: 0, team: 0 } }))).toBe(1);
  expect(readThrough(room({ marks: { visitor: 0, team: 1 } }))).toBeNull();
});
