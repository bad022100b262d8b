import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** Bytes that a signed-in operator may load until the Inbox is there, after brotli at its highest quality. */
export const FIRST_LOAD_BUDGET = 307_200;

/** What the Inbox's first screen is made of: the page, the frame around every page, and the list. */
const FIRST_LOADED = ["index.html", "src/shell/shell.tsx", "src/inbox/inbox-page.tsx"];

type Chunk = { file: string; imports?: string[]; css?: string[] };

/** The first load of a built dashboard in bytes, every script and style sheet counted once, and the page. */
export async function firstLoadSize(outDir: string): Promise<number> {
  const text = await readFile(join(outDir, ".vite/manifest.json"), "utf8");
  const manifest: Record<string, Chunk> = JSON.parse(text);
  const files = new Set(["index.html"]);
  const waiting = [...FIRST_LOADED];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    if (files.has(chunk.file)) continue;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    waiting.push(...(chunk.imports ?? []));
  }
  const sizes = await Promise.all(
    [...files].map(async (file) => compressedSize(await readFile(join(outDir, file)))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function compressedSize(bytes: Buffer): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
