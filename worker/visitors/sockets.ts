import { readDeviceToken, readTicket } from "../../domain/identity/tokens.ts";
import { SOCKET_HEADERS } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { SUBPROTOCOL } from "../../durable-objects/runtime/sockets.ts";
import { TICKET_LIFETIME_MS } from "../../protocol/limits.ts";
import type { Env } from "../env.ts";
import { refuse } from "./answers.ts";
import { isFromAllowedPage, throttledNetwork } from "./request.ts";

/** `GET /v1/page`: a page's socket to its visitor. The device's token is offered as the second subprotocol. */
export async function pageSocket(request: Request, env: Env): Promise<Response> {
  const credential = offeredCredential(request);
  if (credential === null) return refuse("invalid");
  const token = await readDeviceToken(env.PARLEY_SECRET, credential);
  if (token === null) return refuse("bad_token");
  if (!(await isFromAllowedPage(request, env, token.workspace)))
    return refuse("origin_not_allowed");
  const network = await throttledNetwork(request, env.PARLEY_SECRET);
  return peersOf(env)
    .visitor(token.workspace, token.visitor)
    .fetch(
      upgrade("page", { [SOCKET_HEADERS.device]: token.device, [SOCKET_HEADERS.network]: network }),
    );
}

/** `GET /v1/conversation`: the chat panel's socket to its conversation, opened with a ticket. */
export async function conversationSocket(request: Request, env: Env): Promise<Response> {
  const credential = offeredCredential(request);
  if (credential === null) return refuse("invalid");
  const ticket = await readTicket(env.PARLEY_SECRET, credential);
  if (ticket === null || now() - ticket.issuedAt > TICKET_LIFETIME_MS) return refuse("bad_ticket");
  if (!(await isFromAllowedPage(request, env, ticket.workspace)))
    return refuse("origin_not_allowed");
  return peersOf(env)
    .conversation(ticket.workspace, ticket.conversation)
    .fetch(upgrade("conversation", { [SOCKET_HEADERS.device]: ticket.device }));
}

/** The token or ticket beside our subprotocol, or null if this is no upgrade of ours. */
function offeredCredential(request: Request): string | null {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
  const [protocol, credential, ...rest] =
    request.headers.get("sec-websocket-protocol")?.split(/,\s*/) ?? [];
  return protocol === SUBPROTOCOL && rest.length === 0 ? (credential ?? null) : null;
}

/** A request of our own: nothing that the visitor sent reaches the object but what was verified. */
function upgrade(path: string, headers: Record<string, string>): Request {
  return new Request(`https://object/${path}`, {
    headers: { upgrade: "websocket", "sec-websocket-protocol": SUBPROTOCOL, ...headers },
  });
}
