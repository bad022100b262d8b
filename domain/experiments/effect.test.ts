import { expect, test } from "vitest";
import {
  EFFECT_GOALS_MIN,
  EFFECT_PEOPLE_MIN,
  effectOf,
  incrementalOf,
  type WorthArm,
} from "./effect.ts";
import { randomFrom } from "./testing/random.ts";

const EXPERIMENTS = 2_000;

const arm = (people: number, reached: number) => ({ people, reached });

test("The interval is Newcombe's, as his paper gives it for 56 of 70 against 48 of 80", () => {
  const { difference, from, to, verdict } = effectOf(arm(70, 56), arm(80, 48));
  expect(difference).toBeCloseTo(0.2, 4);
  expect(from).toBeCloseTo(0.0524, 4);
  expect(to).toBeCloseTo(0.3339, 4);
  expect(verdict).toBe("too_early");
});

test("What did nothing is unclear, what did much is better, and what did harm is worse", () => {
  expect(effectOf(arm(1_000, 50), arm(1_000, 50)).verdict).toBe("unclear");
  expect(effectOf(arm(1_000, 100), arm(1_000, 50)).verdict).toBe("better");
  expect(effectOf(arm(1_000, 50), arm(1_000, 100)).verdict).toBe("worse");
});

test("Nothing is called while an arm has fewer than a hundred people", () => {
  const few = EFFECT_PEOPLE_MIN - 1;
  expect(effectOf(arm(few, few), arm(1_000, 0)).verdict).toBe("too_early");
  expect(effectOf(arm(1_000, 1_000), arm(few, 0)).verdict).toBe("too_early");
  expect(effectOf(arm(1_000, 1_000), arm(EFFECT_PEOPLE_MIN, 0)).verdict).toBe("better");
  expect(effectOf(arm(1_000, 1_000), arm(EFFECT_PEOPLE_MIN + 1, 0)).verdict).toBe("better");
});

test("Nothing is called while fewer than ten people reached the goal", () => {
  const verdict = (goals: number) => effectOf(arm(200, goals), arm(200, 0)).verdict;
  expect(verdict(EFFECT_GOALS_MIN - 1)).toBe("too_early");
  expect(verdict(EFFECT_GOALS_MIN)).toBe("better");
  expect(verdict(EFFECT_GOALS_MIN + 1)).toBe("better");
});

test("Arms of nobody, everybody and no one make no wild numbers", () => {
  for (const treated of [arm(0, 0), arm(1, 0), arm(1, 1), arm(500, 500)])
    for (const heldOut of [arm(0, 0), arm(1, 0), arm(1, 1), arm(500, 500)]) {
      const { difference, from, to } = effectOf(treated, heldOut);
      expect(from).toBeLessThanOrEqual(difference);
      expect(to).toBeGreaterThanOrEqual(difference);
      expect(from).toBeGreaterThanOrEqual(-1);
      expect(to).toBeLessThanOrEqual(1);
    }
});

function reachedOf(people: number, rate: number, random: () => number): number {
  let reached = 0;
  for (let i = 0; i < people; i++) if (random() < rate) reached++;
  return reached;
}

function simulated(people: [number, number], rates: [number, number], seed: number) {
  const random = randomFrom(seed);
  return Array.from({ length: EXPERIMENTS }, () =>
    effectOf(
      arm(people[0], reachedOf(people[0], rates[0], random)),
      arm(people[1], reachedOf(people[1], rates[1], random)),
    ),
  );
}

const ARMS: [number, number][] = [
  [200, 200],
  [500, 500],
  [900, 100],
  [1_800, 200],
];
const RATES: [number, number][] = [
  [0.05, 0.05],
  [0.1, 0.05],
  [0.3, 0.3],
  [0.5, 0.4],
];

test.each(ARMS)(
  "Of 95 %% intervals of %i and %i people, 93 to 97 %% hold the truth",
  (...people) => {
    for (const [i, rates] of RATES.entries()) {
      const truth = rates[0] - rates[1];
      const effects = simulated(people, rates, i + 1);
      const covering = effects.filter(({ from, to }) => from <= truth && truth <= to).length;
      expect(covering / EXPERIMENTS).toBeGreaterThan(0.93);
      expect(covering / EXPERIMENTS).toBeLessThan(0.97);
    }
  },
);

test("Where nothing works, a winner is called in at most one of twenty experiments, for one look at each", () => {
  for (const [i, people] of ARMS.entries())
    for (const rate of [0.03, 0.1, 0.4]) {
      const effects = simulated(people, [rate, rate], 100 + i);
      const called = effects.filter(
        ({ verdict }) => verdict === "better" || verdict === "worse",
      ).length;
      expect(called / EXPERIMENTS, `${people.join(" and ")} at ${rate}`).toBeLessThanOrEqual(0.05);
    }
});

test("A real doubling is found in most experiments of a thousand people", () => {
  const effects = simulated([500, 500], [0.1, 0.05], 7);
  const found = effects.filter(({ verdict }) => verdict === "better").length;
  expect(found / EXPERIMENTS).toBeGreaterThan(0.8);
  expect(effects.filter(({ verdict }) => verdict === "worse")).toEqual([]);
});

/** People of whom one in ten buys, for something between 20 and 80. */
function worthOf(people: number, rate: number, random: () => number): WorthArm {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < people; i++) {
    const worth = random() < rate ? 2_000 + random() * 6_000 : 0;
    sum += worth;
    squares += worth ** 2;
  }
  return { people, sum, squares };
}

test("Of the 95 % intervals of what was earned beyond the hold-out, 93 to 97 % hold the truth", () => {
  const random = randomFrom(3);
  const truth = (0.12 - 0.1) * 5_000 * 900;
  let covering = 0;
  for (let i = 0; i < EXPERIMENTS; i++) {
    const found = incrementalOf(worthOf(900, 0.12, random), worthOf(300, 0.1, random));
    if (found !== null && found.from <= truth && truth <= found.to) covering++;
  }
  expect(covering / EXPERIMENTS).toBeGreaterThan(0.93);
  expect(covering / EXPERIMENTS).toBeLessThan(0.97);
});

test("What was earned is the difference of the means, times the treated", () => {
  const treated = { people: 100, sum: 1_000, squares: 20_000 };
  const heldOut = { people: 50, sum: 250, squares: 2_500 };
  const found = incrementalOf(treated, heldOut);
  expect(found?.amount).toBeCloseTo(500);
  expect(found?.from).toBeLessThan(500);
  expect(found?.to).toBeGreaterThan(500);
});

test("One person in an arm tells nothing of what was earned, and two who bought alike are certain", () => {
  const one = { people: 1, sum: 5, squares: 25 };
  const two = { people: 2, sum: 10, squares: 50 };
  expect(incrementalOf(one, two)).toBeNull();
  expect(incrementalOf(two, one)).toBeNull();
  expect(incrementalOf(two, two)).toEqual({ amount: 0, from: 0, to: 0 });
});
