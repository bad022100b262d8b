import { describe, expect, test } from "vitest";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { asId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Outgoing } from "./outbox.ts";
import { answersTo, messagesOf, rowsOf, type Row } from "./rows.ts";

const anna: OperatorCard = { id: asId("opr", "opr_anna"), name: "Anna", title: "", photo: null };
const ben: OperatorCard = { id: asId("opr", "opr_ben"), name: "Ben", title: "", photo: null };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const dayOf = (at: number) => String(Math.floor(at / DAY));

const said = (seq: number, at: number, operator?: OperatorCard): VisibleEntry => ({
  seq,
  at,
  type: "message",
  author: operator ? { kind: "operator", operator } : { kind: "visitor" },
  text: `${seq}`,
  ...(operator ? {} : { key: `s:${seq}` }),
});
const outgoing = (n: number, at: number, state: Outgoing["state"]): Outgoing => ({
  key: `s:${n}`,
  stream: "s",
  n,
  at,
  text: `${n}`,
  state,
});
const shape = (rows: Row[]) =>
  rows.map((row) =>
    row.type === "day"
      ? "day"
      : `${row.isFirst ? "(" : ""}${row.message.operator?.name ?? "me"}${row.isLast ? ")" : ""}${row.hasState ? ` ${row.message.state}` : ""}`,
  );

describe("rows", () => {
  test("group one author's messages, until another one, a pause or a new day", () => {
    const entries = [
      said(1, 0),
      said(2, MINUTE, anna),
      said(3, 2 * MINUTE, anna),
      said(4, 3 * MINUTE, ben),
      said(5, 9 * MINUTE, ben),
      said(6, DAY - MINUTE),
      said(7, DAY + MINUTE),
    ];
    expect(shape(rowsOf(messagesOf(entries, [], 6), dayOf))).toEqual([
      "day",
      "(me)",
      "(Anna",
      "Anna)",
      "(Ben)",
      "(Ben)",
      "(me)",
      "day",
      "(me) sent",
    ]);
  });

  test("say the state under the last own message, and under each one that was refused", () => {
    const entries = [said(1, 0), said(2, MINUTE, anna)];
    const items = [outgoing(7, 2 * MINUTE, "refused"), outgoing(8, 3 * MINUTE, "flying")];
    expect(shape(rowsOf(messagesOf(entries, items, 1), dayOf))).toEqual([
      "day",
      "(me)",
      "(Anna)",
      "(me refused",
      "me) waiting",
    ]);
    expect(shape(rowsOf(messagesOf(entries, [], 1), dayOf))).toEqual([
      "day",
      "(me) seen",
      "(Anna)",
    ]);
  });

  test("show a message once while both its bubble and its entry are here, under one key", () => {
    const waiting = rowsOf(messagesOf([], [outgoing(1, 0, "flying")], 0), dayOf);
    const both = rowsOf(messagesOf([said(1, 0)], [outgoing(1, 0, "sent")], 0), dayOf);
    expect(waiting.map(({ key }) => key)).toEqual(both.map(({ key }) => key));
  });

  test("of a pop-up begin with the message that answers it, sent or not", () => {
    const delivery = asId("dlv", "dlv_1");
    const entries = [said(1, 0), { ...said(2, MINUTE), answers: delivery }, said(3, MINUTE, anna)];
    const texts = (of: typeof delivery, items: Outgoing[] = []) =>
      answersTo(of, messagesOf(entries, items, 0)).map(({ text }) => text);
    expect(texts(delivery)).toEqual(["2", "3"]);
    expect(texts(asId("dlv", "dlv_2"))).toEqual([]);
    const other = asId("dlv", "dlv_2");
    expect(texts(other, [{ ...outgoing(9, MINUTE, "waiting"), delivery: other }])).toEqual(["9"]);
  });

  test("are none when nothing was said", () => {
    expect(rowsOf([], dayOf)).toEqual([]);
  });
});
