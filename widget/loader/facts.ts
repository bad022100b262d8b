import type { Fact } from "../../protocol/facts.ts";
import { JSON, now } from "./natives.ts";

/** A fact before it is numbered; what is undefined does not travel. */
export type NewFact = {
  [Type in Fact["type"]]: Undefinable<Omit<Extract<Fact, { type: Type }>, "n" | "at">>;
}[Fact["type"]];
type OptionalKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Undefinable<T> = Omit<T, OptionalKey<T>> & { [K in OptionalKey<T>]?: T[K] | undefined };

/** What the protocol takes at once. */
const BATCH_MAX = 10;

/**
 * Facts of one page load, numbered from 1 and kept until the server has settled them. A batch is always the
 * oldest ones, so that no gap ever arises.
 */
export function createFacts(stream = crypto.getRandomValues(new Uint32Array(4)).join("-")) {
  let last = 0;
  let waiting: Fact[] = [];
  return {
    /** Numbers a fact and keeps it as it is now. Throws, and keeps nothing, when it is no JSON. */
    note(fact: NewFact): Fact {
      const added: Fact = JSON.parse(JSON.stringify({ n: last + 1, at: now(), ...fact }));
      waiting.push(added);
      last++;
      return added;
    },
    /** The oldest facts. */
    batch: (max = BATCH_MAX) => ({ stream, sentAt: now(), facts: waiting.slice(0, max) }),
    /** Forgets everything up to a number that the server has settled. */
    settle(through: number): void {
      waiting = waiting.filter((fact) => fact.n > through);
    },
  };
}
