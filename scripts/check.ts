import { spawn } from "node:child_process";
import { join } from "node:path";
import { measureSizes } from "../bench/sizes.ts";
import { build } from "./build.ts";
import { ROOT } from "./environment.ts";

/** `npm run check`: types, lint with the import rules, formatting, unused exports, sizes. Everything runs, then it fails. */

const CHECKS: [name: string, tool: string, args: string[]][] = [
  ["types of Worker and objects", "tsc", ["-p", "tsconfig.edge.json"]],
  ["types of the widget", "tsc", ["-p", "tsconfig.widget.json"]],
  ["types of the dashboard", "tsc", ["-p", "tsconfig.dashboard.json"]],
  ["types of the dashboard's functions", "tsc", ["-p", "tsconfig.functions.json"]],
  ["types of scripts and tests", "tsc", ["-p", "tsconfig.node.json"]],
  ["types of tests in workerd", "tsc", ["-p", "tsconfig.workerd.json"]],
  ["lint", "oxlint", ["--deny-warnings"]],
  ["formatting", "oxfmt", ["--check"]],
  ["unused files, exports and dependencies", "knip", []],
];

let failed = 0;
for (const [name, tool, args] of CHECKS) {
  const { code, output } = await runTool(tool, args);
  if (code === 0) console.log(`ok      ${name}`);
  else {
    failed++;
    console.log(`failed  ${name}\n${output}`);
  }
}

if (process.env["PARLEY_BUILT"] !== "1") await build();
for (const { name, bytes, budget } of await measureSizes()) {
  if (bytes > budget) failed++;
  const verdict = bytes > budget ? "failed" : "ok    ";
  console.log(`${verdict}  ${name}: ${bytes} of ${budget} bytes`);
}
if (failed > 0) process.exit(1);

async function runTool(
  tool: string,
  args: string[],
): Promise<{ code: number | null; output: string }> {
  const bin = join(ROOT, "node_modules/.bin", tool);
  const child = spawn(bin, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output };
}
