import { Hono } from "hono";
import {
  identitySecret,
  isUsable,
  standingOf,
  type SecretUse,
} from "../../domain/identity/keys.ts";
import { forgetDefinitions } from "../../durable-objects/definitions/definitions.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, newId, type IdentityKeyId } from "../../protocol/ids.ts";
import {
  identityKeyInput,
  identityModeInput,
  type IdentitySettings,
} from "../../protocol/operator-api.ts";
import {
  countProven,
  insertIdentityKey,
  listIdentityKeys,
  revokeIdentityKey,
} from "../d1/identity-keys.ts";
import { readWorkspace, updateWorkspace } from "../d1/workspaces.ts";
import { forgetIdentityKeys } from "../workspaces/identity-keys.ts";
import { forgetWorkspace } from "../workspaces/settings.ts";
import { memberOf, type ApiEnv } from "./api-env.ts";
import { found, json } from "./input.ts";

const COUNTED_MS = 30 * 86_400_000;

/** How the workspace's own server proves who its users are. Owners and admins only: the answers carry secrets. */
export const identityRoutes = new Hono<ApiEnv>()
  .get("/identity", async (c) => {
    const { workspace } = memberOf(c);
    const at = now();
    const [row, keys, sessions] = await Promise.all([
      readWorkspace(c.env.DB, workspace),
      listIdentityKeys(c.env.DB, workspace),
      countProven(c.env.DB, workspace, at - COUNTED_MS),
    ]);
    const secretOf = (key: IdentityKeyId, use: SecretUse) =>
      identitySecret(c.env.PARLEY_SECRET, workspace, key, use);
    const settings: IdentitySettings = {
      mode: found(row).identityMode,
      audience: workspace,
      keys: await Promise.all(
        keys.map(async (key) => ({
          ...key,
          standing: standingOf(key, at),
          secret: isUsable(key, at) ? await secretOf(key.id, "jwt") : null,
          hashSecret: isUsable(key, at) ? await secretOf(key.id, "hash") : null,
        })),
      ),
      sessions,
    };
    return c.json(settings);
  })
  .put("/identity/mode", json(identityModeInput), async (c) => {
    const member = memberOf(c);
    const { mode } = c.req.valid("json");
    await updateWorkspace(c.env.DB, member.workspace, { identityMode: mode });
    forgetWorkspace(member.siteKey);
    forgetDefinitions(member.workspace);
    return c.json({});
  })
  .post("/identity/keys", json(identityKeyInput), async (c) => {
    const { workspace, id: by } = memberOf(c);
    const { overlapMs } = c.req.valid("json");
    const at = now();
    const id = newId("idk", at);
    const retireAt = overlapMs === undefined ? null : at + overlapMs;
    if (!(await insertIdentityKey(c.env.DB, workspace, { id, by }, retireAt, at)))
      throw new CodedError("limit_reached");
    forgetIdentityKeys(workspace);
    return c.json({ id });
  })
  .delete("/identity/keys/:id", async (c) => {
    const { workspace } = memberOf(c);
    const id = asId("idk", found(c.get("id")));
    if (!(await revokeIdentityKey(c.env.DB, workspace, id, now())))
      throw new CodedError("not_found");
    forgetIdentityKeys(workspace);
    return c.json({});
  });
