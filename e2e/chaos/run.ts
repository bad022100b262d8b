import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Bundles, FAULTS, type Fault } from "./bundle.ts";
import { describe, runChaos, type ChaosReport } from "./chaos.ts";
import { VIOLATIONS } from "./findings.ts";

/** `npm run chaos -- --kills 500 [--fault name] [--seed n] [--visitors n] [--operators n] [--verbose]` */

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    fault: { type: "string" },
    seed: { type: "string" },
    visitors: { type: "string", default: "4" },
    operators: { type: "string", default: "2" },
    verbose: { type: "boolean", default: false },
  },
});

const fault = FAULTS.find((name) => name === values.fault) ?? null;
if (values.fault !== undefined && fault === null) refuse(`--fault is one of ${FAULTS.join(", ")}`);
const seed = number("seed", values.seed ?? String(Date.now() % 1_000_000_000));
const kills = number("kills", values.kills);
const visitors = number("visitors", values.visitors);
const operators = number("operators", values.operators);

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => stop.abort(new Error(signal)));

const folder = await mkdtemp(join(tmpdir(), "parley-bundle-"));
try {
  console.log(
    `${kills} kills, ${visitors} visitors, ${operators} operators, seed ${seed}${withFault(fault)}`,
  );
  const startedAt = Date.now();
  const report = await runChaos({
    kills,
    visitors,
    operators,
    seed,
    fault,
    bundles: new Bundles(folder),
    onProgress: (line) => console.log(line),
    signal: stop.signal,
  });
  print(report, Date.now() - startedAt);
  if (report.violationCount > 0) process.exitCode = 1;
} catch (error) {
  console.error(stop.signal.aborted ? "Stopped." : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function print(report: ChaosReport, tookMs: number): void {
  const lag =
    report.projectionLagMs === null
      ? "never level"
      : `level after ${(report.projectionLagMs / 1_000).toFixed(1)} s`;
  console.log(`
  Kills         ${report.kills} in ${Math.round(tookMs / 1_000)} s, slowest restart ${Math.round(report.slowestRestartMs)} ms
  Conversations ${report.conversations}
  Sent          ${describe(report)}
  Lost          ${report.lost}
  Duplicated    ${report.duplicated}
  Reordered     ${report.reordered}
  Gaps          ${report.gaps}
  D1            ${lag}
  Violations    ${report.violationCount}
`);
  for (const { kind, detail } of report.violations)
    console.log(`${kind} (${VIOLATIONS[kind]})\n  ${detail}`);
  if (values.verbose) console.log(report.log.join("\n"));
}

function withFault(name: Fault | null): string {
  return name === null ? "" : `, with the fault ${name}`;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) refuse(`--${name} must be a whole number`);
  return value;
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
