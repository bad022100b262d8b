import type { Condition } from "../../../protocol/conditions.ts";
import type { Explanation } from "../../../protocol/segments-api.ts";
import { instantText, labelOfValue, leafWords, type Reading } from "../conditions/sentence.ts";
import { isLeaf } from "../conditions/test-edits.ts";

/** One line of "why": what was asked, whether it holds, and what the person has. */
export type ExplainedLine = {
  words: string;
  isGroup: boolean;
  holds: boolean;
  /** "12 times", "never", "28.50 EUR"; null for a group, and where whether it holds says everything. */
  actual: string | null;
  nextAt: number | null;
  of: ExplainedLine[];
};

/** An explanation in words, groups of "none" read as one. */
export function explainedLine(explanation: Explanation, reading: Reading): ExplainedLine {
  const { condition, holds, nextAt } = explanation;
  if (isLeaf(condition)) {
    const words = leafWords(condition, reading);
    return {
      words: words.charAt(0).toUpperCase() + words.slice(1),
      isGroup: false,
      holds,
      actual: actualWords(explanation, reading),
      nextAt,
      of: [],
    };
  }
  const [inner] = explanation.of;
  const isNone = condition.type === "not" && inner?.condition.type === "any";
  const parts = isNone ? inner.of : explanation.of;
  return {
    words: GROUP_WORDS[condition.type],
    isGroup: true,
    holds,
    actual: null,
    nextAt,
    of: parts.map((part) => explainedLine(part, reading)),
  };
}

const GROUP_WORDS = { all: "All of these", any: "Any of these", not: "None of these" } as const;

type Leaf = Exclude<Condition, { type: "all" | "any" | "not" }>;
const COUNTED: ReadonlySet<Leaf["type"]> = new Set(["event"]);
/** What they say is whether they hold. */
const STATES: ReadonlySet<Leaf["type"]> = new Set(["conversation", "segment"]);
const MOMENTS: ReadonlySet<Leaf["type"]> = new Set([
  "event_time",
  "seen",
  "cart_changed",
  "orders_last",
  "conversation_answered",
  "reaction",
]);

function actualWords(
  { condition, actual, isInstant }: Explanation,
  reading: Reading,
): string | null {
  if (!isLeaf(condition)) return null;
  if (actual === null) {
    if (COUNTED.has(condition.type)) return "0 times";
    return MOMENTS.has(condition.type) ? "never" : "nothing known";
  }
  if (isInstant) return instantWords(actual, reading);
  if (typeof actual === "boolean") return STATES.has(condition.type) ? null : actual ? "yes" : "no";
  if (Array.isArray(actual)) return actual.length === 0 ? "nothing" : actual.join(", ");
  if (typeof actual === "number") return numberWords(condition, actual, reading);
  if (condition.type === "conversation_operator")
    return reading.names.operators.get(actual) ?? actual;
  if (condition.type === "session_text") return labelOfValue(condition.field, reading)(actual);
  // Amounts come with their own currency.
  return "currency" in condition ? actual : `“${actual}”`;
}

function instantWords(actual: unknown, reading: Reading): string {
  const at = typeof actual === "string" ? Date.parse(actual) : actual;
  return typeof at === "number" && Number.isFinite(at) ? instantText(at, reading) : String(actual);
}

function numberWords(leaf: Leaf, value: number, reading: Reading): string {
  if (leaf.type === "event") return value === 1 ? "once" : `${value.toLocaleString()} times`;
  if (leaf.type === "conversation") return value === 1 ? "1 answer" : `${value} answers`;
  return new Intl.NumberFormat(reading.locale, { maximumFractionDigits: 2 }).format(value);
}
