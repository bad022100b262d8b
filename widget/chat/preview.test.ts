import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { Moment } from "../../protocol/triggers.ts";
import { entryOf, pretended } from "./preview.ts";

const moment = (kind: "chat" | "popup"): Moment => ({
  delivery: asId("dlv", "dlv_1"),
  content: {
    kind,
    place: null,
    heading: "",
    text: "Hello",
    imageUrl: null,
    button: null,
    card: null,
    canAnswer: false,
  },
  from: null,
  at: 7,
});

test("a trigger's chat message is previewed as one unread message", () => {
  expect(entryOf(moment("chat"), 3)).toMatchObject({ seq: 3, at: 7, text: "Hello" });
  expect(pretended(moment("chat"), 3)).toMatchObject({
    unread: 1,
    through: 3,
    preview: { text: "Hello", seq: 3, delivery: "dlv_1" },
  });
});

test("a pop-up, and nothing, leave the chat as it is", () => {
  expect(entryOf(moment("popup"), 1)).toBeUndefined();
  expect(pretended(moment("popup"), 1)).toBeNull();
  expect(pretended(undefined, 1)).toBeNull();
});
