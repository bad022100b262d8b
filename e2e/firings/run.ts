import { parseArgs } from "node:util";
import { runStorm } from "../storm-run.ts";

/**
 * `npm run firings -- --firings 100000`: the storm of triggers that the tests run in short, until so many messages were
 * due. Prints what it counted; fails at the first life in which one was doubled, missing or not due.
 */

const { values } = parseArgs({
  options: {
    firings: { type: "string", default: "10000" },
    /** Where the seeds begin, so that another run meets other lives. */
    seed: { type: "string", default: "1" },
  },
});

await runStorm("durable-objects/visitor/firings-storm.test.ts", {
  PARLEY_FIRINGS: values.firings,
  PARLEY_SEED: values.seed,
});
