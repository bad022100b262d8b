import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import { changeWords } from "./change-words.ts";

const me = { id: asId("opr", "opr_me"), name: "Mia", title: "", photo: null };
const tom = { ...me, id: asId("opr", "opr_tom"), name: "Tom" };
const words = (entry: Parameters<typeof changeWords>[0]): string =>
  changeWords(entry, me.id, "Quiet Heron", (at) => `${at} o’clock`);
const common = { seq: 1, at: 0 };

test("changes say who did what to whom", () => {
  expect([
    words({ ...common, type: "assigned", by: me, to: me, note: null }),
    words({ ...common, type: "assigned", by: tom, to: me, note: null }),
    words({ ...common, type: "assigned", by: me, to: tom, note: null }),
    words({ ...common, type: "assigned", by: tom, to: null, note: null }),
    words({ ...common, type: "closed", by: me }),
    words({ ...common, type: "reopened", by: { kind: "visitor" } }),
    words({ ...common, type: "reopened", by: { kind: "operator", operator: tom } }),
    words({ ...common, type: "braked", until: 4 }),
  ]).toEqual([
    "You took the conversation",
    "Tom transferred the conversation to you",
    "You transferred the conversation to Tom",
    "Tom put the conversation back for anybody",
    "You closed the conversation",
    "Quiet Heron reopened the conversation",
    "Tom reopened the conversation",
    "Too many mails came in a short time. Further ones are sent back until 4 o’clock",
  ]);
});
