import { expect, test } from "vitest";
import type { SentByTrigger } from "../../../protocol/entries.ts";
import { asId } from "../../../protocol/ids.ts";
import { answersWords, sentWords, variantWords } from "./sent-words.ts";

const delivery = asId("dlv", "dlv_1");
const sent = (kind: "chat" | "popup", variantName: string): SentByTrigger => ({
  delivery,
  trigger: asId("trg", "trg_1"),
  triggerName: "Cart left",
  version: 2,
  variantName,
  content: {
    kind,
    place: null,
    heading: "",
    text: "",
    imageUrl: null,
    button: null,
    card: null,
    canAnswer: true,
  },
});

test("an automatic message says which trigger sent it, and which variant", () => {
  expect(sentWords(sent("chat", "B"))).toBe("Sent by trigger ‘Cart left’");
  expect([variantWords("B"), variantWords("Variant 2"), variantWords("Various")]).toEqual([
    "variant B",
    "variant 2",
    "variant Various",
  ]);
});

test("an answer says what it answers, also where that is not loaded", () => {
  expect(answersWords({ delivery, sent: sent("popup", "B") })).toBe(
    "Answers the pop-up ‘Cart left’ · variant B",
  );
  expect(answersWords({ delivery, sent: sent("chat", "A") })).toBe(
    "Answers the message ‘Cart left’ · variant A",
  );
  expect(answersWords({ delivery, sent: null })).toBe("Answers an automatic message");
});
