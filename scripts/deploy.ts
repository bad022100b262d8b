import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "./build.ts";
import { ROOT, WRANGLER } from "./environment.ts";

/**
 * `npm run deploy`: Worker, D1 migrations and the Pages dashboard, in an order that also works the first time.
 * On a first deploy the database does not exist before `wrangler deploy` makes it, so migrations follow the Worker;
 * on every later one they go first, so that new code never meets an old table. `--dry-run` only builds and checks.
 */

const isDryRun = process.argv.includes("--dry-run");
if (!isDryRun) await refuseUnset();
await build();
process.env["PARLEY_BUILT"] = "1";

if (isDryRun) {
  wrangler("deploy", "--dry-run", "--outdir", "dist/worker");
} else {
  const exists = tryWrangler("d1", "info", "parley");
  if (exists) migrate();
  wrangler("deploy");
  if (!exists) migrate();
  tryWrangler("pages", "project", "create", "parley-dashboard", "--production-branch", "main");
  wranglerIn(join(ROOT, "dashboard"), "pages", "deploy", "--branch", "main", "--commit-dirty=true");
}

function migrate(): void {
  wrangler("d1", "migrations", "apply", "parley", "--remote");
}

function wrangler(...args: string[]): void {
  wranglerIn(ROOT, ...args);
}

function wranglerIn(cwd: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [WRANGLER, ...args], { cwd, stdio: "inherit" });
  if (status !== 0) {
    console.error(
      `\nwrangler ${args.join(" ")} ended with ${status}. Mend what it says and run this again.`,
    );
    process.exit(status ?? 1);
  }
}

function tryWrangler(...args: string[]): boolean {
  return (
    spawnSync(process.execPath, [WRANGLER, ...args], { cwd: ROOT, stdio: "ignore" }).status === 0
  );
}

/** The Worker refuses to work without these, so deploying without them would only look like success. */
async function refuseUnset(): Promise<void> {
  const settings = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const unset = ["DASHBOARD_URL", "PUBLIC_URL"].filter((name) => settings.includes(`${name} = ""`));
  if (unset.length === 0) return;
  console.error(`Set ${unset.join(" and ")} in wrangler.toml first (see docs/deploy.md).`);
  process.exit(1);
}
