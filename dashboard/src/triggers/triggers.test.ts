import { expect, test } from "vitest";
import {
  triggerDefinition,
  type Action,
  type TriggerDefinition,
} from "../../../protocol/triggers.ts";
import { NO_NAMES } from "../conditions/names.ts";
import { decimalOf, minorOf } from "./amounts.ts";
import {
  areSavedAlike,
  EMPTY_POPUP,
  emptyTrigger,
  FIRST_GOAL,
  sharesOf,
  withActionType,
  withCopiedVariant,
  withoutVariant,
} from "./edits.ts";
import { flawsOf } from "./flaws.ts";
import { READY_MADE_TRIGGERS } from "../../../domain/triggers/ready-made.ts";
import { triggerSentence, whenWords } from "./sentence.ts";
import { msOf, spanOf, spanWords } from "./spans.ts";
import { withInserted } from "./template-values.ts";

const whole = (): TriggerDefinition => ({
  ...emptyTrigger(),
  name: "Cart",
  when: { type: "event", event: "Product Added", where: [] },
  variants: [
    { id: "a", name: "Variant A", weight: 1, action: { ...EMPTY_POPUP, text: "Need help?" } },
  ],
});

test("an empty trigger lacks a name, an event and words; a filled one lacks nothing", () => {
  expect(flawsOf(emptyTrigger()).map(({ part }) => part)).toEqual(["name", "when", "what"]);
  expect(flawsOf(whole())).toEqual([]);
});

test("what is saved is no change for a blank at its end or another order of keys; a word is one", () => {
  const said = (text: string): TriggerDefinition => ({
    ...whole(),
    variants: [
      {
        id: "a",
        name: "Variant A",
        weight: 1,
        action: withActionType({ ...EMPTY_POPUP, text }, "chat"),
      },
    ],
  });
  const saved = triggerDefinition.parse(said("Need help?"));
  expect(JSON.stringify(said("Need help?"))).not.toBe(JSON.stringify(saved));
  expect(areSavedAlike(said("Need help? "), saved)).toBe(true);
  expect(areSavedAlike(said("Need more help?"), saved)).toBe(false);
  expect(areSavedAlike({ ...said("Need help?"), waitMs: Number.NaN }, saved)).toBe(false);
});

test("a kind of message that is chosen again has what it had, with the words that were written since", () => {
  const popup: Action = {
    ...EMPTY_POPUP,
    heading: "For you",
    text: "One",
    imageUrl: "/tin.png",
    place: "bar",
    button: { label: "See", url: "/tin" },
  };
  const alert: Action = { type: "alert", text: "Two" };
  expect(withActionType(alert, "popup", popup)).toEqual({ ...popup, text: "Two" });
  const chat = withActionType(popup, "chat");
  expect(withActionType(alert, "chat", chat)).toEqual({ ...chat, text: "Two" });
  // What both have is as it was last.
  expect(withActionType(withActionType(alert, "chat"), "popup", popup)).toEqual({
    ...popup,
    text: "Two",
    button: null,
  });
  expect(withActionType(alert, "popup")).toEqual({ ...EMPTY_POPUP, text: "Two" });
});

test("a number that is not written yet is said at its part", () => {
  expect(flawsOf({ ...whole(), waitMs: Number.NaN }).map(({ part }) => part)).toEqual(["wait"]);
  expect(flawsOf({ ...whole(), holdOut: 51 }).map(({ part }) => part)).toEqual(["holdOut"]);
  const goal = { ...FIRST_GOAL, value: { type: "property" as const, key: "" } };
  expect(flawsOf({ ...whole(), goal }).map(({ part }) => part)).toEqual(["goal"]);
});

test("a flaw of one of several variants names it", () => {
  const variants = withCopiedVariant(whole().variants, 0).map((variant) =>
    variant.id === "b" ? { ...variant, action: EMPTY_POPUP } : variant,
  );
  expect(flawsOf({ ...whole(), variants })).toEqual([
    { part: "what", variant: "b", field: "text", text: "Variant B: Write what it says." },
  ]);
});

test("every ready-made trigger can be saved as it is", () => {
  for (const { definition } of READY_MADE_TRIGGERS) {
    expect(flawsOf(definition)).toEqual([]);
    expect(triggerDefinition.safeParse(definition).success).toBe(true);
  }
});

test("a trigger reads as a sentence", () => {
  const { when } = whole();
  expect(triggerSentence({ when, waitMs: 1_800_000, action: "popup" }, NO_NAMES)).toBe(
    "When somebody put something into the cart, after 30 minutes: a pop-up",
  );
  expect(
    whenWords({ type: "page", page: null, moment: { on: "time", seconds: 60 } }, NO_NAMES),
  ).toBe("has been for 1 minute on any page");
});

test("a copied variant takes a letter that no version used, and the last variant stays", () => {
  const variants = withCopiedVariant(whole().variants, 0, new Set(["b", "c"]));
  expect(variants.map(({ id }) => id)).toEqual(["a", "d"]);
  expect(withoutVariant(variants, 0).map(({ id }) => id)).toEqual(["d"]);
  expect(withoutVariant(whole().variants, 0)).toHaveLength(1);
});

test("at most ten variants", () => {
  let { variants } = whole();
  for (let n = 0; n < 12; n++) variants = withCopiedVariant(variants, 0);
  expect(variants).toHaveLength(10);
  expect(new Set(variants.map(({ id }) => id)).size).toBe(10);
});

test("weights and the hold-out share a hundred people", () => {
  expect(sharesOf([{ weight: 1 }, { weight: 3 }], 20)).toEqual([20, 60]);
  expect(sharesOf([{ weight: Number.NaN }], 0)).toEqual([0]);
});

test("another kind of message keeps its words and its sender", () => {
  const from = { type: "operator" as const, operator: "opr_1" };
  const chat = withActionType({ ...EMPTY_POPUP, text: "Hello", from }, "chat");
  expect(chat).toEqual({ type: "chat", text: "Hello", from, button: null, card: null });
  expect(withActionType(chat, "alert")).toEqual({ type: "alert", text: "Hello" });
});

test("durations are the largest unit that divides them", () => {
  expect(spanOf(172_800_000)).toEqual({ n: 2, unit: "day" });
  expect(msOf({ n: 90, unit: "minute" })).toBe(5_400_000);
  expect(spanWords(3_600_000)).toBe("1 hour");
});

test("amounts keep the digits of their currency", () => {
  expect(minorOf(49.9, "EUR")).toBe(4_990);
  expect(decimalOf(500, "JPY")).toBe(500);
});

test("a value is put in for what is selected, with a blank before it", () => {
  expect(withInserted("Hi you!", "{{x}}", 3, 6)).toEqual({ text: "Hi {{x}}!", caret: 8 });
  expect(withInserted("Hi", "{{x}}", 2, 2)).toEqual({ text: "Hi {{x}}", caret: 8 });
});
