import { expect, test } from "vitest";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import { asId } from "../../../protocol/ids.ts";
import {
  bringsMessage,
  countsAfter,
  dropUnconfirmed,
  mergeSummaries,
  nothingKnown,
  selectAll,
  selectList,
} from "./summaries.ts";

const me = asId("opr", "opr_me");
const card = { id: me, name: "Mia", title: "", photo: null };

function summary(number: number, change: Partial<ConversationSummary> = {}): ConversationSummary {
  return {
    id: asId("cnv", `cnv_${number}`),
    visitor: {
      id: asId("vis", `vis_${number}`),
      name: null,
      placeholder: "Quiet Heron",
      email: null,
    },
    status: "open",
    assignee: null,
    seq: 1,
    visibleSeq: 1,
    last: { author: { kind: "visitor" }, text: "Hello", at: number },
    waitingSince: number,
    unread: 1,
    createdAt: number,
    lastAt: number,
    version: 1,
    ...change,
  };
}

const known = (...summaries: ConversationSummary[]) =>
  mergeSummaries(nothingKnown, summaries, 0).known;
const all = { status: "open", who: "all" } as const;

test("an older summary never replaces a newer one, in whichever order they come", () => {
  const older = summary(1, { version: 3, status: "open" });
  const newer = summary(1, { version: 4, status: "closed" });
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    expect(selectAll(known(...order))[0]?.status).toBe("closed");
  }
  expect(mergeSummaries(known(newer), [older], 0).changes).toEqual([]);
});

test("lists are views: a change moves a conversation between them", () => {
  const held = known(summary(1), summary(2, { assignee: card }), summary(3, { status: "closed" }));
  const ids = (who: "all" | "mine" | "unassigned", status: "open" | "closed" = "open") =>
    selectList(held, { status, who }, me, null).map(({ id }) => id);
  expect(ids("all")).toEqual(["cnv_2", "cnv_1"]);
  expect(ids("mine")).toEqual(["cnv_2"]);
  expect(ids("unassigned")).toEqual(["cnv_1"]);
  expect(ids("all", "closed")).toEqual(["cnv_3"]);
});

test("what is older than the last loaded row waits for its page, so that the list has no holes", () => {
  const held = known(summary(10), summary(20), summary(30));
  expect(selectList(held, all, me, 20).map(({ lastAt }) => lastAt)).toEqual([30, 20]);
});

test("after a reconnect, what neither the lists nor the socket confirm is dropped", () => {
  const before = known(summary(1), summary(2), summary(3));
  const asked = mergeSummaries(before, [summary(1)], 1).known;
  const told = mergeSummaries(asked, [summary(2, { version: 2 })], 1).known;
  expect(selectAll(dropUnconfirmed(told, 1)).map(({ id }) => id)).toEqual(["cnv_2", "cnv_1"]);
});

test("numbers follow changes, and are asked again when what was before is unknown", () => {
  const counts = { open: 5, mine: 1, unassigned: 2, unread: 1 };
  const taken = {
    before: summary(1),
    after: summary(1, { assignee: card, unread: 0, version: 2 }),
  };
  expect(countsAfter(counts, taken, me)).toEqual({ open: 5, mine: 2, unassigned: 1, unread: 0 });
  const closed = {
    before: taken.after,
    after: summary(1, { status: "closed", assignee: card, version: 3 }),
  };
  expect(countsAfter(counts, closed, me)).toEqual({ open: 4, mine: 0, unassigned: 2, unread: 1 });
  expect(countsAfter(counts, { before: null, after: summary(9) }, me)).toEqual({
    open: 6,
    mine: 1,
    unassigned: 3,
    unread: 2,
  });
  expect(
    countsAfter(counts, { before: null, after: summary(9, { version: 7, seq: 7 }) }, me),
  ).toBeNull();
});

test("only a new unread message of the visitor calls for attention", () => {
  const before = summary(1);
  expect(bringsMessage({ before, after: summary(1, { visibleSeq: 2, version: 2 }) })).toBe(true);
  expect(bringsMessage({ before, after: summary(1, { assignee: card, version: 2 }) })).toBe(false);
  expect(
    bringsMessage({ before, after: summary(1, { visibleSeq: 2, unread: 0, version: 2 }) }),
  ).toBe(false);
  const own = { author: { kind: "operator" as const, id: me, name: "Mia" }, text: "Hi", at: 2 };
  expect(
    bringsMessage({ before, after: summary(1, { visibleSeq: 2, last: own, version: 2 }) }),
  ).toBe(false);
  expect(bringsMessage({ before: null, after: summary(1) })).toBe(true);
});
