import type * as z from "zod";
import type { WorkspaceId } from "../../protocol/ids.ts";
import { parseBounded, type Parsed } from "../../protocol/json.ts";
import { FRAME_MAX_BYTES } from "../../protocol/limits.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { networkOf } from "../network.ts";
import { readBytes } from "../operators/input.ts";
import { isOriginAllowed } from "../workspaces/allowed-origins.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";

/** A body to a checked value: at most 64 KB are read at all, whatever the headers claim. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const bytes = await readBytes(request, FRAME_MAX_BYTES);
  if (bytes === null) return { ok: false, code: "too_large" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false, code: "bad_json" };
  }
  return parseBounded(text, schema);
}

const origins = new IsolateCache<readonly string[]>({
  freshMs: 3_000,
  staleMs: 8_000,
  maxKeys: 2_000,
});

/** Whether a request with a token comes from a page of its workspace. Beacons and sockets carry an Origin too. */
export async function isFromAllowedPage(
  request: Request,
  env: Env,
  workspace: WorkspaceId,
): Promise<boolean> {
  const patterns = await origins.get(
    workspace,
    async () => (await readWorkspace(env.DB, workspace))?.origins ?? [],
  );
  return isOriginAllowed(request.headers.get("origin"), patterns);
}

/**
 * The part of the network that a request comes from, as a keyed hash of the address prefix (/24, /48): enough to
 * throttle by, and no address that could be stored.
 */
export async function throttledNetwork(request: Request, secret: string): Promise<string> {
  const network = networkOf(request.headers.get("cf-connecting-ip") ?? "local");
  const separator = network.includes(":") ? ":" : ".";
  const prefix = network.split(separator).slice(0, 3).join(separator);
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(`${secret}|network|${prefix}`),
  );
  return [...new Uint8Array(digest, 0, 8)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
