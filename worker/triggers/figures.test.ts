import { describe, expect, it } from "vitest";
import type { Counted, Group } from "../d1/deliveries.ts";
import { triggerDefinition } from "../testing/trigger-definition.ts";
import { lastDays } from "./days.ts";
import { figuresOf } from "./figures.ts";

const NOTHING: Counted = {
  groups: [],
  worths: [],
  sides: [],
  sideWorths: [],
  contradicting: 0,
  days: [],
};

function group(change: Partial<Group>): Group {
  return {
    state: "sent",
    variant: null,
    reason: null,
    deliveries: 0,
    people: 0,
    seen: 0,
    clicked: 0,
    answered: 0,
    closed: 0,
    goal: 0,
    goalPeople: 0,
    ...change,
  };
}

function fold(counted: Partial<Counted>, names: string[][] = [["a"]]) {
  const [variant] = triggerDefinition().variants;
  if (variant === undefined) throw new Error("the fixture has one");
  const versions = names.map((ids, index) => ({
    version: names.length - index,
    definition: triggerDefinition({
      variants: ids.map((id) => ({ ...variant, id, name: `${id} of ${names.length - index}` })),
    }),
    publishedAt: 1,
    by: "Ada",
  }));
  const days = lastDays("UTC", 2, Date.parse("2026-03-02T12:00:00Z"));
  return figuresOf({ counted: { ...NOTHING, ...counted }, versions, days, timeZone: "UTC" });
}

describe("figures", () => {
  it("have no effect and no incremental revenue without anybody held out", () => {
    const sides = [{ state: "sent" as const, variant: null, people: 500, reached: 50 }];
    expect(fold({ sides })).toMatchObject({ effect: null, incremental: null });
  });

  it("call nothing while one side is small, and what is plain when both are large", () => {
    const sides = (heldOut: number) => [
      { state: "sent" as const, variant: "a", people: 1_000, reached: 200 },
      { state: "sent" as const, variant: null, people: 1_000, reached: 200 },
      { state: "held_out" as const, variant: null, people: heldOut, reached: 10 },
    ];
    expect(fold({ sides: sides(99) }).effect?.verdict).toBe("too_early");
    const large = fold({ sides: sides(1_000) });
    expect(large.effect).toMatchObject({ verdict: "better" });
    expect(large.effect?.difference).toBeCloseTo(0.19);
    expect(large.variants[0]?.effect).toEqual(large.effect);
  });

  it("reckon incremental revenue in each currency by itself, people who bought nothing included", () => {
    const { incremental } = fold({
      sides: [
        { state: "sent", variant: null, people: 10, reached: 1 },
        { state: "held_out", variant: null, people: 5, reached: 1 },
      ],
      sideWorths: [
        { state: "sent", currency: "EUR", sum: 1_000, squares: 1_000_000 },
        { state: "held_out", currency: "EUR", sum: 100, squares: 10_000 },
        { state: "held_out", currency: "USD", sum: 50, squares: 2_500 },
      ],
    });
    // 100 each against 20 each, for ten people; and nothing against 10 each.
    expect(incremental?.map((one) => one.amount)).toEqual([
      { amountMinor: 800, currency: "EUR" },
      { amountMinor: -100, currency: "USD" },
    ]);
    for (const { amount, from, to } of incremental ?? []) {
      expect(from).toBeLessThan(amount.amountMinor);
      expect(to).toBeGreaterThan(amount.amountMinor);
    }
  });

  it("list the newest version's variants first, silent ones too, and then what only older ones had", () => {
    const groups = [
      group({ variant: "c", deliveries: 3, people: 3 }),
      group({ variant: "b", deliveries: 2, people: 1 }),
      group({ state: "skipped", reason: "capped", deliveries: 4 }),
      group({ state: "skipped", reason: "repeated", deliveries: 5 }),
    ];
    const figures = fold({ groups }, [
      ["a", "b"],
      ["b", "c"],
    ]);
    expect(figures.variants.map(({ variant, name, sent }) => [variant, name, sent])).toEqual([
      ["a", "a of 2", 0],
      ["b", "b of 2", 2],
      ["c", "c of 1", 3],
    ]);
    expect(figures.eligible).toBe(14);
    expect(figures.skipped.map((one) => one.reason)).toEqual(["repeated", "capped"]);
  });
});

describe("days", () => {
  it("begin at midnight of the zone, and have 23 and 25 hours when its clocks change", () => {
    const hours = (now: string) =>
      lastDays("Europe/Berlin", 3, Date.parse(now)).map(({ day, from }, index, all) => [
        day,
        ((all[index + 1]?.from ?? from) - from) / 3_600_000,
      ]);
    expect(hours("2026-03-30T22:30:00Z")).toEqual([
      ["2026-03-29", 23],
      ["2026-03-30", 24],
      ["2026-03-31", 0],
    ]);
    expect(hours("2026-10-26T22:30:00Z")).toEqual([
      ["2026-10-24", 24],
      ["2026-10-25", 25],
      ["2026-10-26", 0],
    ]);
  });
});
