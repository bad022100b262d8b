import type { CompiledRules } from "../../domain/segments/compile.ts";
import type { LiveTrigger } from "../../domain/segments/definitions.ts";
import { viewOf } from "../../domain/segments/draft-view.ts";
import type { Flip, RuleId, StoredEvaluation } from "../../domain/segments/evaluation.ts";
import { EVALUATION_KEY, Evaluator } from "../../domain/segments/evaluator.ts";
import type { Dependency, Occurrence, PersonView } from "../../domain/segments/person-view.ts";
import {
  EVENT_PREFIX,
  PROPERTY_PREFIX,
  TRIGGER_PREFIX,
  type Conversations,
  type VisitorDraft,
} from "../../domain/visitors/state.ts";
import type { PersonCard } from "../../protocol/person.ts";
import type { Journal } from "../runtime/journal.ts";
import { withFirings, type Happening } from "./firings.ts";
import { draftAt, occurrenceOf, occurrencesIn, parseItems, since } from "./history.ts";
import type { Turn } from "./turn.ts";

/** Number of the last row that was evaluated, where rows were written while no definitions could be read. */
const BEHIND_KEY = "behind";

/** Keeps a visitor's membership of every rule up to date within the turns that change something. */
export class VisitorRules {
  readonly #journal: Journal;
  #held: { compiled: CompiledRules; evaluator: Evaluator } | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** When time alone may change something; null while nothing is known or nothing can. */
  get nextAt(): number | null {
    return this.#stored?.nextAt ?? null;
  }

  /** Saved segments and triggers' `who` that hold, and since when. */
  get members(): StoredEvaluation["members"] {
    return this.#stored?.members ?? {};
  }

  isIn(rule: RuleId): boolean {
    return this.members[rule] !== undefined;
  }

  holdsWho(trigger: LiveTrigger): boolean {
    return trigger.definition.who === null || this.isIn(trigger.id);
  }

