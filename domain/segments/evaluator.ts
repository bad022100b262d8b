import type { Json } from "../../protocol/json.ts";
import { baseline, baselineOfNobody } from "./baseline.ts";
import type { Atom, CompiledRules, TallySpec } from "./compile.ts";
import { DueQueue } from "./due-queue.ts";
import type { Flip, RuleId, StoredEvaluation } from "./evaluation.ts";
import type { LeafContext } from "./leaf-context.ts";
import type { Dependency, Occurrence, PersonView } from "./person-view.ts";
import type { Tally } from "./tallies.ts";
import { TallyShelf } from "./tally-shelf.ts";
import { ALWAYS, NEVER, type Verdict } from "./times.ts";
import { verdictOf } from "./tree.ts";
import { VisitMemory } from "./visit-memory.ts";

/** Where a visitor's evaluation is kept. What it counts stands under keys that begin with `a:`. */
export const EVALUATION_KEY = "rules";

/** Rules that flipped, and what has to be written in the same row as what they flipped for. */
export type Evaluated = { flips: Flip[]; changes: [key: string, value: Json][] };

type Moment = { view: PersonView; now: number };

const NOTHING: Evaluated = { flips: [], changes: [] };

/**
 * Keeps one visitor's membership of every rule up to date. Only conditions that read what was touched are looked at
 * again, and only rules in which one of them changed. Nothing is worked out before it is needed: what is not known yet
 * since waking is asked for the first time when a rule needs it.
 *
 * After any call this is ahead of what is stored until the caller has written `changes`; a caller whose write failed
 * makes a new one.
 */
export class Evaluator {
  readonly #compiled: CompiledRules;
  readonly #shelf: TallyShelf;
  readonly #visit: VisitMemory;
  #stored: StoredEvaluation | null;
  /** By rule, since when it holds; undefined where it does not. */
  readonly #since: (number | undefined)[];
  readonly #verdicts: (Verdict | undefined)[];
  readonly #due: DueQueue;
  /** Before this instant no rule flips that was not looked at since waking. */
  #floor: number;
  readonly #dirty: number[][] = [];
  readonly #isDirty: Uint8Array;
  /** The atom that is asked, for what the context tells of it. */
  #asking: Atom | undefined;
  readonly #context: LeafContext;

