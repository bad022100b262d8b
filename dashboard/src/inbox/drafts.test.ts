import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import { draftOf, forgetDrafts, keepDraft, keepMode, modeOf } from "./drafts.ts";

const me = asId("opr", "opr_me");

test("who comes back to a note goes on with a note, until they turn to the reply", () => {
  const conversation = asId("cnv", "cnv_1");
  expect(modeOf(me, conversation)).toBe("message");
  keepDraft(me, conversation, "note", "only for us");
  expect(modeOf(me, conversation)).toBe("note");
  keepMode(me, conversation, "message");
  expect(modeOf(me, conversation)).toBe("message");
  keepMode(me, conversation, "note");
  expect(modeOf(me, conversation)).toBe("note");
  expect(modeOf(me, asId("cnv", "cnv_2"))).toBe("message");
});

test("nothing of an operator's drafts stays after signing out, and nobody else's goes", () => {
  const conversation = asId("cnv", "cnv_3");
  const other = asId("opr", "opr_other");
  for (const each of [me, other]) keepDraft(each, conversation, "note", "half a thought");
  forgetDrafts(me);
  expect(draftOf(me, conversation, "note")).toBe("");
  expect(draftOf(other, conversation, "note")).toBe("half a thought");
});
