import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { QUIET_TOOLS, quickFolder, ROOT } from "../scripts/environment.ts";

/** Runs one test of the workerd project in its long form, and ends this process as it ends. */
export async function runStorm(test: string, variables: Record<string, string>): Promise<never> {
  const folder = await mkdtemp(join(await quickFolder(), "parley-storm-"));
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
    {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...QUIET_TOOLS, TMPDIR: folder, ...variables },
    },
  );
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await rm(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
}
