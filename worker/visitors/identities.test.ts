import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { examine } from "../testing/identities/evidence.ts";
import { FAULTS } from "../testing/identities/faults.ts";
import { STEPS } from "../testing/identities/steps/all.ts";
import { Town } from "../testing/identities/town.ts";

/**
 * Promise 4, and what docs/identity.md says: people come, claim, prove, write, leave and come back in any order, in two
 * shops with the same customers, while objects sleep and die; against a slow account of who is whom and who may see what
 * (testing/identities/account.ts). `npm run identities` takes as many steps as you like, from any seed.
 */

const { PARLEY_STEPS, PARLEY_SEED, PARLEY_PATH } = env as Record<string, string | undefined>; // vitest.config.ts
/** Without a seed of one's own: one that is always the same, and one that never is. It is told where it fails. */
const SEEDS = PARLEY_SEED
  ? [Number(PARLEY_SEED)]
  : [1, crypto.getRandomValues(new Int32Array(1))[0] ?? 0];
const STEPS_TAKEN = Number(PARLEY_STEPS || 100);
/** As it is told where something fails: that town alone, with the seed of its round. */
const PATH = PARLEY_PATH || undefined;
const STEPS_PER_TOWN = 160;
/** Towns in which a seeded fault has to show. */
const FAULTY_TOWNS = 12;
/** Characters of what went wrong in a town, told before it is made smaller. */
const ERROR_TOLD = 300;
/** Towns after which a long run tells how far it is. */
const TOLD_EVERY = 10;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Towns of their own, each with the steps that were drawn for it. @param spoil What is wrong with the product. */
function towns(
  maxCommands: number,
  lived: (steps: number) => void,
  spoil: () => (() => void) | void = () => {},
) {
  const commands = fc.commands(STEPS, { maxCommands, size: "max" });
  return fc.asyncProperty(commands, async (steps) => {
    const town = await Town.opens();
    const mend = spoil();
    try {
      await fc.asyncModelRun(() => ({ model: town, real: town }), steps);
      await examine(town);
      lived([...steps].length);
    } catch (error) {
      console.log("a town failed:", String(error).slice(0, ERROR_TOLD));
      throw error;
    } finally {
      town.closes();
      vi.restoreAllMocks();
      mend?.();
    }
  });
}

test.each(SEEDS)(
  "however people come, prove and leave: no browser hears a word that is not its own, and everything is counted once (seed %i)",
  async (seed) => {
    const done = { steps: 0, towns: 0 };
    // Each round has a seed of its own, which is told where it fails.
    for (let round = 0; done.steps < STEPS_TAKEN; round++) {
      const property = towns(STEPS_PER_TOWN, (steps) => {
        done.steps += steps;
        if (++done.towns % TOLD_EVERY === 0)
          console.log(`${done.steps} steps in ${done.towns} towns so far`);
      });
      await fc.assert(property, { numRuns: 1, seed: (1_000 * seed + round) | 0 });
    }
    console.log(`${done.steps} steps in ${done.towns} towns: nobody heard what they should not`);
  },
  36_000_000,
);

test.each(PATH ? [PATH] : [])(
  "the town that failed at %s",
  async (path) => {
    await fc.assert(
      towns(STEPS_PER_TOWN, () => {}),
      {
        seed: Number(PARLEY_SEED),
        path,
        numRuns: 1,
        endOnFailure: true,
      },
    );
  },
  36_000_000,
);

test.each(Object.entries(FAULTS))(
  "%s is noticed",
  async (_, spoil) => {
    const property = towns(STEPS_PER_TOWN, () => {}, spoil);
    const run = await fc.check(property, { numRuns: FAULTY_TOWNS, seed: 1, endOnFailure: true });
    expect(run.failed).toBe(true);
  },
  300_000,
);
