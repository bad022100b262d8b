import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Keeps the tools from talking to anything but this machine. */
export const QUIET_TOOLS: Record<string, string> = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  X_LOCAL_OBSERVABILITY: "false",
  DO_NOT_TRACK: "1",
  FORCE_COLOR: "0",
};

/** More than all that the tests leave behind in a folder. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Where to keep files that are deleted soon: in memory where there is room, because each object's file waits for a disk. */
export async function quickFolder(): Promise<string> {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = await statfs(memory);
    return bavail * bsize >= ROOM_BYTES ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** `node_modules/.bin/<name>` as a script for this Node, so that signals reach the tool itself. */
export const WRANGLER = fileURLToPath(
  new URL("../node_modules/wrangler/bin/wrangler.js", import.meta.url),
);
