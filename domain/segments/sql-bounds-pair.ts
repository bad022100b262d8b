import type { NumberTest } from "../../protocol/conditions.ts";

/** Two SQL expressions of 0 or 1, never NULL: the first holds for nobody who does not pass, the second for everybody who does. */
export type Pair = { lower: string; upper: string };

export const TRUE: Pair = { lower: "1", upper: "1" };
export const FALSE: Pair = { lower: "0", upper: "0" };
export const UNDECIDED: Pair = { lower: "0", upper: "1" };

export function exactly(sql: string): Pair {
  return { lower: sql, upper: sql };
}

export function negated({ lower, upper }: Pair): Pair {
  return { lower: not(upper), upper: not(lower) };
}

/** Decided only where `isCut` is 0. */
export function unlessCut({ lower, upper }: Pair, isCut: string): Pair {
  return { lower: `(${lower} AND NOT ${isCut})`, upper: `(${upper} OR ${isCut})` };
}

export function allOf(pairs: readonly Pair[]): Pair {
  return {
    lower: joined(
      "AND",
      pairs.map((pair) => pair.lower),
    ),
    upper: joined(
      "AND",
      pairs.map((pair) => pair.upper),
    ),
  };
}

export function anyOf(pairs: readonly Pair[]): Pair {
  return {
    lower: joined(
      "OR",
      pairs.map((pair) => pair.lower),
    ),
    upper: joined(
      "OR",
      pairs.map((pair) => pair.upper),
    ),
  };
}

/** Balanced, so that a long list is no deep expression. */
function joined(word: "AND" | "OR", parts: readonly string[]): string {
  const [neutral, deciding] = word === "AND" ? ["1", "0"] : ["0", "1"];
  const open = parts.filter((part) => part !== neutral);
  return open.includes(deciding) ? deciding : (halved(word, open) ?? neutral);
}

function halved(word: "AND" | "OR", parts: readonly string[]): string | undefined {
  if (parts.length < 2) return parts[0];
  const half = Math.ceil(parts.length / 2);
  return `(${halved(word, parts.slice(0, half))} ${word} ${halved(word, parts.slice(half))})`;
}

function not(sql: string): string {
  if (sql === "0") return "1";
  return sql === "1" ? "0" : `(NOT ${sql})`;
}

const COMPARISONS = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

/** The sign of a comparison; no text from outside. */
export function comparison(op: NumberTest["op"]): string {
  return COMPARISONS[op];
}
