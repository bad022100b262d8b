import type { LeafCondition } from "../../protocol/conditions.ts";
import { canonicalName } from "../events/names.ts";
import { calendarOf, type Calendar } from "../time/calendar.ts";
import { canonicalJson, dependenciesOf, normalLeaf, shortKey } from "./atoms.ts";
import type { DefinitionSet, LiveSegment, LiveTrigger } from "./definitions.ts";
import type { RuleId } from "./evaluation.ts";
import { FilterIndex } from "./filter-index.ts";
import { leafTester, type LeafTester } from "./leaf.ts";
import type { Dependency } from "./person-view.ts";
import { ruleOrder, type Definition } from "./rule-order.ts";
import { instantsNeeded, needsTally, type EventLeaf } from "./tallies.ts";
import { TextIndex, type NumberedTest } from "./text-index.ts";
import { treeOf, type Tree } from "./tree.ts";

export { matchesFilters } from "./values.ts";

/** A condition that one rule or many contain, by its number. */
export type Atom = {
  leaf: LeafCondition;
  test: LeafTester;
  /** Number of its tally, or -1 where the person's own counters tell enough. */
  tally: number;
  /** Number of the segment's rule that it asks for, or -1. */
  asks: number;
};

/** A saved segment or a trigger's `who`. Its number is its place in the order of references. */
export type Rule = Omit<Definition, "condition"> & { tree: Tree<number> };

/** Counts of events that pass certain filters, shared by every condition with these. */
export type TallySpec = {
  /** Where it is kept. */
  key: string;
  name: string;
  where: EventLeaf["where"];
  /** How many of the newest instants are kept. */
  keep: number;
  atoms: number[];
};

/** A workspace's definitions made ready, once per isolate and version. Nothing of a visitor is in it. */
export type CompiledRules = {
  version: number;
  set: DefinitionSet;
  calendar: Calendar;
  atoms: readonly Atom[];
  /** A rule comes after every rule that it asks for. */
  rules: readonly Rule[];
  numberOf: ReadonlyMap<string, number>;
  /** By atom, the rules that contain it. */
  rulesWith: readonly (readonly number[])[];
  /** By rule, the atoms that ask for it. */
  askedBy: readonly (readonly number[])[];
  /** Atoms without a tally that read a part of the person; those of the visit by its field instead. */
  atomsOn: ReadonlyMap<Dependency, readonly number[]>;
  visit: readonly VisitField[];
  tallies: readonly TallySpec[];
  talliesByEvent: ReadonlyMap<string, readonly TallySpec[]>;
  /** By event, which tallies an occurrence counts in. */
  filtersOn: ReadonlyMap<string, FilterIndex>;
  /** By the event's canonical name. */
  triggersByEvent: ReadonlyMap<string, LiveTrigger[]>;
  triggersBySegment: ReadonlyMap<RuleId, LiveTrigger[]>;
  pageTriggers: LiveTrigger[];
  /** By the canonical name of the goal's event. */
  goalsByEvent: ReadonlyMap<string, LiveTrigger[]>;
  trigger(id: string): LiveTrigger | undefined;
  segment(id: string): LiveSegment | undefined;
};

type TextLeaf = Extract<LeafCondition, { type: "session_text" }>;
type NumberLeaf = Extract<LeafCondition, { type: "session_number" }>;
/** The atoms that read one field of the visit. */
export type VisitField =
  | { type: "text"; field: TextLeaf["field"]; atoms: readonly number[]; index: TextIndex }
  | { type: "number"; field: NumberLeaf["field"]; atoms: readonly number[] };

/** Makes definitions ready for the evaluation of any visitor. */
export function compileRules(set: DefinitionSet): CompiledRules {
  const definitions = ruleOrder(set);
  const numberOf = new Map<string, number>(definitions.map(({ id }, number) => [id, number]));
  const atoms = new AtomTable(numberOf);
  const rules = definitions.map(({ condition, ...rest }, number) => ({
    ...rest,
    tree: treeOf(condition, (leaf) => atoms.add(leaf, number)),
  }));
  return {
    version: set.version,
    set,
    calendar: calendarOf(set.timeZone),
    rules,
    numberOf,
    ...atoms.indexed(rules.length),
    ...triggerIndexes(set),
  };
}

/** Gives every different condition one number. */
class AtomTable {
  readonly #numberOf: ReadonlyMap<string, number>;
  readonly #known = new Map<string, number>();
  readonly #atoms: Atom[] = [];
  readonly #rulesWith: number[][] = [];
  readonly #tallies = new Map<string, number>();
  readonly #specs: Omit<TallySpec, "key">[] = [];

  constructor(numberOf: ReadonlyMap<string, number>) {
    this.#numberOf = numberOf;
  }

