import { spawn } from "node:child_process";
import { join } from "node:path";
import { QUIET_TOOLS, ROOT } from "../scripts/environment.ts";

/** Runs one test of the workerd project in its long form, and ends this process as it ends. */
export function runStorm(test: string, variables: Record<string, string>): void {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project",
      "workerd",
      test,
      "--reporter=verbose",
    ],
    { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...QUIET_TOOLS, ...variables } },
  );
  child.on("close", (code) => process.exit(code ?? 1));
}
