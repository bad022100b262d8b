import { parseArgs } from "node:util";
import { runStorm } from "../storm-run.ts";

/**
 * `npm run identities -- --steps 100000 --seed 7`: the model-based test of identity that the tests run in short, for so
 * many steps. Fails at the first town in which a promise was broken, with the fewest steps that break it.
 */

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "10000" },
    /** Another seed is another run; the same one makes the same steps again. */
    seed: { type: "string", default: "1" },
    /** Of a town that failed, as it was told there beside the seed of its round: that town alone. */
    path: { type: "string", default: "" },
  },
});

await runStorm("worker/visitors/identities.test.ts", {
  PARLEY_STEPS: values.steps,
  PARLEY_SEED: values.seed,
  PARLEY_PATH: values.path,
});
