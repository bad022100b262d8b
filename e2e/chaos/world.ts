import type { Findings } from "./findings.ts";

/** What everybody in one run shares. */
export type World = {
  /** Where the product answers, the same before and after every kill. */
  url: string;
  /** Resolves when there is something to connect to. */
  untilUp(): Promise<void>;
  findings: Findings;
  /** `load`: everybody writes. `settling`: nothing new, and what has no answer is sent again until it has one. */
  phase: "load" | "settling";
  /** Stands in every word that only operators may see. */
  canary: string;
  /** Origin of the pages that visitors are on. */
  site: string;
  siteKey: string;
  resends: number;
  /** Acknowledgements of messages and notes, repeated ones included. */
  answers: number;
};

const OPERATORS_ONLY = /"type":"(note|assigned|closed|reopened)"/;

/** Looks for a note, or anything else that only operators may know of, in what a visitor received. */
export function inspect(world: World, visitor: string, bytes: string): void {
  if (bytes.includes(world.canary))
    world.findings.add("leaked", `${visitor} received ${bytes.slice(0, 300)}`);
  else if (OPERATORS_ONLY.test(bytes))
    world.findings.add("leaked", `${visitor} received ${bytes.slice(0, 300)}`);
}
