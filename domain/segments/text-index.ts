import type { TextTest } from "../../protocol/conditions.ts";
import { folded } from "./texts.ts";

/** Length of the pieces that values are found by. */
const PIECE = 3;

/** A text test by the number of its condition. */
export type NumberedTest = { number: number; test: TextTest };

/**
 * Many tests of one text. Nearly every one names a value that the text would have to contain, so the others need not be
 * asked: each stands under the rarest piece of its value, and only those are looked at whose piece is in the text.
 */
export class TextIndex {
  readonly #all: number[];
  readonly #byPiece = new Map<string, number[]>();
  /** Tests that no piece speaks for: short values, and whether there is a text at all. */
  readonly #others: number[] = [];

  constructor(tests: readonly NumberedTest[]) {
    this.#all = tests.map(({ number }) => number);
    const pieces = tests.map(({ test }) => valuesOf(test).map(piecesOf));
    const commonness = new Map<string, number>();
    for (const piece of pieces.flat(2)) commonness.set(piece, (commonness.get(piece) ?? 0) + 1);
    const rarest = (of: readonly string[]) =>
      of.reduce((a, b) => ((commonness.get(b) ?? 0) < (commonness.get(a) ?? 0) ? b : a));
    for (const [place, { number }] of tests.entries()) {
      const values = pieces[place] ?? [];
      if (values.length === 0 || values.some((of) => of.length === 0)) this.#others.push(number);
      else for (const piece of new Set(values.map(rarest))) this.#under(piece).push(number);
    }
  }

  /** Conditions that may not be what they were when one text took the place of another; null is none. */
  between(before: string | null, after: string | null): Iterable<number> {
    const length = (before?.length ?? 0) + (after?.length ?? 0);
    // Looking for a piece costs as much as asking a condition.
    if (length >= this.#all.length) return this.#all;
    const found = new Set(this.#others);
    for (const text of [before, after])
      for (const piece of piecesOf(folded(text ?? "")))
        for (const number of this.#byPiece.get(piece) ?? []) found.add(number);
    return found;
  }

  #under(piece: string): number[] {
    const numbers = this.#byPiece.get(piece) ?? [];
    this.#byPiece.set(piece, numbers);
    return numbers;
  }
}

/** What a text must have at least one of for the test to come out otherwise than without any text. */
function valuesOf(test: TextTest): readonly string[] {
  if ("values" in test) return test.values.map(folded);
  return "value" in test ? [folded(test.value)] : [];
}

/** Every piece of a folded text, in order; none where it is shorter than one. */
function piecesOf(text: string): string[] {
  const count = Math.max(0, text.length - PIECE + 1);
  return Array.from({ length: count }, (_, from) => text.slice(from, from + PIECE));
}
