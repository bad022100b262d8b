import { pageAddress } from "../../domain/sessions/source.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { WorkspaceRow } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { isOriginAllowed } from "../workspaces/allowed-origins.ts";
import { DEMO } from "../workspaces/demo.ts";

type Site = Pick<WorkspaceRow, "id" | "origins">;

/** The page of the site that a link leads to: the one asked for where it is the site's, else the site's first. */
export function destinationOf(
  env: Env,
  { id, origins }: Site,
  asked: string | null | undefined,
): string | null {
  const page = pageAddress(asked ?? "");
  if (page !== "" && isOriginAllowed(new URL(page).origin, origins)) return page;
  if (isDemoAt(env, id)) return `${publicOrigin(env)}/demo/`;
  const exact = origins.find((origin) => isOriginAllowed(origin, [origin]));
  return exact === undefined ? null : `${exact}/`;
}

/** The demo shop stands beside the product, wherever that is. */
const isDemoAt = (env: Env, workspace: WorkspaceId): boolean =>
  env.ENVIRONMENT === "development" && workspace === DEMO.workspace && publicOrigin(env) !== "";

/** Where the Worker is found; empty where nobody has said. */
export const publicOrigin = ({ PUBLIC_URL }: Env): string => PUBLIC_URL.replace(/\/+$/, "");
