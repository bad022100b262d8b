import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId, newId, type VisitorId } from "../../protocol/ids.ts";
import { LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import { SKIP_REASONS, type Delivery } from "../../protocol/triggers.ts";
import { deliveryOf, insertDeliveries, type DeliveryRow } from "../testing/delivery-rows.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { lastDays } from "../triggers/days.ts";
import { countDeliveries, countTotals, type Figure, type Scope } from "./deliveries.ts";
import { listFigurePeople, type DeliveryPosition } from "./deliveries-people.ts";
import { rowsOf, writeProjections } from "./projections.ts";

const HOUR = 3_600_000;
/** Clocks change in Berlin on 29 March and 25 October 2026, in Santiago on 5 April and 6 September. */
const ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Pacific/Auckland"];
const MOMENTS = ["2026-03-30T09:00:00Z", "2026-10-26T02:30:00Z", "2026-04-06T12:00:00Z"].map(
  Date.parse,
);
const PEOPLE = Array.from({ length: 6 }, (_, n): VisitorId => asId("vis", `vis_${n}`));

const moment = fc.integer({ min: 1, max: 1_000 });
const maybe = fc.option(moment);
const worth = fc.record({
  amountMinor: fc.integer({ min: 0, max: 1_000_000_000 }),
  currency: fc.constantFrom("EUR", "USD", "JPY"),
});
const goal = fc.oneof(
  fc.constant({ goalAt: null, goalValue: null }),
  fc.record({ goalAt: moment, goalValue: fc.option(worth) }),
);
const fate = fc.oneof(
  fc.record({ state: fc.constant("sent" as const), variant: fc.constantFrom("a", "b", "c") }),
  fc.constant({ state: "held_out" as const, variant: null }),
  fc.record({
    state: fc.constant("skipped" as const),
    variant: fc.constantFrom(null, "a"),
    reason: fc.constantFrom(...SKIP_REASONS),
  }),
);
const reactions = fc.record({
  seenAt: maybe,
  clickedAt: maybe,
  answeredAt: maybe,
  closedAt: maybe,
  version: fc.integer({ min: 1, max: 2 }),
  /** Hours before now. */
  age: fc.integer({ min: 0, max: 24 * 12 }),
  visitor: fc.constantFrom(...PEOPLE),
});
const decided = fc
  .tuple(reactions, fate, goal)
  .map(([base, fate, goal]) => ({ ...base, ...fate, ...goal }));

type World = { scope: Scope; rows: DeliveryRow[]; inScope: DeliveryRow[]; days: number[] };

const world = fc
  .record({
    now: fc.constantFrom(...MOMENTS),
    zone: fc.constantFrom(...ZONES),
    count: fc.integer({ min: 1, max: 12 }),
    version: fc.constantFrom(null, 1, 2),
    decided: fc.array(decided, { maxLength: 90 }),
  })
  .map(({ now, zone, count, version, decided }): World => {
    const trigger = newId("trg", now);
    const days = lastDays(zone, count, now).map((day) => day.from);
    const from = days[0] ?? now;
    const rows = decided.map(({ visitor, age, ...change }) => ({
      visitor,
      delivery: deliveryOf(trigger, { ...change, decidedAt: now - age * HOUR }),
    }));
    return {
      scope: { workspace: newId("wsp", now), trigger, version, from },
      rows,
      days,
      inScope: rows.filter(
        ({ delivery }) =>
          delivery.decidedAt >= from && (version === null || delivery.version === version),
      ),
    };
  });

/** What a figure counts, said once more. */
const MEANINGS: Record<Figure, (delivery: Delivery) => boolean> = {
  eligible: () => true,
  sent: ({ state }) => state === "sent",
  held_out: ({ state }) => state === "held_out",
  skipped: ({ state }) => state === "skipped",
  seen: ({ state, seenAt }) => state === "sent" && seenAt !== null,
  clicked: ({ state, clickedAt }) => state === "sent" && clickedAt !== null,
  answered: ({ state, answeredAt }) => state === "sent" && answeredAt !== null,
  closed: ({ state, closedAt }) => state === "sent" && closedAt !== null,
  goal: ({ state, goalAt }) => state === "sent" && goalAt !== null,
  goal_held_out: ({ state, goalAt }) => state === "held_out" && goalAt !== null,
};

const count = (rows: DeliveryRow[], figure: Figure): number =>
  rows.filter(({ delivery }) => MEANINGS[figure](delivery)).length;
const people = (rows: DeliveryRow[]): number => new Set(rows.map((row) => row.visitor)).size;

function recountGroups(rows: DeliveryRow[]) {
  const groups = Map.groupBy(rows, ({ delivery: { state, variant, reason } }) =>
    JSON.stringify([state, state === "sent" ? variant : null, state === "skipped" ? reason : null]),
  );
  return [...groups].map(([key, group]) => {
    const [state, variant, reason] = JSON.parse(key);
    const reached = group.filter(
      ({ delivery }) => delivery.state !== "skipped" && delivery.goalAt !== null,
    );
    return {
      state,
      variant,
      reason,
      deliveries: group.length,
      people: people(group),
      seen: count(group, "seen"),
      clicked: count(group, "clicked"),
      answered: count(group, "answered"),
      closed: count(group, "closed"),
      goal: reached.length,
      goalPeople: people(reached),
    };
  });
}

function recountWorths(rows: DeliveryRow[]) {
  const worths = new Map<string, number>();
  for (const { delivery } of rows) {
    const { state, variant, goalValue } = delivery;
    if (state === "skipped" || goalValue === null) continue;
    const key = JSON.stringify([state, variant, goalValue.currency]);
    worths.set(key, (worths.get(key) ?? 0) + goalValue.amountMinor);
  }
  return [...worths].map(([key, amountMinor]) => {
    const [state, variant, currency] = JSON.parse(key);
    return { state, variant, currency, amountMinor };
  });
}

/** The comparison person by person. */
function recountSides(rows: DeliveryRow[]) {
  const exposed = rows.filter(({ delivery }) => delivery.state !== "skipped");
  const byPerson = [...Map.groupBy(exposed, (row) => row.visitor).values()];
  const isOneSided = (group: DeliveryRow[]) =>
    new Set(group.map(({ delivery }) => delivery.state)).size === 1;
  const sides = new Map<string, { people: number; reached: number }>();
  const worths = new Map<string, { sum: number; squares: number }>();
  for (const group of byPerson.filter(isOneSided)) {
    const state = group[0]?.delivery.state;
    const variants = state === "sent" ? new Set(group.map(({ delivery }) => delivery.variant)) : [];
    for (const variant of [...variants, null]) {
      const key = JSON.stringify([state, variant]);
      const own = group.filter(({ delivery }) => variant === null || delivery.variant === variant);
      const side = sides.get(key) ?? { people: 0, reached: 0 };
      const hasReached = own.some(({ delivery }) => delivery.goalAt !== null);
      sides.set(key, {
        people: side.people + 1,
        reached: side.reached + (hasReached ? 1 : 0),
      });
    }
    const totals = new Map<string, number>();
    for (const { delivery } of group) {
      if (delivery.goalValue === null) continue;
      const { currency, amountMinor } = delivery.goalValue;
      totals.set(currency, (totals.get(currency) ?? 0) + amountMinor);
    }
    for (const [currency, total] of totals) {
      const key = JSON.stringify([state, currency]);
      const side = worths.get(key) ?? { sum: 0, squares: 0 };
      worths.set(key, { sum: side.sum + total, squares: side.squares + total * total });
    }
  }
  return {
    contradicting: byPerson.filter((group) => !isOneSided(group)).length,
    sides: [...sides].map(([key, side]) => {
      const [state, variant] = JSON.parse(key);
      return { state, variant, ...side };
    }),
    worths: [...worths].map(([key, side]) => {
      const [state, currency] = JSON.parse(key);
      return { state, currency, sum: side.sum, squares: side.squares };
    }),
  };
}

function recountDays(rows: DeliveryRow[], days: number[]) {
  return days.flatMap((begins, day) => {
    const ends = days[day + 1] ?? Infinity;
    const own = rows.filter(
      ({ delivery }) => delivery.decidedAt >= begins && delivery.decidedAt < ends,
    );
    if (own.length === 0) return [];
    return {
      day,
      sent: count(own, "sent"),
      heldOut: count(own, "held_out"),
      seen: count(own, "seen"),
      answered: count(own, "answered"),
      goal: count(own, "goal"),
    };
  });
}

const inOrder = <T>(list: T[]): T[] =>
  list.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

async function walk(
  scope: Scope,
  figure: Figure,
  narrowed: { variant?: string | null; reason?: Delivery["reason"] } = {},
) {
  const found: string[] = [];
  let after: DeliveryPosition | null = null;
  do {
    const page: Awaited<ReturnType<typeof listFigurePeople>> = await listFigurePeople(env.DB, {
      scope,
      figure,
      variant: narrowed.variant ?? null,
      reason: narrowed.reason ?? null,
      after,
    });
    found.push(...page.people.map(({ id, delivery }) => `${id} ${delivery.id}`));
    after = page.last;
  } while (after !== null);
  return found;
}

describe("figures", () => {
  it("equal a recount of the same rows one by one, whatever was decided, in any zone and version", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ scope, rows, inScope, days }) => {
        await insertDeliveries(env.DB, scope.workspace, rows);
        const counted = await countDeliveries(env.DB, scope, days);
        const sides = recountSides(inScope);
        expect(inOrder(counted.groups)).toEqual(inOrder(recountGroups(inScope)));
        expect(inOrder(counted.worths)).toEqual(inOrder(recountWorths(inScope)));
        expect(inOrder(counted.sides)).toEqual(inOrder(sides.sides));
        expect(counted.contradicting).toBe(sides.contradicting);
        expect(counted.days).toEqual(recountDays(inScope, days));
        expect(
          inOrder(counted.sideWorths.map(({ state, currency, sum }) => ({ state, currency, sum }))),
        ).toEqual(
          inOrder(sides.worths.map(({ state, currency, sum }) => ({ state, currency, sum }))),
        );
        for (const side of counted.sideWorths) {
          const same = sides.worths.find(
            (one) => one.state === side.state && one.currency === side.currency,
          );
          expect(side.squares / (same?.squares || 1)).toBeCloseTo(same?.squares ? 1 : 0, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("have exactly the people behind each number that it counts, each delivery once, newest first", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ scope, rows, inScope }) => {
        await insertDeliveries(env.DB, scope.workspace, rows);
        const expected = inScope.toSorted(
          (a, b) =>
            b.delivery.decidedAt - a.delivery.decidedAt ||
            (a.visitor < b.visitor ? -1 : a.visitor > b.visitor ? 1 : 0) ||
            (a.delivery.id < b.delivery.id ? -1 : 1),
        );
        const names = (list: DeliveryRow[]) =>
          list.map(({ visitor, delivery }) => `${visitor} ${delivery.id}`);
        for (const figure of Object.keys(MEANINGS) as Figure[]) {
          const own = expected.filter(({ delivery }) => MEANINGS[figure](delivery));
          expect(await walk(scope, figure), figure).toEqual(names(own));
        }
        const ofA = expected.filter(
          ({ delivery }) => MEANINGS.goal(delivery) && delivery.variant === "a",
        );
        expect(await walk(scope, "goal", { variant: "a" })).toEqual(names(ofA));
        const capped = expected.filter(({ delivery }) => delivery.reason === "capped");
        expect(await walk(scope, "skipped", { reason: "capped" })).toEqual(names(capped));
      }),
      { numRuns: 15 },
    );
  });

  it("are all empty where nothing was decided", async () => {
    const scope = { workspace: newId("wsp", 1), trigger: newId("trg", 1), version: null, from: 0 };
    expect(await countDeliveries(env.DB, scope, [0])).toEqual({
      groups: [],
      worths: [],
      sides: [],
      sideWorths: [],
      contradicting: 0,
      days: [],
    });
    expect(await countTotals(env.DB, scope.workspace, 0)).toEqual(new Map());
  });

  it("read what was decided in the time asked about, however much there was before and of other triggers", async () => {
    const workspace = newId("wsp", 2);
    const [trigger, other] = [newId("trg", 2), newId("trg", 3)];
    const many = Array.from({ length: 1_500 }, (_, n) => ({
      visitor: asId("vis", `vis_${n}`),
      delivery: deliveryOf(n % 2 === 0 ? trigger : other, { decidedAt: n }),
    }));
    await insertDeliveries(env.DB, workspace, many);
    let read = 0;
    const counting = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        const results = await env.DB.batch(statements);
        for (const { meta } of results) read += meta.rows_read;
        return results;
      },
    } as unknown as D1Database; // this is all that is used of it
    const scope = { workspace, trigger, version: null, from: 1_400 };
    const counted = await countDeliveries(counting, scope, [1_400, 1_450]);
    expect(counted.days.map((day) => day.sent)).toEqual([25, 25]);
    // Fifty deliveries: each read from index and table by six statements that also keep some aside.
    expect(read).toBeLessThan(50 * 6 * 6);
  });
});

