import { compileRules, type CompiledRules } from "../domain/segments/compile.ts";
import { NO_DEFINITIONS } from "../domain/segments/definitions.ts";
import { Evaluator, type Evaluated } from "../domain/segments/evaluator.ts";
import type { Occurrence, PersonView } from "../domain/segments/person-view.ts";
import { TallyShelf } from "../domain/segments/tally-shelf.ts";
import { TestPerson, trackFact, type Step } from "../domain/segments/testing/person.ts";
import { NEVER } from "../domain/segments/times.ts";
import { verdictOf } from "../domain/segments/tree.ts";
import { EVENTS } from "../protocol/facts.ts";
import { asId } from "../protocol/ids.ts";
import { encodedBytes, type Json } from "../protocol/json.ts";
import { compareRounds, type Compared } from "./comparison.ts";
import { conditionNumber } from "./conditions.ts";

/**
 * What the evaluation of one event costs, against an evaluator that asks every definition again. Both see the same
 * visit in the same run: page views, products looked at and put into the cart, events of the site's own.
 */

/** What so many definitions cost one visitor. */
export type EvaluationFigure = {
  definitions: number;
  /** Mean time per event in microseconds, page views among them; the reference asks every definition again. */
  meanUs: Compared;
  /** What is kept of one visitor: membership, and counts of filtered events. */
  stateBytes: number;
};

type Reading = { incrementalUs: number; linearUs: number; stateBytes: number };

const START = Date.parse("2026-11-02T09:00:00Z");
const EVENTS_PER_VISIT = 600;

/** Measures each number of definitions so many times. */
export function measureEvaluation(sizes: readonly number[], rounds: number): EvaluationFigure[] {
  // What comes first is for the compiler's sake.
  for (const size of sizes) readVisit(size);
  return sizes.map((definitions) => {
    const readings = Array.from({ length: rounds }, () => readVisit(definitions));
    return {
      definitions,
      meanUs: compareRounds(
        readings.map(({ linearUs }) => linearUs),
        readings.map(({ incrementalUs }) => incrementalUs),
      ),
      stateBytes: Math.max(...readings.map(({ stateBytes }) => stateBytes)),
    };
  });
}

/** One visit; the later half of it counts. */
function readVisit(definitions: number): Reading {
  const compiled = compileRules({
    ...NO_DEFINITIONS,
    version: 1,
    timeZone: "Europe/Berlin",
    segments: Array.from({ length: definitions }, (_, i) => ({
      id: asId("seg", `seg_${i.toString(36).padStart(26, "0")}`),
      name: `Segment ${i}`,
      version: 1,
      condition: conditionNumber(i),
      liveAt: 0,
      sinceVersion: 1,
    })),
  });
  const person = new TestPerson();
  const stored = new Map<string, Json>();
  const write = ({ changes }: Evaluated) => {
    for (const [key, value] of changes) stored.set(key, value);
  };
  const read = (key: string) => stored.get(key);
  const evaluator = new Evaluator(compiled, null, read);
  write(evaluator.adopt({ view: person.view(), viewAt: () => person.view(), now: START }));
  const linear = new LinearEvaluator(compiled);
  const incremental: number[] = [];
  const each: number[] = [];
  for (let i = 0; i < EVENTS_PER_VISIT; i++) {
    const step = stepNumber(i);
    const { now } = step;
    const { occurrences, touched } = person.take([step]);
    const view = person.view();
    const from = performance.now();
    const evaluated = evaluator.take({ view, occurrences, touched, now });
    const between = performance.now();
    if (i % 10 === 9) linear.take(view, occurrences, now);
    else linear.count(occurrences);
    const until = performance.now();
    write(evaluated);
    if (i < EVENTS_PER_VISIT / 2) continue;
    incremental.push((between - from) * 1_000);
    if (i % 10 === 9) each.push((until - between) * 1_000);
  }
  return {
    incrementalUs: mean(incremental),
    linearUs: mean(each),
    stateBytes: [...stored].reduce(
      (sum, [key, value]) => sum + key.length + encodedBytes(value),
      0,
    ),
  };
}

/** Asks every rule again after each event, with the same prepared conditions and the same counts. */
class LinearEvaluator {
  readonly #compiled: CompiledRules;
  readonly #shelf: TallyShelf;
  readonly #isIn: boolean[] = [];

  constructor(compiled: CompiledRules) {
    this.#compiled = compiled;
    this.#shelf = new TallyShelf(compiled, () => undefined);
  }

  count(occurrences: readonly Occurrence[]): void {
    for (const occurrence of occurrences) Array.from(this.#shelf.count(occurrence));
  }

  take(view: PersonView, occurrences: readonly Occurrence[], now: number): void {
    this.count(occurrences);
    const { atoms, rules, calendar, tallies } = this.#compiled;
    for (const [number, { tree }] of rules.entries())
      this.#isIn[number] = verdictOf(tree, (atomNumber) => {
        const atom = atoms[atomNumber];
        if (atom === undefined) return NEVER;
        const spec = tallies[atom.tally];
        const tally = () => (spec === undefined ? undefined : this.#shelf.tally(spec));
        const segment = () => ({ holds: this.#isIn[atom.asks] ?? false, until: Infinity });
        return atom.test(view, { now, calendar, tally, segment });
      }).holds;
  }
}

function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

const CONTEXT = {
  device: { kind: "desktop", browser: "Firefox", os: "Linux" },
  country: "DE",
  language: "de",
  timeZone: "Europe/Berlin",
  isProven: false,
} as const;

/** A visit: one page in six events, then what people do in a shop. */
function stepNumber(i: number): Extract<Step, { type: "fact" }> {
  const now = START + i * 2_000;
  const at = now;
  const product = {
    product_id: `p${i % 50}`,
    name: `Kettle ${i % 50}`,
    price: 9.9,
    currency: "EUR",
  };
  const base = { type: "fact", now, at, context: CONTEXT } as const;
  switch (i % 6) {
    case 0: {
      const url = `https://shop.test/products/${i % 50}`;
      return { ...base, fact: { type: "page", n: 1, at, url, title: `Kettle ${i % 50}` } };
    }
    case 1:
    case 4:
      return { ...base, fact: trackFact(EVENTS.productViewed, product) };
    case 2:
      return { ...base, fact: trackFact(EVENTS.productAdded, product) };
    default:
      return { ...base, fact: trackFact(`Event ${i % 40}`, { step: i % 7 }) };
  }
}
