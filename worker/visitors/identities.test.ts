import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, test, vi } from "vitest";
import { examine } from "../testing/identities/evidence.ts";
import { STEPS } from "../testing/identities/steps/all.ts";
import { Town } from "../testing/identities/town.ts";

const { PARLEY_STEPS, PARLEY_SEED } = env as { PARLEY_STEPS?: string; PARLEY_SEED?: string }; // vitest.config.ts
const STEP_COUNT = Number(PARLEY_STEPS || 500);
const SEED = Number(PARLEY_SEED || 1);
/** Towns after which a long run tells how far it is. */
const TOLD_EVERY = 10;
const STEPS_PER_TOWN = 160;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("however people come, prove and leave: no browser hears a word that is not its own", async () => {
  let taken = 0;
  let towns = 0;
  const began = performance.now();
  const commands = fc.commands(STEPS, { maxCommands: STEPS_PER_TOWN, size: "max" });
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const town = await Town.opens();
      const setup = () => ({ model: town, real: town });
      try {
        await fc.asyncModelRun(setup, steps);
        await examine(town);
        taken += [...steps].length;
        if (++towns % TOLD_EVERY === 0) console.log(`${taken} steps in ${towns} towns so far`);
      } finally {
        town.closes();
        vi.restoreAllMocks();
      }
    }),
    { numRuns: Math.ceil(STEP_COUNT / (STEPS_PER_TOWN / 2)), seed: SEED },
  );
  const seconds = (performance.now() - began) / 1_000;
  console.log(
    `${taken} steps in ${seconds.toFixed(1)} s: ${(taken / seconds).toFixed(0)} a second`,
  );
}, 36_000_000);
