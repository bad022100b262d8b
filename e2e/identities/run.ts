import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { QUIET_TOOLS, quickFolder, ROOT } from "../../scripts/environment.ts";

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

const folder = await mkdtemp(join(await quickFolder(), "parley-identities-"));
const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
const test = "worker/visitors/identities.test.ts";
const child = spawn(
  process.execPath,
  [vitest, "run", "--project", "workerd", test, "--reporter=verbose"],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      ...QUIET_TOOLS,
      TMPDIR: folder,
      PARLEY_STEPS: values.steps,
      PARLEY_SEED: values.seed,
      PARLEY_PATH: values.path,
    },
  },
);
const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
await rm(folder, { recursive: true, force: true });
process.exit(code ?? 1);
