import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition } from "../../protocol/conditions.ts";
import { asId } from "../../protocol/ids.ts";
import type { Json } from "../../protocol/json.ts";
import { compileRules } from "./compile.ts";
import type { DefinitionSet } from "./definitions.ts";
import { NO_DEFINITIONS } from "./definitions.ts";
import type { StoredEvaluation } from "./evaluation.ts";
import { EVALUATION_KEY, Evaluator, type Evaluated } from "./evaluator.ts";
import { conditionOf, history, pause, SEGMENT_IDS, timeZone } from "./testing/arbitraries.ts";
import { personOf, TestPerson, type Step } from "./testing/person.ts";
import { holdsByReference } from "./testing/reference.ts";

/** How many random lives each property is tried with. */
const RUNS = Number(process.env["PARLEY_RUNS"] ?? 1_000);
const TIMEOUT_MS = 60_000 + RUNS * 20;

type Trees = ReadonlyMap<string, Condition>;

/** Segments that refer to those before them. */
const trees: fc.Arbitrary<Trees> = fc
  .tuple(...SEGMENT_IDS.map((_, place) => conditionOf(SEGMENT_IDS.slice(0, place))))
  .map((conditions) => {
    const all = new Map<string, Condition>();
    for (const [place, id] of SEGMENT_IDS.entries()) {
      const condition = conditions[place];
      if (condition !== undefined) all.set(id, condition);
    }
    return all;
  });

function setOf(
  trees: Trees,
  zone: string,
  version = 1,
  since: ReadonlyMap<string, { liveAt: number; sinceVersion: number }> = new Map(),
): DefinitionSet {
  return {
    ...NO_DEFINITIONS,
    version,
    timeZone: zone,
    segments: [...trees].map(([id, condition]) => ({
      id: asId("seg", id),
      name: id,
      version: 1,
      condition,
      ...(since.get(id) ?? { liveAt: 0, sinceVersion: 1 }),
    })),
  };
}

/** One visitor with a store that is written after every call, and an evaluator that may be lost at any time. */
class Life {
  readonly person = new TestPerson();
  readonly stored = new Map<string, Json>();
  set: DefinitionSet;
  evaluator: Evaluator;

  constructor(set: DefinitionSet) {
    this.set = set;
    this.evaluator = this.wake();
  }

  wake(set = this.set): Evaluator {
    this.set = set;
    // Written by an evaluator under this key.
    const stored = (this.stored.get(EVALUATION_KEY) ?? null) as StoredEvaluation | null;
    this.evaluator = new Evaluator(compileRules(set), stored, (key) => this.stored.get(key));
    return this.evaluator;
  }

  wrote({ flips, changes }: Evaluated): Evaluated["flips"] {
    for (const [key, value] of changes) {
      const text = JSON.stringify(value);
      if (value === null) this.stored.delete(key);
      // What is stored is another object than what the evaluator holds.
      else this.stored.set(key, JSON.parse(text));
    }
    return flips;
  }

  adopt(now: number): Evaluated["flips"] {
    const viewAt = (at: number) => this.person.at(at).view();
    return this.wrote(this.evaluator.adopt({ view: this.person.view(), viewAt, now }));
  }

  tick(now: number): Evaluated["flips"] {
    return this.wrote(this.evaluator.tick({ view: this.person.view(), now }));
  }

  take(steps: readonly Step[], now: number): Evaluated["flips"] {
    const { occurrences, touched } = this.person.take(steps);
    return this.wrote(this.evaluator.take({ view: this.person.view(), occurrences, touched, now }));
  }

  expected(now: number, person = this.person): string[] {
    const segments = new Map<string, Condition>(
      this.set.segments.map(({ id, condition }) => [id, condition]),
    );
    const asked = { person, now, timeZone: this.set.timeZone, segments };
    return [...segments]
      .filter(([, condition]) => holdsByReference(condition, asked))
      .map(([id]) => id)
      .sort();
  }

  get members(): string[] {
    return this.set.segments
      .map(({ id }) => id)
      .filter((id) => this.evaluator.isIn(id))
      .sort();
  }
}

/** Whether flips lead from one membership to another, each rule at most once. */
function apply(members: readonly string[], flips: Evaluated["flips"]): string[] {
  const now = new Set(members);
  expect(new Set(flips.map(({ rule }) => rule)).size).toBe(flips.length);
  for (const { rule, isIn } of flips) {
    expect(now.has(rule)).toBe(!isIn);
    if (isIn) now.add(rule);
    else now.delete(rule);
  }
  return [...now].sort();
}

