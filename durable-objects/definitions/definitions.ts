import { compileRules, type CompiledRules } from "../../domain/segments/compile.ts";
import type { DefinitionSet } from "../../domain/segments/definitions.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import { IsolateCache } from "../runtime/isolate-cache.ts";
import { definitionsVersion, readDefinitions } from "./read.ts";

const FRESH_MS = 3_000;
const STALE_MS = 8_000;
const WORKSPACES_MAX = 500;

const cache = new IsolateCache<CompiledRules>({
  freshMs: FRESH_MS,
  staleMs: STALE_MS,
  maxKeys: WORKSPACES_MAX,
});

/** The newest that was compiled, however old: compiled again only when the version has grown. */
const compiled = new Map<WorkspaceId, CompiledRules>();

/**
 * A workspace's segments and triggers, compiled once per isolate and version, at most eight seconds old. While D1
 * cannot be read the last ones go on; null when there were none, and what happens meanwhile is looked at later.
 */
export async function definitionsOf(
  env: Pick<ObjectBindings, "DB">,
  workspace: WorkspaceId,
): Promise<CompiledRules | null> {
  try {
    return await cache.get(workspace, () => read(env.DB, workspace));
  } catch (error) {
    console.error("definitions not read", workspace, String(error));
    return compiled.get(workspace) ?? null;
  }
}

/** After a change: this isolate reads them anew. Others follow within seconds. */
export function forgetDefinitions(workspace: WorkspaceId): void {
  cache.forget(workspace);
}

async function read(db: D1Database, workspace: WorkspaceId): Promise<CompiledRules> {
  const held = compiled.get(workspace);
  if (held !== undefined && held.version === (await definitionsVersion(db, workspace))) return held;
  const set: DefinitionSet = await readDefinitions(db, workspace);
  const rules = compileRules(set);
  const oldest = compiled.keys().next();
  if (compiled.size >= WORKSPACES_MAX && !oldest.done) compiled.delete(oldest.value);
  compiled.set(workspace, rules);
  return rules;
}
