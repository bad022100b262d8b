import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { Moment, MomentContent } from "../../protocol/triggers.ts";
import { choose } from "./choose.ts";

const popup = (name: string, at: number, kind: MomentContent["kind"] = "popup"): Moment => ({
  delivery: asId("dlv", `dlv_${name}`),
  content: {
    kind,
    place: "corner",
    heading: "",
    text: name,
    imageUrl: null,
    button: null,
    card: null,
    canAnswer: false,
  },
  from: null,
  at,
});
const none = () => false;
const [old, first, second] = [popup("old", 1), popup("first", 2), popup("second", 2)];

test("the newest pop-up is shown, and of equally new ones the first", () => {
  expect(choose([old, first, second], undefined, none)).toBe(first);
  expect(choose([], undefined, none)).toBeUndefined();
});

test("the one that is shown stays while it is due", () => {
  expect(choose([old, first], old.delivery, none)).toBe(old);
  expect(choose([first, second], old.delivery, none)).toBe(first);
});

test("what the person is done with is not shown, even when the server still tells of it", () => {
  expect(choose([old, first], first.delivery, ({ delivery }) => delivery === first.delivery)).toBe(
    old,
  );
  expect(choose([old], undefined, () => true)).toBeUndefined();
});

test("a chat message is no pop-up", () => {
  expect(choose([popup("chat", 3, "chat")], undefined, none)).toBeUndefined();
});
