import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildDashboard } from "../dashboard/build.ts";
import { buildDemo } from "../demo/build.ts";
import { buildWidget } from "../widget/build.ts";
import { ROOT } from "./environment.ts";

/**
 * Builds everything that is served as files: the widget and the demo shop for the Worker, the dashboard for Pages.
 * `wrangler deploy` and `wrangler dev` call this too; what has just been built by our own scripts is not built twice.
 */
export async function build(): Promise<void> {
  const files = join(ROOT, "dist/public");
  await rm(files, { recursive: true, force: true });
  await mkdir(files, { recursive: true });
  await Promise.all([
    buildWidget(files),
    buildDemo(join(files, "demo")),
    buildDashboard(join(ROOT, "dist/dashboard")),
    writeFile(join(files, "index.html"), HOME),
  ]);
  const built = await readdir(files);
  const parts = built.filter((name) => name.endsWith(".js") && name !== "widget.js");
  await writeFile(join(files, "_headers"), fileHeaders(parts));
}

/**
 * Pages of other origins import the widget's modules, so these files may be read from anywhere. The loader names the
 * parts by their content (`?v=…`), so a browser may keep them for good; the loader itself is asked for anew.
 */
function fileHeaders(parts: string[]): string {
  const kept = "Cache-Control: public, max-age=31536000, immutable";
  return [
    readable("/widget.js", "Cache-Control: public, max-age=300"),
    ...[...parts.map((name) => `/${name}`), "/lang/*"].map((path) => readable(path, kept)),
    "/demo/*",
    "  X-Content-Type-Options: nosniff",
    "  Referrer-Policy: strict-origin-when-cross-origin",
    "",
  ].join("\n");
}

function readable(path: string, caching: string): string {
  return [
    path,
    "  Access-Control-Allow-Origin: *",
    `  ${caching}`,
    "  X-Content-Type-Options: nosniff",
  ].join("\n");
}

const HOME = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parley</title>
<h1>Parley is running</h1>
<p>This address serves the widget and its API. <a href="/demo/">Open the demo shop</a>.</p>
</html>
`;

if (import.meta.main && process.env["PARLEY_BUILT"] !== "1") await build();
