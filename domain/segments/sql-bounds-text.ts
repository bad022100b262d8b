import type { TextTest } from "../../protocol/conditions.ts";
import { exactly, negated, UNDECIDED, type Pair } from "./sql-bounds-pair.ts";
import type { SqlValues } from "./sql-bounds-values.ts";
import { folded } from "./texts.ts";

/** A text test whose positive form passes where `passes` holds of a text `x`. */
export type TextPredicate = {
  isNegative: boolean;
  /** An expression over the text, 0, 1 or NULL where there is none. */
  passes: (x: string) => string;
  /** Whether it may pass of a whole text and not of its beginning. */
  needsWhole: boolean;
};

/** Null for `exists` and `exists_not`, and for texts that the database would hold in another form. */
export function textPredicate(test: TextTest, values: SqlValues): TextPredicate | null {
  if ("values" in test) {
    if (!test.values.every(isPlain)) return null;
    const list = values.list(test.values.map(folded));
    return {
      isNegative: test.op === "not_in",
      passes: (x) => `lower(${x}) IN (SELECT value FROM ${list})`,
      needsWhole: true,
    };
  }
  if (!("value" in test) || !isPlain(test.value)) return null;
  const wanted = folded(test.value);
  const value = values.one(wanted);
  switch (test.op) {
    case "is":
    case "is_not":
      return {
        isNegative: test.op === "is_not",
        passes: (x) => `lower(${x})=${value}`,
        needsWhole: true,
      };
    case "contains":
    case "contains_not":
      return {
        isNegative: test.op === "contains_not",
        passes: (x) => `instr(lower(${x}),${value})>0`,
        needsWhole: false,
      };
    case "starts":
      return {
        isNegative: false,
        passes: (x) => `instr(lower(${x}),${value})=1`,
        needsWhole: false,
      };
    case "ends": {
      // Bytes, because the length of a text ends for SQLite at its first NUL.
      const bytes = new TextEncoder().encode(wanted).length;
      return {
        isNegative: false,
        passes: (x) => `substr(CAST(lower(${x}) AS BLOB),-${bytes})=CAST(${value} AS BLOB)`,
        needsWhole: true,
      };
    }
  }
}

/** A text test over one column or field that is NULL where there is nothing, and whole otherwise. */
export function textBounds(x: string, test: TextTest, values: SqlValues): Pair {
  if (test.op === "exists") return exactly(`(${x} IS NOT NULL)`);
  if (test.op === "exists_not") return exactly(`(${x} IS NULL)`);
  const predicate = textPredicate(test, values);
  if (predicate === null) return UNDECIDED;
  const passes = exactly(`ifnull(${predicate.passes(x)},0)`);
  return predicate.isNegative ? negated(passes) : passes;
}

/** Halves of surrogate pairs, and what stands for them where a text was cut, are not compared in SQL. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes("\uFFFD");
}
