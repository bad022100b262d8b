import {
  identitySecret,
  isUsable,
  type IdentityKey,
  type SecretUse,
} from "../../domain/identity/keys.ts";
import type { SigningKey } from "../../domain/identity/proof.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import { listIdentityKeys } from "../d1/identity-keys.ts";
import type { Env } from "../env.ts";

const known = new IsolateCache<IdentityKey[]>({ freshMs: 3_000, staleMs: 8_000, maxKeys: 2_000 });

/** The keys whose proofs count now, at most eight seconds old, with their secrets for this use. */
export async function signingKeysOf(
  env: Pick<Env, "DB" | "PARLEY_SECRET">,
  workspace: WorkspaceId,
  now: number,
  use: SecretUse,
): Promise<SigningKey[]> {
  const keys = await known.get(workspace, () => listIdentityKeys(env.DB, workspace));
  return Promise.all(
    keys
      .filter((key) => isUsable(key, now))
      .map(async ({ id }) => ({
        id,
        secret: await identitySecret(env.PARLEY_SECRET, workspace, id, use),
      })),
  );
}

/** After a change: this isolate reads them anew. Others follow within seconds. */
export function forgetIdentityKeys(workspace: WorkspaceId): void {
  known.forget(workspace);
}
