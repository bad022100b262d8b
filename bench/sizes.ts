import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { ROOT } from "../scripts/environment.ts";
import { WIDGET_BUDGETS, widgetSizes } from "../widget/size.ts";

/** Bytes after brotli at its highest quality, and how many are allowed. */
export type Size = { name: string; bytes: number; budget: number };

const DASHBOARD_BUDGET = 307_200;

/** Sizes of what `npm run build` has left in `dist`. */
export async function measureSizes(dist: string = join(ROOT, "dist")): Promise<Size[]> {
  const { loader, chat, parts } = await widgetSizes(join(dist, "public"));
  return [
    { name: "loader, launcher and tracker", bytes: loader, budget: WIDGET_BUDGETS.loader },
    { name: "chat, with styles and English", bytes: chat, budget: WIDGET_BUDGETS.chat },
    ...Object.entries(parts).map(([name, bytes]) => ({ name, bytes, budget: WIDGET_BUDGETS.part })),
    {
      name: "dashboard, first load",
      bytes: await dashboardSize(join(dist, "dashboard")),
      budget: DASHBOARD_BUDGET,
    },
  ];
}

/** Everything that the page itself names: its scripts, style sheets and preloaded modules, and the page. */
async function dashboardSize(folder: string): Promise<number> {
  const page = await readFile(join(folder, "index.html"), "utf8");
  const named = [
    ...page.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/([^"]+\.(?:js|css))"/g),
  ];
  const files = await Promise.all(named.map(([, path = ""]) => readFile(join(folder, path))));
  return [Buffer.from(page), ...files].reduce((sum, file) => sum + compressedSize(file), 0);
}

function compressedSize(bytes: Buffer): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
