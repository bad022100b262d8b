import { pathToFileURL } from "node:url";
import { compileRules, type CompiledRules } from "../domain/segments/compile.ts";
import { NO_DEFINITIONS } from "../domain/segments/definitions.ts";
import { EVALUATION_KEY, Evaluator, type Evaluated } from "../domain/segments/evaluator.ts";
import type { Dependency, Occurrence, PersonView } from "../domain/segments/person-view.ts";
import { TallyShelf } from "../domain/segments/tally-shelf.ts";
import { TestPerson, trackFact, type Step } from "../domain/segments/testing/person.ts";
import { NEVER } from "../domain/segments/times.ts";
import { verdictOf } from "../domain/segments/tree.ts";
import type { Condition } from "../protocol/conditions.ts";
import { EVENTS } from "../protocol/facts.ts";
import { asId } from "../protocol/ids.ts";
import { encodedBytes, type Json } from "../protocol/json.ts";
import { median } from "./median.ts";

/**
 * What the evaluation of one event costs, against an evaluator that asks every definition again. Both see the same
 * visit in the same run: page views, products looked at and put into the cart, events of the site's own.
 */

/** Times are the median over the events of the later half of the visit, in microseconds. */
export type EvaluationFigure = {
  definitions: number;
  incrementalUs: number;
  linearUs: number;
  /** How many times cheaper the incremental one is. */
  ratio: number;
  /** The mean of all events, page views among them. */
  meanUs: number;
  /** The first event after waking, when nothing is worked out yet. */
  wakeUs: number;
  /** What is kept of one visitor: membership, and counts of filtered events. */
  evaluationBytes: number;
  accumulatorBytes: number;
  members: number;
};

const START = Date.parse("2026-11-02T09:00:00Z");
const EVENTS_PER_VISIT = 600;

/** Measures every size in turn. */
export function measureEvaluation(
  sizes: readonly number[] = [100, 1_000, 10_000],
): EvaluationFigure[] {
  // The first pass is for the compiler's sake.
  measureSize(100);
  return sizes.map(measureSize);
}

function measureSize(definitions: number): EvaluationFigure {
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
  const incrementalUs = median(incremental);
  const linearUs = median(each);
  const evaluation = stored.get(EVALUATION_KEY);
  return {
    definitions,
    incrementalUs,
    linearUs,
    ratio: linearUs / incrementalUs,
    meanUs: incremental.reduce((sum, one) => sum + one, 0) / incremental.length,
    wakeUs: wakeUs(compiled, stored, person),
    evaluationBytes: encodedBytes(evaluation),
    accumulatorBytes: [...stored]
      .filter(([key]) => key !== EVALUATION_KEY)
      .reduce((sum, [key, value]) => sum + key.length + encodedBytes(value), 0),
    members: compiled.rules.filter(({ id }) => evaluator.isIn(id)).length,
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

function wakeUs(compiled: CompiledRules, stored: Map<string, Json>, person: TestPerson): number {
  const evaluation = stored.get(EVALUATION_KEY) ?? null;
  const figures: number[] = [];
  const touched = new Set<Dependency>(["seen", "session", "event:Event 3"]);
  const occurrences = [{ name: "Event 3", at: START, props: {} }];
  const view = person.view();
  const now = stepNumber(EVENTS_PER_VISIT).now;
  for (let i = 0; i < 15; i++) {
    const from = performance.now();
    // It was written by an evaluator under this key.
    const kept = evaluation as ConstructorParameters<typeof Evaluator>[1];
    const woken = new Evaluator(compiled, kept, (key) => stored.get(key));
    woken.take({ view, occurrences, touched, now });
    figures.push((performance.now() - from) * 1_000);
  }
  return median(figures);
}

const CONTEXT = {
  device: { kind: "desktop", browser: "Firefox", os: "Linux" },
  country: "DE",
  language: "de",
  timeZone: "Europe/Berlin",
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

/** Definitions as workspaces have them: most ask two or three things, many of them the same, and few share a value. */
function conditionNumber(i: number): Condition {
  const plan = { op: "is", value: `plan ${i % 30}` } as const;
  const days = { n: 1 + (i % 30), unit: "day" } as const;
  switch (i % 10) {
    case 0:
      return all(
        { type: "property", key: `key ${i % 60}`, is: { type: "text", test: plan } },
        { type: "seen", which: "last", is: { op: "within", span: days } },
      );
    case 1:
      return all(event(`Event ${i % 400}`, "at_least", 1 + (i % 3)), {
        type: "not",
        of: event(EVENTS.orderCompleted, "at_least", 1),
      });
    case 2:
      return { ...event(`Event ${i % 400}`, "at_least", 1 + (i % 4)), within: days };
    case 3: {
      const is = { type: "text", test: { op: "is", value: `p${i}` } } as const;
      return { ...event(EVENTS.productViewed, "at_least", 1), where: [{ key: "product_id", is }] };
    }
    case 4:
      return all(
        { type: "session_text", field: "page", is: { op: "contains", value: `/page-${i}/` } },
        { type: "session_number", field: "visits", is: { op: "gte", value: 1 + (i % 5) } },
      );
    case 5:
      return all(
        { type: "cart_total", is: { op: "gt", value: 50 * (i % 20) }, currency: "EUR" },
        { type: "cart_changed", is: { op: "before_span", span: { n: 30, unit: "minute" } } },
      );
    case 6:
      return all(
        { type: "orders_total", is: { op: "gt", value: i }, currency: "EUR" },
        { type: "orders_last", is: { op: "before_span", span: days } },
      );
    case 7:
      return all(
        { type: "session_text", field: "utm_campaign", is: { op: "is", value: `campaign ${i}` } },
        { type: "session_text", field: "country", is: { op: "in", values: ["DE", "AT", "CH"] } },
      );
    case 8:
      return {
        type: "event_time",
        name: `Event ${i % 400}`,
        which: "last",
        is: { op: "before_span", span: days },
      };
    default:
      return all(
        { type: "property", key: "age", is: { type: "number", test: { op: "gt", value: i % 80 } } },
        { type: "conversation_answered", is: { op: "within", span: days } },
      );
  }
}

type CountCondition = Extract<Condition, { type: "event" }>;

function event(name: string, op: CountCondition["times"]["op"], n: number): CountCondition {
  return { type: "event", name, times: { op, n } };
}

function all(...of: Condition[]): Condition {
  return { type: "all", of };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  console.table(measureEvaluation());
