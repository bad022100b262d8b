import type { LoadGenerator } from "./load/client.ts";
import { median } from "./median.ts";
import type { Subject } from "./subjects.ts";

/** What one round cost a subject, for each message or event. */
type Reading = { cpuUs: number; p50Ms: number };

/** A figure of the reference and of the product, and the median, least and greatest of their ratio by round. */
export type Compared = {
  reference: number;
  product: number;
  ratio: number;
  least: number;
  greatest: number;
};
export type Comparison = { cpuUs: Compared; p50Ms: Compared };

export type Pace = { perSecond: number; seconds: number; rounds: number };

/** Longer than a lead-in: the runtime compiles what is hot. */
const WARM_UP_FACTOR = 4;

/** Rounds of each subject in turn, the order turned around every time, so that a drift hits all alike. */
export async function readRounds<Name extends string>(
  load: LoadGenerator,
  subjects: Record<Name, Subject>,
  { perSecond, seconds, rounds }: Pace,
): Promise<Record<Name, Reading[]>> {
  const names = Object.keys(subjects) as Name[]; // the record's own keys
  const readings = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Reading[]
  >; // by name
  for (const name of names) {
    await load.run(name, perSecond, subjects[name].leadInSeconds * WARM_UP_FACTOR);
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const subject = subjects[name];
      await load.run(name, perSecond, subject.leadInSeconds);
      const before = subject.cpuMs();
      const { units, p50Ms } = await load.run(name, perSecond, seconds);
      await new Promise((resolve) => setTimeout(resolve, subject.settleSeconds * 1_000));
      readings[name].push({ cpuUs: ((subject.cpuMs() - before) * 1_000) / units, p50Ms });
    }
  }
  return readings;
}

export function compare(reference: Reading[], product: Reading[]): Comparison {
  return {
    cpuUs: compareBy("cpuUs", reference, product),
    p50Ms: compareBy("p50Ms", reference, product),
  };
}

function compareBy(figure: keyof Reading, reference: Reading[], product: Reading[]): Compared {
  return compareRounds(
    reference.map((reading) => reading[figure]),
    product.map((reading) => reading[figure]),
  );
}

/** Compares figures of the same rounds, one of each a round. */
export function compareRounds(references: number[], products: number[]): Compared {
  const ratios = products.map((value, round) => value / (references[round] ?? Number.NaN));
  return {
    reference: median(references),
    product: median(products),
    ratio: median(ratios),
    least: Math.min(...ratios),
    greatest: Math.max(...ratios),
  };
}
