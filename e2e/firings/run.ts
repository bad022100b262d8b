import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { QUIET_TOOLS, ROOT } from "../../scripts/environment.ts";

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

const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
const storm = "durable-objects/visitor/firings-storm.test.ts";
const child = spawn(
  process.execPath,
  [vitest, "run", "--project", "workerd", storm, "--reporter=verbose"],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      ...QUIET_TOOLS,
      PARLEY_FIRINGS: values.firings,
      PARLEY_SEED: values.seed,
    },
  },
);
child.on("close", (code) => process.exit(code ?? 1));