describe("the people behind a number", () => {
  it("come in full pages, with the names they have by now", async () => {
    const scope = { workspace: newId("wsp", 4), trigger: newId("trg", 4), version: null, from: 0 };
    const rows = Array.from({ length: LIST_PAGE_SIZE + 1 }, (_, n) => ({
      visitor: asId("vis", `vis_${n}`),
      delivery: deliveryOf(scope.trigger, { decidedAt: n }),
    }));
    await insertDeliveries(env.DB, scope.workspace, rows);
    await writeProjections(env.DB, [
      rowsOf(visitorJob(scope.workspace, asId("vis", `vis_${LIST_PAGE_SIZE}`), 1, "Ada")),
    ]);
    const query = { scope, figure: "sent" as const, variant: null, reason: null };
    const first = await listFigurePeople(env.DB, { ...query, after: null });
    expect(first.people).toHaveLength(LIST_PAGE_SIZE);
    expect(first.people[0]).toMatchObject({ name: "Ada", placeholder: "Amber Otter" });
    // Not yet projected: no name, but a placeholder and a time all the same.
    expect(first.people[1]).toMatchObject({ name: null, lastSeenAt: LIST_PAGE_SIZE - 1 });
    expect(first.people[1]?.placeholder).toMatch(/^\w+ \w+$/);
    const second = await listFigurePeople(env.DB, { ...query, after: first.last });
    expect(second).toMatchObject({ people: [{ id: "vis_0" }], last: null });
  });
});