  /** @param accumulators Reads what is stored under a key that begins with `a:`. */
  constructor(
    compiled: CompiledRules,
    stored: StoredEvaluation | null,
    accumulators: (key: string) => Json | undefined,
  ) {
    this.#compiled = compiled;
    this.#stored = stored;
    this.#shelf = new TallyShelf(compiled, accumulators);
    this.#visit = new VisitMemory(compiled.visit);
    const { rules, atoms } = compiled;
    this.#since = Array.from({ length: rules.length });
    for (const [id, since] of Object.entries(stored?.members ?? {})) {
      const number = compiled.numberOf.get(id);
      if (number !== undefined) this.#since[number] = since;
    }
    this.#verdicts = Array.from({ length: atoms.length });
    this.#due = new DueQueue(rules.length);
    this.#floor = stored?.nextAt ?? Infinity;
    this.#isDirty = new Uint8Array(rules.length);
    this.#context = {
      now: 0,
      calendar: compiled.calendar,
      segment: () => this.#segment(),
      tally: () => this.#tally(),
    };
  }

  /** Whether what is stored was evaluated with these definitions. Nothing else can be done before it was. */
  get isCurrent(): boolean {
    return this.#stored?.version === this.#compiled.version;
  }

  /** Before this instant time alone flips nothing; null when it never does. */
  get nextAt(): number | null {
    const at = Math.min(this.#floor, this.#due.nextAt);
    return at === Infinity ? null : at;
  }

  isIn(rule: RuleId): boolean {
    const number = this.#compiled.numberOf.get(rule);
    return number !== undefined && this.#since[number] !== undefined;
  }

  /**
   * Meets a person for the first time, or definitions that are newer than the stored ones. A new rule starts from
   * whether it held when it went live, of which no flip tells; for somebody who came after that, from whether it holds
   * for nobody at all. What has flipped since is told. Rules that are not new go on; those that are gone are forgotten.
   * @param input.view Everything that was taken so far; what is taken afterwards must not be in it.
   * @param input.viewAt The person as known at an instant.
   */
  adopt(input: Moment & { viewAt: (at: number) => PersonView }): Evaluated {
    const { view, now } = input;
    this.#shelf.adopt(view);
    this.#startNewRules(input);
    this.#lookAtAll();
    this.#visit.changed(view);
    return this.#answer(this.#settle(view, now), now);
  }

  /**
   * What a batch did.
   * @param input.view The person after it.
   * @param input.touched Everything that it changed; occurrences need not be named in it.
   */
  take(
    input: Moment & { occurrences: readonly Occurrence[]; touched: ReadonlySet<Dependency> },
  ): Evaluated {
    if (!this.isCurrent) return NOTHING;
    const { view, now, occurrences, touched } = input;
    const { atomsOn } = this.#compiled;
    const tallies = new Set<TallySpec>();
    const dependencies = new Set(touched);
    for (const occurrence of occurrences) {
      dependencies.add(`event:${occurrence.name}`);
      for (const spec of this.#shelf.count(occurrence)) tallies.add(spec);
    }
    for (const { atoms } of tallies) this.#recheck(atoms, view, now);
    for (const dependency of dependencies) this.#recheck(atomsOn.get(dependency) ?? [], view, now);
    if (touched.has("session") || touched.has("seen"))
      for (const atoms of this.#visit.changed(view)) this.#recheck(atoms, view, now);
    this.#lookAtDue(now);
    return this.#answer(this.#settle(view, now), now);
  }

  /** Time has passed. Nothing happens before `nextAt`. */
  tick({ view, now }: Moment): Evaluated {
    if (!this.isCurrent) return NOTHING;
    this.#lookAtDue(now);
    return this.#answer(this.#settle(view, now), now);
  }

  #startNewRules({ view, viewAt, now }: Moment & { viewAt: (at: number) => PersonView }): void {
    const known = this.#stored?.version ?? -Infinity;
    const firstAt = view.seen?.firstAt ?? now;
    const moments = new Map<number, (rule: number) => boolean>();
    for (const [number, { liveAt, sinceVersion }] of this.#compiled.rules.entries()) {
      if (sinceVersion <= known) continue;
      const at = Math.min(liveAt, now);
      let held = at <= firstAt ? baselineOfNobody(this.#compiled) : moments.get(at);
      if (held === undefined) {
        held = baseline(this.#compiled, viewAt(at), at);
        moments.set(at, held);
      }
      const since = this.#since[number] ?? Math.max(at, firstAt);
      this.#since[number] = held(number) ? since : undefined;
    }
  }

  #lookAtAll(): void {
    this.#floor = Infinity;
    for (const number of this.#compiled.rules.keys()) this.#mark(number);
  }

  #lookAtDue(now: number): void {
    if (this.#floor <= now) this.#lookAtAll();
    else if (this.#due.nextAt <= now) for (const rule of this.#due.due(now)) this.#mark(rule);
  }

  /** Asks atoms again. Rules look at one that changed, or that may change sooner than they think. */
  #recheck(atoms: Iterable<number>, view: PersonView, now: number): void {
    for (const number of atoms) {
      const before = this.#verdicts[number];
      const after = this.#ask(number, view, now);
      if (before === after) continue;
      if (before !== undefined && before.holds === after.holds && before.until <= after.until)
        continue;
      for (const rule of this.#compiled.rulesWith[number] ?? []) this.#mark(rule);
    }
  }

  #ask(number: number, view: PersonView, now: number): Verdict {
    const atom = this.#compiled.atoms[number];
    if (atom === undefined) return NEVER;
    this.#asking = atom;
    this.#context.now = now;
    const verdict = atom.test(view, this.#context);
    this.#verdicts[number] = verdict;
    return verdict;
  }

  #segment(): Verdict {
    const asks = this.#asking?.asks ?? -1;
    if (asks < 0) return NEVER;
    // When time alone flips the segment, whoever asks for it is looked at in the same pass.
    return this.#since[asks] === undefined ? NEVER : ALWAYS;
  }

  #tally(): Tally | undefined {
    const spec = this.#compiled.tallies[this.#asking?.tally ?? -1];
    return spec === undefined ? undefined : this.#shelf.tally(spec);
  }

  #mark(rule: number): void {
    if (this.#isDirty[rule] === 1) return;
    this.#isDirty[rule] = 1;
    const level = this.#compiled.rules[rule]?.level ?? 0;
    for (let missing = this.#dirty.length; missing <= level; missing++) this.#dirty.push([]);
    this.#dirty[level]?.push(rule);
  }

  /** Looks at every marked rule, those below first, so that who refers to a rule that flips is looked at in the same pass. */
  #settle(view: PersonView, now: number): Flip[] {
    const flips: Flip[] = [];
    const verdict = (number: number): Verdict => {
      const atom = this.#compiled.atoms[number];
      if (atom !== undefined && atom.leaf.type === "segment") return this.#ask(number, view, now);
      const known = this.#verdicts[number];
      // Time may have changed an atom of rules for which that made no difference.
      return known === undefined || known.until <= now ? this.#ask(number, view, now) : known;
    };
    for (let level = 0; level < this.#dirty.length; level++) {
      const rules = this.#dirty[level] ?? [];
      this.#dirty[level] = [];
      for (const number of rules) {
        this.#isDirty[number] = 0;
        const rule = this.#compiled.rules[number];
        if (rule === undefined) continue;
        const { holds, until } = verdictOf(rule.tree, verdict);
        const isFlip = holds !== (this.#since[number] !== undefined);
        this.#due.set(number, until);
        if (!isFlip) continue;
        this.#since[number] = holds ? now : undefined;
        flips.push({ rule: rule.id, isIn: holds, at: now });
        for (const atom of this.#compiled.askedBy[number] ?? [])
          for (const above of this.#compiled.rulesWith[atom] ?? []) this.#mark(above);
      }
    }
    return flips;
  }

  /** A later `nextAt` alone is not worth writing: until the stored one is over, it is only too early. */
  #answer(flips: Flip[], now: number): Evaluated {
    const changes = this.#shelf.takeChanges();
    const { nextAt } = this;
    const storedAt = this.#stored?.nextAt ?? null;
    const isSooner = nextAt !== null && (storedAt === null || nextAt < storedAt);
    const isOver = storedAt !== null && storedAt <= now;
    if (flips.length > 0 || !this.isCurrent || isSooner || isOver) {
      const members: StoredEvaluation["members"] = {};
      for (const [number, { id }] of this.#compiled.rules.entries()) {
        const since = this.#since[number];
        if (since !== undefined) members[id] = since;
      }
      this.#stored = { version: this.#compiled.version, members, nextAt };
      changes.push([EVALUATION_KEY, this.#stored]);
    }
    return { flips, changes };
  }
}
