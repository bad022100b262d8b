import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build } from "./build.ts";
import { findChromium } from "./chromium.ts";
import { QUIET_TOOLS, quickFolder, ROOT } from "./environment.ts";

/** `npm test`: everything that CI runs. Static checks, then unit, workerd, kill and end-to-end tests. */

/** Of what a failed test says at the end. */
const REASON_LINES = 12;

const chromium = findChromium();
const folder = await mkdtemp(join(tmpdir(), "parley-test-"));
/** For what Workers and browsers write meanwhile. */
const quick = await mkdtemp(join(await quickFolder(), "parley-quick-"));
let passed = 0;
const failed: string[] = [];

console.log("— build");
await build();

console.log("— check");
let startedAt = performance.now();
if ((await runNode(["scripts/check.ts"])) !== 0) failed.push("check");
tellTime("check");

for (const project of ["unit", "workerd", "process", "e2e"]) {
  console.log(`— ${project}`);
  startedAt = performance.now();
  const report = join(folder, `${project}.json`);
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const code = await runNode(args, { TMPDIR: quick });
  tellTime(project);
  const result = await readReport(project, report);
  passed += result.passed;
  failed.push(...result.failed);
  if (result.passed === 0) failed.push(`${project}: no test ran`);
  else if (code !== 0 && result.failed.length === 0) failed.push(`${project}: ended with ${code}`);
}
for (const made of [folder, quick]) await rm(made, { recursive: true, force: true });

console.log(`\n${passed} passed, ${failed.length} failed`);
for (const what of failed) console.log(`\n— failed: ${what}`);
process.exit(failed.length === 0 ? 0 : 1);

function tellTime(phase: string): void {
  console.log(`${phase}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
}

type Report = {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

/** How many tests passed, and which did not with the beginning of their reasons: whoever reads only the end sees why. */
async function readReport(
  project: string,
  path: string,
): Promise<{ passed: number; failed: string[] }> {
  let report: Report;
  try {
    report = JSON.parse(await readFile(path, "utf8")) as Report; // Vitest's own format
  } catch {
    return { passed: 0, failed: [`${project}: no report was written`] };
  }
  const failed = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const tests = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => `${file}: ${test.fullName}\n${test.failureMessages.map(shorten).join("\n")}`);
    // A file that could not be loaded has no tests.
    return tests.length === 0 && status === "failed" ? [`${file}\n${shorten(message)}`] : tests;
  });
  return { passed: report.numPassedTests, failed };
}

function shorten(reason: string): string {
  return reason.split("\n").slice(0, REASON_LINES).join("\n");
}

function runNode(args: string[], env: Record<string, string> = {}): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...QUIET_TOOLS,
      CHROMIUM_PATH: chromium,
      PARLEY_BUILT: "1",
      PARLEY_SECRET: "a-secret-of-the-tests-with-enough-characters",
      ...env,
    },
  });
  return new Promise((resolve) => child.on("close", resolve));
}