const turn = fc.record({
  steps: fc.integer({ min: 1, max: 3 }),
  pause,
  isEvicted: fc.boolean(),
  isTicked: fc.boolean(),
});

describe("the evaluator says what the reference says", () => {
  test(
    "after every batch and every pause, woken anew at any point, and no flip comes before it is announced",
    () => {
      fc.assert(
        fc.property(
          trees,
          timeZone,
          history,
          fc.array(turn, { minLength: 12, maxLength: 12 }),
          (trees, zone, steps, turns) => {
            const life = new Life(setOf(trees, zone));
            let now = steps[0]?.now ?? 0;
            let late = 0;
            expect(life.adopt(now)).toEqual([]);
            let members = life.members;
            const left = [...steps];
            for (const { steps: size, pause, isEvicted, isTicked } of turns) {
              const batch = left.splice(0, size).map((step) => ({ ...step, now: step.now + late }));
              const next = batch.at(-1)?.now ?? now + pause;
              for (const part of [0.3, 1]) {
                const until = Math.floor(now + (next - now) * part);
                const announced = life.evaluator.nextAt ?? Infinity;
                if (until < announced) expect(life.expected(until)).toEqual(members);
                else expect(life.expected(Math.max(now, announced - 1))).toEqual(members);
                if (isTicked || part < 1) {
                  members = apply(members, life.tick(until));
                  expect(members).toEqual(life.expected(until));
                }
              }
              now = next;
              if (isEvicted) life.wake();
              if (batch.length > 0) members = apply(members, life.take(batch, now));
              else members = apply(members, life.tick(now));
              expect(life.members).toEqual(life.expected(now));
              expect(members).toEqual(life.members);
              if (!isTicked) late += pause;
            }
          },
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "when definitions change between an event and its evaluation: new ones start from when they went live",
    () => {
      fc.assert(
        fc.property(
          trees,
          trees,
          fc.subarray([...SEGMENT_IDS]),
          timeZone,
          history,
          fc.nat({ max: 12 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.boolean(),
          (before, others, changed, zone, steps, split, part, isFirst) => {
            const life = new Life(setOf(before, zone));
            const [early, later] = [steps.slice(0, split), steps.slice(split)];
            const start = steps[0]?.now ?? 0;
            if (isFirst) life.person.take(early);
            else {
              life.adopt(start);
              if (early.length > 0) life.take(early, early.at(-1)?.now ?? start);
            }
            const known = isFirst ? [] : life.members;
            const then = early.at(-1)?.now ?? start;
            const now = later[0]?.now ?? then + 3_600_000;
            const liveAt = Math.floor(start + (now - start) * part);
            const after = new Map(before);
            const since = new Map<string, { liveAt: number; sinceVersion: number }>();
            for (const id of changed) {
              after.set(id, others.get(id) ?? { type: "all", of: [] });
              since.set(id, { liveAt, sinceVersion: 2 });
            }
            life.wake(setOf(after, zone, 2, since));
            const isNew = (id: string) => isFirst || refersTo(after, id, new Set<string>(changed));
            const firstAt = life.person.view().seen?.firstAt ?? now;
            const baseOf = (id: string): boolean => {
              if (!isNew(id)) return known.includes(id);
              const at = refersTo(after, id, new Set<string>(changed)) ? liveAt : 0;
              const person = at <= firstAt ? new TestPerson() : life.person.at(at);
              return life.expected(at, person).includes(id);
            };
            const base = [...after.keys()].filter(baseOf).sort();
            expect(apply(base, life.adopt(now))).toEqual(life.expected(now));
            if (later.length > 0) life.take(later, later.at(-1)?.now ?? now);
            expect(life.members).toEqual(life.expected(later.at(-1)?.now ?? now));
          },
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

function refersTo(trees: Trees, id: string, changed: ReadonlySet<string>): boolean {
  if (changed.has(id)) return true;
  const text = JSON.stringify(trees.get(id));
  return SEGMENT_IDS.some(
    (other) => other !== id && text.includes(`"${other}"`) && refersTo(trees, other, changed),
  );
}

test("a person of many facts is the same however they are taken", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const person = new TestPerson();
      for (const step of steps) person.take([step]);
      expect([...person.state]).toEqual([...personOf(steps).state]);
    }),
    { numRuns: 50 },
  );
});
