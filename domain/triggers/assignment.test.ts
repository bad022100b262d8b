import { expect, test } from "vitest";
import type { LiveTrigger } from "../segments/definitions.ts";
import { assign, withExposure } from "./assignment.ts";
import { live, NOON, variant, visitorNamed } from "./testing/samples.ts";

const PEOPLE = 20_000;
/** 99.9 % of samples of what is expected stay below these, for one and for two degrees of freedom. */
const CHI_1 = 10.83;
const CHI_2 = 13.82;

const three = { variants: [variant("a"), variant("b"), variant("c")].map(weighted), holdOut: 20 };
function weighted(one: ReturnType<typeof variant>, index: number) {
  return { ...one, weight: index + 1 };
}

function everybody(trigger: LiveTrigger) {
  return Array.from({ length: PEOPLE }, (_, n) => assign(visitorNamed(n), trigger, null));
}

function chiSquare(counts: number[], shares: number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    const expected = total * (shares[i] ?? 0);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

const isHeld = ({ isHeldOut }: { isHeldOut: boolean }) => isHeldOut;
const count = <T>(list: T[], passes: (one: T) => boolean) => list.filter(passes).length;

test("The hold-out has its share of twenty thousand people", () => {
  const held = count(everybody(live(three)), isHeld);
  expect(chiSquare([held, PEOPLE - held], [0.2, 0.8])).toBeLessThan(CHI_1);
});

test("Variants have shares by their weights, among treated and held-out people alike", () => {
  const people = everybody(live(three));
  for (const arm of [people.filter(isHeld), people.filter((one) => !one.isHeldOut)]) {
    const counts = ["a", "b", "c"].map((id) => count(arm, (one) => one.variant.id === id));
    expect(chiSquare(counts, [1 / 6, 2 / 6, 3 / 6])).toBeLessThan(CHI_2);
  }
});

test.each([
  ["two triggers", live(three, "trg_a"), live(three, "trg_b")],
  ["two versions of one trigger", live(three, "trg_a", 1), live(three, "trg_a", 2)],
])("The hold-outs of %s are independent of one another", (_, one, other) => {
  const [a, b] = [everybody(one), everybody(other)];
  const pairs = a.map((person, n) => [person.isHeldOut, b[n]?.isHeldOut] as const);
  const counts = [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ].map(([x, y]) => count(pairs, ([p, q]) => p === x && q === y));
  expect(chiSquare(counts, [0.04, 0.16, 0.16, 0.64])).toBeLessThan(16.27);
});

test("Nobody is held out of a trigger without a hold-out", () => {
  expect(count(everybody(live({ holdOut: 0 })), isHeld)).toBe(0);
});

test("What was assigned at the first exposure stays when weights and hold-out change", () => {
  const version = { version: 1, variant: "c" };
  const record = { assigned: [version], exposures: 1, lastAt: NOON, isRefused: false };
  for (let n = 0; n < 200; n++)
    expect(assign(visitorNamed(n), live({ ...three, holdOut: 50 }), record)).toMatchObject({
      isHeldOut: false,
      variant: { id: "c" },
    });
  const held = { ...record, assigned: [{ version: 1, variant: null }] };
  expect(assign(visitorNamed(1), live({ ...three, holdOut: 0 }), held).isHeldOut).toBe(true);
});

test("An assignment of another version says nothing, and a variant that is gone is given anew", () => {
  const gone = {
    assigned: [{ version: 1, variant: "z" }],
    exposures: 1,
    lastAt: NOON,
    isRefused: false,
  };
  expect(assign(visitorNamed(1), live(three), gone)).toEqual({
    ...assign(visitorNamed(1), live(three), null),
    isHeldOut: false,
  });
  const other = { ...gone, assigned: [{ version: 9, variant: "c" }] };
  expect(assign(visitorNamed(1), live(three), other)).toEqual(
    assign(visitorNamed(1), live(three), null),
  );
});

test("An exposure is counted, and only the first of a version assigns", () => {
  const first = withExposure(null, 1, "a", NOON);
  expect(first).toEqual({
    assigned: [{ version: 1, variant: "a" }],
    exposures: 1,
    lastAt: NOON,
    isRefused: false,
  });
  const second = withExposure(first, 1, null, NOON - 5);
  expect(second).toEqual({ ...first, exposures: 2 });
  expect(withExposure(second, 2, null, NOON + 5).assigned).toHaveLength(2);
});

test("The newest twenty versions are remembered", () => {
  let record = withExposure(null, 1, "a", NOON);
  for (let version = 2; version <= 21; version++) record = withExposure(record, version, "a", NOON);
  expect(record.assigned.map((one) => one.version)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 2),
  );
});
