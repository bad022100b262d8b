import { expect, test } from "vitest";
import type { Effect, TriggerFigures } from "../../../../protocol/triggers-api.ts";
import { ceilingOf, dayLabel } from "./day-scale.ts";
import { comparisonWords, pointsWords, rateWords, verdictWords } from "./figure-words.ts";

const effect = (verdict: Effect["verdict"]): Effect => ({
  difference: 0.023,
  from: -0.009,
  to: 0.054,
  verdict,
});

const figures = (change: Partial<TriggerFigures>): TriggerFigures => ({
  eligible: 1_500,
  variants: [
    {
      variant: "a",
      name: "Variant A",
      sent: 1_000,
      people: 1_000,
      seen: 900,
      clicked: 200,
      answered: 50,
      closed: 300,
      goal: 121,
      goalPeople: 121,
      revenue: [],
      effect: null,
    },
  ],
  heldOut: { deliveries: 500, people: 500, goalPeople: 49, revenue: [] },
  effect: effect("unclear"),
  incremental: null,
  contradicting: 0,
  skipped: [],
  days: [],
  timeZone: "UTC",
  ...change,
});

test("the comparison says shares with their counts, the difference and its interval", () => {
  expect(comparisonWords(figures({}))).toBe(
    "Of the people who were sent it, 12.1 % (121 of 1,000) reached the goal; of those held out, 9.8 % (49 of 500). The difference is +2.3 points, 95 % interval −0.9 to +5.4.",
  );
  expect(verdictWords(effect("unclear"))).toBe("Too close to call.");
});

test("nothing is concluded too early or without anybody held out", () => {
  expect(comparisonWords(figures({ effect: effect("too_early") }))).toContain("too few people");
  const alone = figures({
    effect: null,
    heldOut: { deliveries: 0, people: 0, goalPeople: 0, revenue: [] },
  });
  expect(comparisonWords(alone)).toContain("Nobody was held out");
  expect(verdictWords(null)).toBe("There is nothing to compare with.");
});

test("a share of nobody is no number, and a difference of nothing has no sign", () => {
  expect(rateWords(0, 0)).toBe("–");
  expect(pointsWords(-0.0001)).toBe("0.0");
});

test("the axis of days ends at a round number with a whole half", () => {
  expect([0, 2, 3, 7, 11, 95, 130, 1_001].map(ceilingOf)).toEqual([
    2, 2, 4, 8, 20, 100, 200, 2_000,
  ]);
  expect(dayLabel("2026-03-12", "en-GB")).toBe("12 Mar");
});
