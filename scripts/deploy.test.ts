import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QUIET_TOOLS, ROOT, WRANGLER } from "./environment.ts";
import { run } from "./processes.ts";

test("wrangler bundles the Worker with every binding, as a deployment would, without an account", async () => {
  const out = await mkdtemp(join(tmpdir(), "parley-deploy-"));
  try {
    await run(
      process.execPath,
      [WRANGLER, "deploy", "--dry-run", "--outdir", out],
      QUIET_TOOLS,
      ROOT,
    );
    expect(await readdir(out)).toContain("index.js");
  } finally {
    await rm(out, { recursive: true, force: true });
  }
});
