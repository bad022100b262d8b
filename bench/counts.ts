import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { QUIET_TOOLS, ROOT } from "../scripts/environment.ts";
import { run } from "../scripts/processes.ts";

/** Something that tests have counted, and how much of it they allow. */
export type Count = { name: string; figure: number; unit: string; budget: number };

type Report = {
  testResults: { assertionResults: { title: string; meta?: Partial<Omit<Count, "name">> }[] }[];
};

/** Runs the tests that count, and returns their figures. Fails if one of them is over its budget. */
export async function readCounts(folder: string): Promise<Count[]> {
  const file = join(folder, "counts.json");
  await run(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project=workerd",
      "--reporter=json",
      `--outputFile=${file}`,
      "durable-objects/rows-written.test.ts",
      "durable-objects/presence/board-load.test.ts",
    ],
    {
      ...QUIET_TOOLS,
      PARLEY_BUILT: "1",
      PARLEY_SECRET: "a-secret-of-the-tests-with-enough-characters",
    },
    ROOT,
  );
  const report = JSON.parse(await readFile(file, "utf8")) as Report; // vitest's JSON reporter
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ title, meta: { figure, unit, budget } = {} }) =>
      figure === undefined || unit === undefined || budget === undefined
        ? []
        : [{ name: title, figure, unit, budget }],
    );
}
