import { expect, test } from "vitest";
import type {
  MailedEntry,
  MessageEntry,
  OperatorEntry,
  SentByTrigger,
} from "../../../protocol/entries.ts";
import { asId } from "../../../protocol/ids.ts";
import { answerFate, blocksOf } from "./entry-blocks.ts";
import type { OutboxItem } from "./outbox.ts";

const MIN = 60_000;
const start = Date.UTC(2026, 10, 18, 12);
const me = { id: asId("opr", "opr_me"), name: "Mia", title: "", photo: null };
const tom = { ...me, id: asId("opr", "opr_tom"), name: "Tom" };
const zone = { timeZone: "UTC" };
type Who = "visitor" | typeof me;

const says = (
  seq: number,
  who: Who,
  minute: number,
  type: "message" | "note" = "message",
): OperatorEntry => {
  const common = { seq, at: start + minute * MIN, text: `${seq}`, key: `k:${seq}` };
  const author =
    who === "visitor" ? { kind: "visitor" as const } : { kind: "operator" as const, operator: who };
  return type === "note"
    ? { type, author, ...common }
    : { type, author, visibleSeq: seq, ...common };
};
const message = (seq: number, author: MessageEntry["author"]): MessageEntry => ({
  type: "message",
  seq,
  visibleSeq: seq,
  at: start,
  author,
  text: `${seq}`,
  key: `k:${seq}`,
});
const automatic = (seq: number) => message(seq, { kind: "operator", operator: me });
const byVisitor = (seq: number) => message(seq, { kind: "visitor" });
const shape = (
  entries: OperatorEntry[],
  dividerAfter: number | null = null,
  outbox: OutboxItem[] = [],
): string[] =>
  blocksOf(entries, outbox, me, dividerAfter, zone).map((block) =>
    block.kind === "group"
      ? `${block.type} ${block.author?.name ?? "visitor"}: ${block.bubbles.map(({ text }) => text).join(",")}`
      : block.kind,
  );

test("what one person writes in one go is one group", () => {
  expect(
    shape([
      says(1, "visitor", 0),
      says(2, "visitor", 3),
      says(3, me, 4),
      says(4, tom, 5),
      says(5, tom, 11),
    ]),
  ).toEqual(["day", "message visitor: 1,2", "message Mia: 3", "message Tom: 4", "message Tom: 5"]);
});

test("a note is never in one group with a message", () => {
  expect(shape([says(1, me, 0), says(2, me, 0, "note"), says(3, me, 0)])).toEqual([
    "day",
    "message Mia: 1",
    "note Mia: 2",
    "message Mia: 3",
  ]);
});

test("a day begins with its name, and what is new with a line before the visitor's first unread message", () => {
  const entries = [
    says(1, "visitor", 0),
    says(2, tom, 1, "note"),
    says(3, "visitor", 24 * 60),
    says(4, "visitor", 24 * 60 + 1),
  ];
  expect(shape(entries, 1)).toEqual([
    "day",
    "message visitor: 1",
    "note Tom: 2",
    "day",
    "unread",
    "message visitor: 3,4",
  ]);
  expect(shape(entries, 4)).not.toContain("unread");
});

test("changes stand between groups", () => {
  const closed: OperatorEntry = { type: "closed", seq: 2, at: start, by: me };
  expect(shape([says(1, "visitor", 0), closed, says(3, "visitor", 0)])).toEqual([
    "day",
    "message visitor: 1",
    "system",
    "message visitor: 3",
  ]);
});

test("what a trigger sent stands by itself, and an answer knows what it answers", () => {
  const sent: SentByTrigger = {
    delivery: asId("dlv", "dlv_1"),
    trigger: asId("trg", "trg_1"),
    triggerName: "Cart left",
    version: 1,
    variantName: "B",
    content: {
      kind: "popup",
      place: "corner",
      heading: "Still thinking?",
      text: "",
      imageUrl: null,
      button: null,
      card: null,
      canAnswer: true,
    },
  };
  const entries: OperatorEntry[] = [
    says(1, me, 0),
    { ...automatic(2), sent },
    says(3, me, 0),
    { ...byVisitor(4), answers: sent.delivery },
    { ...byVisitor(5), answers: asId("dlv", "dlv_older") },
  ];
  expect(shape(entries)).toEqual([
    "day",
    "message Mia: 1",
    "message Mia: 2",
    "message Mia: 3",
    "message visitor: 4,5",
  ]);
  const last = blocksOf(entries, [], me, null, zone).at(-1);
  expect(last?.kind === "group" && last.bubbles.map(({ answers }) => answers)).toEqual([
    { delivery: "dlv_1", sent },
    { delivery: "dlv_older", sent: null },
  ]);
});