  view(draft: VisitorDraft, through?: number): PersonView {
    return personView(this.#journal, draft, through);
  }

  /**
   * Evaluates what a turn changes, and what time has changed; flips and firings become part of it. Without definitions
   * it is noted that this is owed.
   */
  advance(turn: Turn, compiled: CompiledRules | null): void {
    if (compiled === null) {
      if (!turn.isEmpty && this.#journal.get(BEHIND_KEY) == null)
        turn.changes.set(BEHIND_KEY, this.#journal.lastSeq);
      return;
    }
    const { now } = turn;
    const evaluator = this.#evaluator(compiled);
    const flips: Flip[] = [];
    const gather = (evaluated: ReturnType<Evaluator["take"]>) => {
      flips.push(...evaluated.flips);
      for (const [key, value] of evaluated.changes) turn.changes.set(key, value);
    };
    const known = this.#stored;
    if (!evaluator.isCurrent) {
      const { viewAt } = this;
      // What is owed is taken below.
      const through = this.#evaluatedThrough;
      const view = this.view(draftAt(this.#journal, through), through);
      gather(evaluator.adopt({ view, viewAt, now }));
    }
    const owed = this.#owed(turn);
    const occurrences = [...owed.occurrences, ...turn.occurrences];
    const touched = touchedBy([...owed.keys, ...turn.draft.changes.keys()]);
    const view = this.view(turn.draft);
    if (touched.size > 0 || occurrences.length > 0)
      gather(evaluator.take({ view, occurrences, touched, now }));
    if (evaluator.nextAt !== null && evaluator.nextAt <= now) gather(evaluator.tick({ view, now }));
    for (const { rule, isIn, at } of flips) {
      const segment = compiled.segment(rule);
      if (segment !== undefined)
        turn.items.push({
          type: "segment",
          at,
          segment: segment.id,
          name: segment.name,
          entered: isIn,
        });
    }
    if (turn.isQuiet) return;
    const holdsWho = (trigger: LiveTrigger) =>
      trigger.definition.who === null || evaluator.isIn(trigger.id);
    this.#fire(turn, compiled, holdsWho, { occurrences, flips, now });
    if (known !== null && known.version < compiled.version)
      this.#fireMissed(turn, compiled, holdsWho, known.version);
  }

  /** A turn could not be written: what was evaluated in it never was. */
  forget(): void {
    this.#held = null;
  }

  readonly viewAt = (at: number): PersonView => {
    const { before } = since(this.#journal, at);
    return this.view(draftAt(this.#journal, before), before);
  };

  get #stored(): StoredEvaluation | null {
    return (this.#journal.get(EVALUATION_KEY) ?? null) as StoredEvaluation | null; // written by the evaluator alone
  }

  /** Number of the last row that conditions have been asked about. */
  get #evaluatedThrough(): number {
    const behind = this.#journal.get(BEHIND_KEY);
    return typeof behind === "number" ? behind : this.#journal.lastSeq;
  }

  #evaluator(compiled: CompiledRules): Evaluator {
    if (this.#held?.compiled !== compiled) {
      const evaluator = new Evaluator(compiled, this.#stored, (key) => this.#journal.get(key));
      this.#held = { compiled, evaluator };
    }
    return this.#held.evaluator;
  }

  #fire(
    turn: Turn,
    compiled: CompiledRules,
    holdsWho: (trigger: LiveTrigger) => boolean,
    happening: Happening,
  ): void {
    const before = turn.draft.get("firings") ?? { last: 0, waiting: [] };
    const mayFire = (trigger: LiveTrigger) => {
      const { repeat } = trigger.definition.limits;
      const record = turn.draft.trigger(trigger.id);
      if (record?.isRefused) return false;
      return !(repeat.type === "once" && (record?.exposures ?? 0) > 0) && holdsWho(trigger);
    };
    const firings = withFirings(before, compiled, mayFire, happening);
    if (firings.last !== before.last) turn.draft.set("firings", firings);
  }

  /**
   * Events and changes of segments between a trigger's going live and its arrival here, without those that fired its
   * former version.
   */
  #fireMissed(
    turn: Turn,
    compiled: CompiledRules,
    holdsWho: (trigger: LiveTrigger) => boolean,
    version: number,
  ): void {
    for (const trigger of compiled.set.triggers) {
      const { liveAt, definition } = trigger;
      if (trigger.sinceVersion <= version || definition.when.type === "page") continue;
      const { items } = since(this.#journal, liveAt);
      const waiting = turn.draft.get("firings")?.waiting ?? [];
      const hasFired = (at: number) =>
        waiting.some((one) => one.trigger === trigger.id && one.at === at) ||
        turn.draft.trigger(trigger.id)?.untold?.includes(at) ||
        turn.deliveries.hasDecided(trigger.id, at);
      const missed = items.filter(({ at }) => at > liveAt && !hasFired(at));
      const occurrences = missed.flatMap((item) => occurrenceOf(item) ?? []);
      const flips = missed.flatMap((item) =>
        item.type === "segment" ? [{ rule: item.segment, isIn: item.entered, at: item.at }] : [],
      );
      const only = (one: LiveTrigger) => one.id === trigger.id && holdsWho(one);
      this.#fire(turn, compiled, only, { occurrences, flips, now: turn.now });
    }
  }

  /** What was written while there were no definitions. */
  #owed(turn: Turn): { keys: Iterable<string>; occurrences: Occurrence[] } {
    const behind = this.#evaluatedThrough;
    if (behind === this.#journal.lastSeq) return { keys: [], occurrences: [] };
    turn.changes.set(BEHIND_KEY, null);
    return {
      keys: this.#journal.changedAfter(behind),
      occurrences: this.#journal
        .after(behind, Number.MAX_SAFE_INTEGER)
        .flatMap((row) => parseItems(row.entry))
        .flatMap((item) => occurrenceOf(item) ?? []),
    };
  }
}

/** What conditions may ask of a person, from a state and from the log up to a row. */
export function personView(journal: Journal, draft: VisitorDraft, through?: number): PersonView {
  const conversations = draft.get("conversations");
  const states = (conversations?.list ?? []).map((one) => one.state);
  const current = states.find((state) => state.id === conversations?.open) ?? states[0];
  const isSpoken = (state: { wrote: number; answered: unknown }) =>
    state.wrote > 0 || state.answered !== null;
  return viewOf(draft, {
    history: (name) => occurrencesIn(journal, name, through),
    conversation: conversationSide(conversations),
    isConversationOpen: current !== undefined && current.status === "open" && isSpoken(current),
    hasConversation: states.some(isSpoken),
    reaction: (trigger, what) => draft.trigger(trigger)?.at[what],
  });
}

/** The side of the newest conversation that conditions ask for. */
export function conversationSide(
  conversations: Conversations | undefined,
): PersonCard["conversation"] {
  const states = (conversations?.list ?? []).map((one) => one.state);
  const current = states.find((state) => state.id === conversations?.open) ?? states[0];
  if (current === undefined) return null;
  return {
    unread: current.unread,
    answeredAt: current.answered?.at ?? null,
    operator: current.answered?.by ?? null,
  };
}

const PARTS: Readonly<Record<string, Dependency[]>> = {
  seen: ["seen", "session"],
  session: ["session"],
  page: ["session"],
  cart: ["cart"],
  orders: ["orders"],
  conversations: ["conversation"],
  claims: ["property:name", "property:email", "property:phone", "property:user_id"],
  verified: ["property:email", "property:phone", "property:user_id"],
};

/** What changed keys of the state touch. */
export function touchedBy(keys: Iterable<string>): Set<Dependency> {
  const touched = new Set<Dependency>();
  for (const key of keys) {
    if (key.startsWith(EVENT_PREFIX)) touched.add(`event:${key.slice(EVENT_PREFIX.length)}`);
    else if (key.startsWith(PROPERTY_PREFIX))
      touched.add(`property:${key.slice(PROPERTY_PREFIX.length)}`);
    else if (key.startsWith(TRIGGER_PREFIX))
      touched.add(`reaction:${key.slice(TRIGGER_PREFIX.length)}`);
    else for (const part of PARTS[key] ?? []) touched.add(part);
  }
  return touched;
}
