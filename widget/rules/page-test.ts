import type { ArmedRule } from "../../protocol/triggers.ts";

/** Only A to Z lose their case, as everywhere in conditions. */
const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Whether a rule is meant for an address. Null is every page. */
export function passes(test: ArmedRule["page"], address: string): boolean {
  if (!test) return true;
  if (test.op === "exists" || test.op === "exists_not") return test.op === "exists";
  const folded = fold(address);
  if (test.op === "in" || test.op === "not_in")
    return test.values.some((value) => fold(value) === folded) === (test.op === "in");
  const value = fold("value" in test ? test.value : "");
  const isFound = {
    is: () => folded === value,
    contains: () => folded.includes(value),
    starts: () => folded.startsWith(value),
    ends: () => folded.endsWith(value),
  };
  if (test.op === "is_not") return !isFound.is();
  if (test.op === "contains_not") return !isFound.contains();
  return isFound[test.op]();
}
