import { expect, test } from "vitest";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import { asId } from "../../../protocol/ids.ts";
import { concerns } from "./announce.ts";
import { tabTitle } from "./tab-mark.ts";

const me = asId("opr", "opr_me");
const summary = (assignee: string | null): ConversationSummary => ({
  id: asId("cnv", "cnv_1"),
  visitor: { id: asId("vis", "vis_1"), name: null, placeholder: "Quiet Heron", email: null },
  status: "open",
  assignee:
    assignee === null ? null : { id: asId("opr", assignee), name: "", title: "", photo: null },
  seq: 1,
  visibleSeq: 1,
  last: null,
  waitingSince: 0,
  unread: 1,
  createdAt: 0,
  lastAt: 0,
  version: 1,
});

test("a message concerns whoever has the conversation, and everybody while nobody has it", () => {
  const away = { conversation: null, isVisible: true };
  expect(
    [null, "opr_me", "opr_tom"].map((assignee) => concerns(summary(assignee), me, away)),
  ).toEqual([true, true, false]);
});

test("what one is looking at is not announced, unless nobody can see the tab", () => {
  expect(concerns(summary(null), me, { conversation: "cnv_1", isVisible: true })).toBe(false);
  expect(concerns(summary(null), me, { conversation: "cnv_1", isVisible: false })).toBe(true);
  expect(concerns(summary(null), me, { conversation: "cnv_2", isVisible: true })).toBe(true);
});

test("the tab's title carries the number of unread conversations", () => {
  expect([
    tabTitle("Inbox", 0),
    tabTitle("Inbox", 3),
    tabTitle("Visitors", 120),
    tabTitle("", 1),
  ]).toEqual(["Inbox · Parley", "(3) Inbox · Parley", "(99+) Visitors · Parley", "(1) Parley"]);
});
