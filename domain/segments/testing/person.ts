import type { Reaction } from "../../../protocol/conditions.ts";
import { EVENTS, type Fact } from "../../../protocol/facts.ts";
import type { TriggerId } from "../../../protocol/ids.ts";
import type { Json } from "../../../protocol/json.ts";
import type { PersonCard } from "../../../protocol/person.ts";
import { applyFact, type FactContext, type StoredItem } from "../../visitors/apply-fact.ts";
import { EVENT_PREFIX, PROPERTY_PREFIX, VisitorDraft } from "../../visitors/state.ts";
import { viewOf } from "../draft-view.ts";
import type { Dependency, Occurrence, PersonView } from "../person-view.ts";

type StateFact = Parameters<typeof applyFact>[1];

/** One thing that happened. `now` is when it was taken, never falling; `at` when it happened, which may be earlier. */
export type Step = { now: number } & (
  | { type: "fact"; fact: StateFact; at: number; context: FactContext }
  | {
      type: "conversation";
      side: NonNullable<PersonCard["conversation"]>;
      isOpen: boolean;
    }
  | { type: "reaction"; trigger: TriggerId; what: Reaction; at: number }
);

/** A person of the tests, with real state and with everything that ever happened to them. */
export class TestPerson {
  readonly state = new Map<string, Json>();
  readonly occurrences: Occurrence[] = [];
  readonly steps: Step[] = [];
  #side: { side: NonNullable<PersonCard["conversation"]>; isOpen: boolean } | null = null;
  readonly #reactions = new Map<string, number>();

  /** Takes what happened. What it touched and which events it brought is what an evaluator is told. */
  take(steps: readonly Step[]): { occurrences: Occurrence[]; touched: Set<Dependency> } {
    const occurrences: Occurrence[] = [];
    const touched = new Set<Dependency>();
    for (const step of steps) {
      this.steps.push(step);
      if (step.type === "conversation") {
        this.#side = step;
        touched.add("conversation");
      } else if (step.type === "reaction") {
        const key = `${step.trigger} ${step.what}`;
        this.#reactions.set(key, Math.max(this.#reactions.get(key) ?? 0, step.at));
        touched.add(`reaction:${step.trigger}`);
      } else {
        const draft = this.draft();
        const outcome = applyFact(draft, step.fact, step.at, step.context);
        if (!outcome.ok) continue;
        for (const [key, value] of draft.changes) {
          this.state.set(key, value);
          for (const dependency of touchedBy(key)) touched.add(dependency);
        }
        occurrences.push(...outcome.items.flatMap((item) => occurrenceOf(item) ?? []));
      }
    }
    this.occurrences.push(...occurrences);
    return { occurrences, touched };
  }

  draft(): VisitorDraft {
    return new VisitorDraft({
      get: (key) => this.state.get(key),
      keys: (prefix) => [...this.state.keys()].filter((key) => key.startsWith(prefix)),
    });
  }

  view(): PersonView {
    return viewOf(this.draft(), {
      history: (name) => this.occurrences.filter((one) => one.name === name),
      conversation: this.#side?.side ?? null,
      isConversationOpen: this.#side?.isOpen ?? false,
      hasConversation: this.#side !== null,
      reaction: (trigger, what) => this.#reactions.get(`${trigger} ${what}`),
    });
  }

  /** The person as known at an instant. */
  at(instant: number): TestPerson {
    return personOf(this.steps.filter((step) => step.now <= instant));
  }
}

/** The person to whom all of this happened. */
export function personOf(history: readonly Step[]): TestPerson {
  const person = new TestPerson();
  person.take(history);
  return person;
}

function touchedBy(key: string): Dependency[] {
  if (key.startsWith(EVENT_PREFIX)) return [`event:${key.slice(EVENT_PREFIX.length)}`];
  if (key.startsWith(PROPERTY_PREFIX)) return [`property:${key.slice(PROPERTY_PREFIX.length)}`];
  switch (key) {
    case "seen":
      return ["seen"];
    case "session":
    case "page":
      return ["session"];
    case "cart":
      return ["cart"];
    case "orders":
      return ["orders"];
    case "claims":
      return ["property:name", "property:email", "property:phone", "property:user_id"];
    default:
      return [];
  }
}

function occurrenceOf(item: StoredItem): Occurrence | null {
  if (item.type === "track") return { name: item.name, at: item.at, props: jsonOf(item.props) };
  if (item.type === "page")
    return {
      name: EVENTS.pageViewed,
      at: item.at,
      props: { ...jsonOf(item.props ?? {}), url: item.url, title: item.title },
    };
  if (item.type === "session")
    return { name: EVENTS.sessionStarted, at: item.at, props: { source: item.source } };
  return null;
}

// The items hold what the facts held, which is JSON.
function jsonOf(props: Record<string, unknown>): { [key: string]: Json } {
  return props as { [key: string]: Json };
}

/** A fact without its number, for a step. */
export function trackFact(
  name: string,
  props: { [key: string]: Json } = {},
): Extract<Fact, { type: "track" }> {
  return { type: "track", n: 1, at: 0, name, props };
}
