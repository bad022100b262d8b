import { parseArgs } from "node:util";
import { runStorm } from "../storm-run.ts";

/**
 * `npm run mails -- --runs 1000`: the storm of mails that the tests run in short. Prints what it counted; fails at the
 * first run in which a mail was doubled or lost, or has no fate.
 */

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    /** Where the seeds begin, so that another run meets other lives. */
    seed: { type: "string", default: "1" },
  },
});

await runStorm("worker/email/mail-storm.test.ts", {
  PARLEY_MAILS: values.runs,
  PARLEY_SEED: values.seed,
});
