import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";
import { findChromium } from "./chromium.ts";
import { QUIET_TOOLS, quickFolder, ROOT } from "./environment.ts";

/** `npm test`: everything that CI runs. Static checks, then unit, workerd, kill and end-to-end tests. */

const chromium = findChromium();
const folder = await mkdtemp(join(tmpdir(), "parley-test-"));
/** For what Workers and browsers write meanwhile. */
const quick = await mkdtemp(join(await quickFolder(), "parley-quick-"));
let failures = 0;
let passed = 0;
let failed = 0;

console.log("— build");
await build();

console.log("— check");
let startedAt = performance.now();
if ((await runNode(["scripts/check.ts"])) !== 0) failures++;
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
  if (code !== 0) failures++;
  const counts = await readCounts(report);
  passed += counts.passed;
  failed += counts.failed;
  if (counts.passed === 0) {
    console.error(`${project}: no test ran`);
    failures++;
  }
}
for (const made of [folder, quick]) await rm(made, { recursive: true, force: true });

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failures === 0 ? 0 : 1);

function tellTime(phase: string): void {
  console.log(`${phase}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
}

async function readCounts(report: string): Promise<{ passed: number; failed: number }> {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, "utf8"));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
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
