import type { Findings } from "./findings.ts";

/** What a client needs of an entry, in the numbering that it sees. */
export type SeenEntry = { seq: number; type: string; text?: string | null; key?: string };

/**
 * One client's copy of a conversation. Whatever the order of kills and reconnects, it must be told every entry once,
 * the next number each time.
 */
export class View {
  readonly entries = new Map<number, SeenEntry>();
  readonly #name: string;
  readonly #findings: Findings;

  constructor(name: string, findings: Findings) {
    this.#name = name;
    this.#findings = findings;
  }

  /** The number up to which nothing is missing: what `resume` asks after. */
  get through(): number {
    return this.entries.size;
  }

  arrived(entry: SeenEntry, how: string): void {
    const next = this.through + 1;
    if (entry.seq === next) this.entries.set(next, entry);
    else if (entry.seq > next)
      this.#findings.add("view", `${this.#name}: ${how} ${entry.seq} came before ${next}`);
    else this.#findings.add("view", `${this.#name}: ${how} ${entry.seq} came again`);
  }

  /** An answer is the sender's own copy of what it sent; a repeated answer names what is known already. */
  acknowledged(own: SeenEntry): void {
    if (own.seq > this.through) return this.arrived(own, "the answer");
    const held = this.entries.get(own.seq);
    if (held !== undefined && held.key === own.key) return;
    this.#findings.add(
      "view",
      `${this.#name}: ${own.key} was acknowledged as ${own.seq}, which is ${held?.key}`,
    );
  }
}
