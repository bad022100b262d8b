import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** Budgets in bytes after brotli at its highest quality. */
export const WIDGET_BUDGETS = { loader: 3_072, chat: 12_288, part: 4_096 };

export type WidgetSizes = {
  /** Everything before interaction. */
  loader: number;
  /** The chat with its styles and English. */
  chat: number;
  /** Parts that most visits never load, by file name. */
  parts: Record<string, number>;
};

/** Sizes of a built widget, in bytes after brotli at its highest quality. */
export async function widgetSizes(outDir: string): Promise<WidgetSizes> {
  const size = async (name: string) => brotliSize(await readFile(join(outDir, name)));
  const parts: Record<string, number> = {};
  const names = [
    "peek",
    "shown",
    "armed",
    "card",
    "answer",
    "auth",
    "wrote",
    "threads",
    "elsewhere",
    "continued",
    "reach",
  ];
  for (const name of names.map((part) => `${part}.js`)) parts[name] = await size(name);
  for (const name of await readdir(join(outDir, "lang")))
    parts[`lang/${name}`] = await size(`lang/${name}`);
  return { loader: await size("widget.js"), chat: await size("chat.js"), parts };
}

/** How many bytes are left of a file after brotli at its highest quality. */
export function brotliSize(file: string | Buffer): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return brotliCompressSync(file, { params }).length;
}
