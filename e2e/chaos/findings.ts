/** What a promise can be broken by. */
export const VIOLATIONS = {
  lost: "acknowledged, and not in the conversation",
  duplicated: "in the conversation more than once",
  reordered: "not in the order it was sent in",
  gap: "numbers of a conversation that are not 1, 2, 3 …",
  renumbered: "acknowledged with another number than it has",
  invented: "in the conversation, and never sent like that",
  view: "a client was told something twice, or not at all",
  leaked: "a note in bytes that a visitor received",
  event: "an acknowledged event that is not counted exactly once",
  projection: "D1 does not show what the objects hold",
  refused: "something correct was refused for good",
  unanswered: "never acknowledged after the faults had ended",
} as const;
export type ViolationKind = keyof typeof VIOLATIONS;
export type Violation = { kind: ViolationKind; detail: string };

/** Details kept of one kind; the rest is only counted. */
const KEPT = 20;

/** Collects what was found broken. */
export class Findings {
  readonly list: Violation[] = [];
  readonly #counts = new Map<ViolationKind, number>();

  add(kind: ViolationKind, detail: string): void {
    const count = this.count(kind) + 1;
    this.#counts.set(kind, count);
    if (count <= KEPT) this.list.push({ kind, detail });
  }

  count(kind: ViolationKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
