import { readDeviceToken } from "../../domain/identity/tokens.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { eventsRequest, resetRequest } from "../../protocol/visitor-frames.ts";
import type { Env } from "../env.ts";
import { makeContinueLink } from "../continue/make-link.ts";
import { workspaceByKey } from "../workspaces/settings.ts";
import { teamAvailability } from "../workspaces/team.ts";
import { answer, refuse } from "./answers.ts";
import { auth } from "./auth.ts";
import { boot } from "./boot.ts";
import { chooseContact } from "./contact.ts";
import { takeTickets } from "./continuing.ts";
import { askForCode } from "./mailed-code.ts";
import { isFromAllowedPage, readBody } from "./request.ts";
import { conversationSocket, pageSocket } from "./sockets.ts";

/** Every route of `/v1/*`, by method and path: what pages of other origins may ask. */
export const VISITOR_ROUTES: Record<string, (request: Request, env: Env) => Promise<Response>> = {
  "POST /v1/boot": boot,
  "POST /v1/auth": auth,
  "POST /v1/auth/code": askForCode,
  "POST /v1/continue": makeContinueLink,
  "POST /v1/contact": chooseContact,
  "POST /v1/events": events,
  "POST /v1/reset": reset,
  "GET /v1/team": team,
  "GET /v1/page": pageSocket,
  "GET /v1/conversation": conversationSocket,
};

/** Answers a request to `/v1/*`. */
export async function answerVisitor(request: Request, env: Env): Promise<Response> {
  const { pathname } = new URL(request.url);
  const key = `${request.method} ${pathname}`;
  const route = VISITOR_ROUTES[key];
  if (route === undefined) return refuse("not_found");
  try {
    return await route(request, env);
  } catch (error) {
    console.error(`${key} failed`, error instanceof Error ? error.message : error);
    return refuse("overloaded");
  }
}

async function events(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, eventsRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const { token: text, ...batch } = body.value;
  // Boot has not been reached with it: it is nobody's to keep.
  takeTickets(batch.facts);
  const token = await readDeviceToken(env.PARLEY_SECRET, text);
  if (token === null) return refuse("bad_token");
  if (!(await isFromAllowedPage(request, env, token.workspace)))
    return refuse("origin_not_allowed");
  const outcome = await peersOf(env)
    .visitor(token.workspace, token.visitor)
    .ingest(token.device, batch);
  if (outcome.isEnded) return refuse("ended");
  return answer({ through: outcome.through, rejected: outcome.rejected });
}

async function reset(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, resetRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const token = await readDeviceToken(env.PARLEY_SECRET, body.value.token);
  if (token === null) return refuse("bad_token");
  if (!(await isFromAllowedPage(request, env, token.workspace)))
    return refuse("origin_not_allowed");
  await peersOf(env).visitor(token.workspace, token.visitor).reset(token.device);
  return answer({});
}

async function team(request: Request, env: Env): Promise<Response> {
  const workspace = await workspaceByKey(env, new URL(request.url).searchParams.get("key") ?? "");
  if (workspace === null) return refuse("unknown_key");
  return answer(await teamAvailability(env, workspace), { "cache-control": "public, max-age=15" });
}
