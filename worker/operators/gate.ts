import type { MiddlewareHandler } from "hono";
import { isId } from "../../protocol/ids.ts";
import { readStanding, touchSession } from "../d1/sessions.ts";
import { API_HEADERS, refuse } from "./answers.ts";
import type { ApiContext, ApiEnv } from "./api-env.ts";
import {
  readSessionToken,
  readWorkspaceWish,
  SESSION_LIFETIME_MS,
  writeSessionToken,
} from "./cookies.ts";
import { matchRoute, type ApiRoute, type IdKind } from "./route-table.ts";

/** How often using a session is written down. */
const TOUCH_INTERVAL_MS = 3_600_000;

/**
 * Stands before every `/api` route: lets in what the route table says and nothing else. Who asks and in
 * which workspace comes from the session alone, never from the request's words.
 */
export const gate: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const match = matchRoute(c.req.method, c.req.path);
  if (match === null) return refuse("not_found");
  const { route, id } = match;
  if (route.isSocket && c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    return refuse("invalid", "This is a WebSocket.");
  }
  if ((route.isSocket || route.method !== "GET") && !isOwnOrigin(c))
    return refuse("origin_not_allowed");
  const refusal = await admit(c, route);
  if (refusal !== null) return refusal;
  if (id !== null) {
    if (!hasShape(route.id, id)) return refuse("not_found");
    c.set("id", id);
  }
  await next();
  // The headers of an upgrade's answer cannot be changed.
  if (c.res.status === 101) return;
  for (const [name, value] of Object.entries(API_HEADERS)) c.header(name, value);
};

async function admit(c: ApiContext, route: ApiRoute): Promise<Response | null> {
  if (route.who === "anyone") return null;
  const token = await readSessionToken(c);
  const standing =
    token === null ? null : await readStanding(c.env.DB, token, readWorkspaceWish(c));
  if (token === null || standing === null) return refuse("not_signed_in");
  c.set("standing", standing);
  if (!route.isSocket && Date.now() - standing.session.lastUsedAt > TOUCH_INTERVAL_MS) {
    const expiresAt = new Date(Date.now() + SESSION_LIFETIME_MS);
    if (!(await touchSession(c.env.DB, standing.session.id, expiresAt)))
      return refuse("not_signed_in");
    await writeSessionToken(c, token);
  }
  if (route.who === "person") return null;
  if (standing.membership === null) return refuse("no_workspace");
  const { id, role } = standing.membership.operator;
  const expected = expectedOperator(c, route);
  if (expected !== undefined && expected !== id) return refuse("conflict");
  return route.who.includes(role) ? null : refuse("forbidden");
}

/**
 * As whom the page believes to act: its cookie may have become somebody else's in another tab. It never
 * widens a right, it only refuses what would happen in the wrong name.
 */
function expectedOperator(c: ApiContext, route: ApiRoute): string | undefined {
  return c.req.header("x-operator") ?? (route.isSocket ? c.req.query("operator") : undefined);
}

/** A page of another site may send requests with our cookie, but it cannot choose its `Origin`. */
function isOwnOrigin(c: ApiContext): boolean {
  const origin = c.req.header("origin");
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === new URL(c.req.url).host;
}

function hasShape(kind: IdKind | undefined, id: string): boolean {
  if (kind === undefined) return false;
  return kind === "session" ? /^[A-Za-z0-9_-]{1,64}$/.test(id) : isId(kind, id);
}
