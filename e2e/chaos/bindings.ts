import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { ROOT } from "../../scripts/environment.ts";

/**
 * A program of its own, because wrangler brings its own handling of signals: writes what wrangler.toml binds into the
 * named file. Files are not served in the kill test.
 */
const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
const { assets: _assets, modulesRules: _rules, rootPath: _root, ...options } = workerOptions;
writeFileSync(process.argv[2] ?? "", JSON.stringify(options));
process.exit();
