import type { Random } from "./random.ts";

const NAMES = ["Kettle Looked At", "Tea Compared", "Lid Lifted", "Steam Seen"] as const;

/** `id` is what the fact is found by on the timeline. */
export type SentFact = { n: number; id: string; name: string; body: Record<string, unknown> };

/** What one page load tells of its visitor, numbered from 1. */
export class FactStream {
  readonly name: string;
  readonly facts: SentFact[] = [];
  /** Every number up to this one is acknowledged. */
  through = 0;

  constructor(random: Random) {
    this.name = random.word(16);
  }

  page(url: string): SentFact {
    return this.#add("Page Viewed", url, { type: "page", url, title: "A page" });
  }

  track(random: Random): SentFact {
    const name = random.pick(NAMES) ?? NAMES[0];
    const id = `${this.name}:${this.facts.length + 1}`;
    return this.#add(name, id, { type: "track", name, props: { id } });
  }

  settle(through: unknown): void {
    if (typeof through === "number") this.through = Math.max(this.through, through);
  }

  unsettled(): SentFact[] {
    return this.facts.slice(this.through);
  }

  batch(facts: SentFact[]): Record<string, unknown> {
    return { stream: this.name, sentAt: Date.now(), facts: facts.map((fact) => fact.body) };
  }

  #add(name: string, id: string, fields: Record<string, unknown>): SentFact {
    const n = this.facts.length + 1;
    const fact = { n, id, name, body: { n, at: Date.now(), ...fields } };
    this.facts.push(fact);
    return fact;
  }
}