test("what is not acknowledged stands last and keeps its key when it is", () => {
  const item: OutboxItem = {
    conversation: asId("cnv", "cnv_1"),
    kind: "message",
    stream: "k",
    n: 2,
    text: "mine",
    writtenAt: start + MIN,
    state: "sending",
    failure: null,
    seq: null,
    at: null,
  };
  const before = blocksOf([says(1, me, 0)], [item], me, null, zone).at(-1);
  const after = blocksOf([says(1, me, 0), says(2, me, 1)], [], me, null, zone).at(-1);
  const keys = (block: typeof before) =>
    block?.kind === "group" ? block.bubbles.map(({ key }) => key) : [];
  expect(keys(before)).toEqual(["k:1", "k:2"]);
  expect(keys(after)).toEqual(keys(before));
});

test("under the answers stands which one was seen, and which was sent since", () => {
  const entries = [
    says(1, me, 0),
    says(2, "visitor", 1),
    says(3, tom, 2),
    says(4, me, 3),
    says(5, me, 3, "note"),
  ];
  expect(answerFate(entries, 0)).toEqual({ seen: null, sent: 4 });
  expect(answerFate(entries, 3)).toEqual({ seen: 3, sent: 4 });
  expect(answerFate(entries, 9)).toEqual({ seen: 4, sent: null });
  expect(answerFate([says(1, "visitor", 0)], 1)).toEqual({ seen: null, sent: null });
});

test("what became of a message as a mail stands on it, the newest, and is no line of its own", () => {
  const mailed = (seq: number, state: MailedEntry["state"]): MailedEntry => ({
    type: "mailed",
    seq,
    at: start,
    message: 1,
    state,
    code: null,
    by: null,
  });
  const entries = [automatic(1), mailed(2, "queued"), mailed(3, "unknown"), byVisitor(4)];
  const groups = blocksOf(entries, [], me, null, zone).filter((block) => block.kind === "group");
  expect(groups.map((group) => group.bubbles.map((bubble) => bubble.mailed?.state))).toEqual([
    ["unknown"],
    [undefined],
  ]);
});

const mail = {
  from: "eve@evil.example",
  name: "",
  subject: "",
  isProven: false,
  folded: null,
  attachments: [],
  flaw: null,
  isCut: false,
  original: "0",
};

test("a mail that is not the visitor's parts what stands around it", () => {
  const aside = {
    type: "aside",
    seq: 2,
    at: start,
    why: "stranger",
    text: "I am Ada",
    mail,
  } as const;
  const kinds = blocksOf([byVisitor(1), aside, byVisitor(3)], [], me, null, zone).map(
    (block) => block.kind,
  );
  expect(kinds).toEqual(["day", "group", "aside", "group"]);
});

test("a mail that somebody took as the person's stands as their message alone, with who took it", () => {
  const aside: OperatorEntry = {
    type: "aside",
    why: "stranger",
    seq: 1,
    at: start,
    text: "1",
    mail,
  };
  const taken = { ...byVisitor(2), mail, accepted: { aside: 1, by: tom } };
  const doubtful = { ...byVisitor(3), mail };
  const accepted: OperatorEntry = { type: "accepted", seq: 4, at: start, message: 3, by: me };
  const blocks = blocksOf([aside, taken, doubtful, accepted], [], me, null, zone);
  expect(blocks.map((block) => block.kind)).toEqual(["day", "group"]);
  const bubbles = blocks.flatMap((block) => (block.kind === "group" ? block.bubbles : []));
  expect(bubbles.map(({ seq, acceptedBy }) => [seq, acceptedBy?.name])).toEqual([
    [2, "Tom"],
    [3, "Mia"],
  ]);
});
