import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { QUIET_TOOLS, ROOT } from "../scripts/environment.ts";
import { run } from "../scripts/processes.ts";

/** Rows written for each message or event, as a test has counted them, and how many it allows. */
export type Rows = { name: string; rows: number; budget: number };

type Report = { testResults: { assertionResults: { title: string; meta?: Partial<Rows> }[] }[] };

/** Runs the test that counts rows, and returns its figures. Fails if one is over its budget. */
export async function countRows(folder: string): Promise<Rows[]> {
  const file = join(folder, "rows.json");
  await run(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project=workerd",
      "--reporter=json",
      `--outputFile=${file}`,
      "durable-objects/rows-written.test.ts",
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
    .flatMap(({ title, meta: { rows, budget } = {} }) =>
      rows === undefined || budget === undefined ? [] : [{ name: title, rows, budget }],
    );
}
