import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import * as outboxes from "./outbox.ts";

const item = (n: number, change: Partial<outboxes.OutboxItem> = {}): outboxes.OutboxItem => ({
  conversation: asId("cnv", "cnv_1"),
  kind: "message",
  stream: "a",
  n,
  text: `text ${n}`,
  writtenAt: n,
  state: "sending",
  failure: null,
  seq: null,
  at: null,
  ...change,
});

test("an item keeps its number until it is settled, and is sent in the order it was written", () => {
  const held = [item(1), item(2), item(3)];
  const acknowledged = outboxes.acknowledge(held, "a:2", 9, 900);
  expect(outboxes.unsent(acknowledged).map(outboxes.keyOf)).toEqual(["a:1", "a:3"]);
  expect(acknowledged[1]).toMatchObject({ state: "acknowledged", seq: 9, at: 900 });
});

test("a passing refusal changes nothing; a final one fails the item and keeps its text", () => {
  const held = [item(1)];
  for (const code of ["rate_limited", "overloaded", "stream_window"] as const)
    expect(outboxes.refuse(held, "a:1", code)).toBe(held);
  expect(outboxes.refuse(held, "a:1", "forbidden")[0]).toMatchObject({
    state: "failed",
    text: "text 1",
    failure: "forbidden",
  });
});

test("another try goes under a new number, at the end", () => {
  const held = [item(1, { state: "failed", failure: "client_id_conflict" }), item(2)];
  const again = outboxes.retry(held, "a:1", "b", 1, 50);
  expect(again.map(outboxes.keyOf)).toEqual(["a:2", "b:1"]);
  expect(again[1]).toMatchObject({
    state: "sending",
    failure: null,
    text: "text 1",
    writtenAt: 50,
  });
});

test("a refused number would be a hole for ever, so the stream is left", () => {
  const numbering = { stream: "a", next: 4 };
  expect(outboxes.afterRefusal(numbering, "a", () => "b")).toEqual({ stream: "b", next: 1 });
  expect(outboxes.afterRefusal(numbering, "old", () => "b")).toBe(numbering);
});

test("what the log shows leaves, by key or by number, and nothing else", () => {
  const held = [
    item(1),
    item(2, { state: "acknowledged", seq: 7, at: 7 }),
    item(3, { state: "acknowledged", seq: 9, at: 9 }),
  ];
  expect(outboxes.withoutLogged(held, 8, (key) => key === "a:1").map(outboxes.keyOf)).toEqual([
    "a:3",
  ]);
  expect(outboxes.withoutLogged(held, 0, () => false)).toBe(held);
});