  add(given: LeafCondition, rule: number): number {
    const leaf = normalLeaf(given);
    const text = canonicalJson(leaf);
    const known = this.#known.get(text);
    const number = known ?? this.#atoms.length;
    if (known === undefined) {
      this.#known.set(text, number);
      const asks = leaf.type === "segment" ? (this.#numberOf.get(leaf.segment) ?? -1) : -1;
      const tally = this.#tally(leaf, number);
      this.#atoms.push({ leaf, test: leafTester(leaf), tally, asks });
      this.#rulesWith.push([]);
    }
    const rules = this.#rulesWith[number];
    if (rules?.at(-1) !== rule) rules?.push(rule);
    return number;
  }

  indexed(
    rules: number,
  ): Pick<
    CompiledRules,
    | "atoms"
    | "rulesWith"
    | "askedBy"
    | "atomsOn"
    | "visit"
    | "tallies"
    | "talliesByEvent"
    | "filtersOn"
  > {
    const askedBy: number[][] = Array.from({ length: rules }, () => []);
    const atomsOn = new Map<Dependency, number[]>();
    const texts = new Map<TextLeaf["field"], NumberedTest[]>();
    const numbers = new Map<NumberLeaf["field"], number[]>();
    for (const [number, { leaf, tally, asks }] of this.#atoms.entries()) {
      if (asks >= 0) askedBy[asks]?.push(number);
      if (leaf.type === "session_text") listed(texts, leaf.field, { number, test: leaf.is });
      else if (leaf.type === "session_number") listed(numbers, leaf.field, number);
      else if (tally < 0)
        for (const dependency of dependenciesOf(leaf)) listed(atomsOn, dependency, number);
    }
    const tallies = this.#specs.map((spec) => ({
      ...spec,
      key: `a:${shortKey(canonicalJson([spec.name, spec.where ?? [], spec.keep]))}`,
    }));
    const talliesByEvent = new Map<string, TallySpec[]>();
    for (const spec of tallies) listed(talliesByEvent, spec.name, spec);
    return {
      atoms: this.#atoms,
      rulesWith: this.#rulesWith,
      askedBy,
      atomsOn,
      visit: [...[...texts].map(textField), ...[...numbers].map(numberField)],
      tallies,
      talliesByEvent,
      filtersOn: new Map(
        [...talliesByEvent].map(([name, specs]) => [name, new FilterIndex(specs)]),
      ),
    };
  }

  #tally(leaf: LeafCondition, atom: number): number {
    if ((leaf.type !== "event" && leaf.type !== "event_time") || !needsTally(leaf)) return -1;
    const text = canonicalJson([leaf.name, leaf.where ?? []]);
    const keep = instantsNeeded(leaf);
    const number = this.#tallies.get(text) ?? this.#specs.length;
    const spec = this.#specs[number];
    if (spec === undefined) {
      this.#tallies.set(text, number);
      this.#specs.push({ name: leaf.name, where: leaf.where, keep, atoms: [atom] });
    } else {
      spec.keep = Math.max(spec.keep, keep);
      spec.atoms.push(atom);
    }
    return number;
  }
}

function textField([field, tests]: [TextLeaf["field"], NumberedTest[]]): VisitField {
  const atoms = tests.map(({ number }) => number);
  return { type: "text", field, atoms, index: new TextIndex(tests) };
}

function numberField([field, atoms]: [NumberLeaf["field"], number[]]): VisitField {
  return { type: "number", field, atoms };
}

function triggerIndexes(
  set: DefinitionSet,
): Pick<
  CompiledRules,
  "triggersByEvent" | "triggersBySegment" | "pageTriggers" | "goalsByEvent" | "trigger" | "segment"
> {
  const triggersByEvent = new Map<string, LiveTrigger[]>();
  const triggersBySegment = new Map<RuleId, LiveTrigger[]>();
  const pageTriggers: LiveTrigger[] = [];
  const goalsByEvent = new Map<string, LiveTrigger[]>();
  for (const trigger of set.triggers) {
    const { when, goal } = trigger.definition;
    if (when.type === "event") listed(triggersByEvent, canonicalName(when.event), trigger);
    else if (when.type === "segment") listed(triggersBySegment, when.segment, trigger);
    else pageTriggers.push(trigger);
    if (goal !== null) listed(goalsByEvent, canonicalName(goal.event), trigger);
  }
  const triggers = new Map<string, LiveTrigger>(set.triggers.map((one) => [one.id, one]));
  const segments = new Map<string, LiveSegment>(set.segments.map((one) => [one.id, one]));
  return {
    triggersByEvent,
    triggersBySegment,
    pageTriggers,
    goalsByEvent,
    trigger: (id) => triggers.get(id),
    segment: (id) => segments.get(id),
  };
}

function listed<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
