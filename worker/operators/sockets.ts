import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { SOCKET_HEADERS } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { operatorHeader } from "../../durable-objects/runtime/operator-header.ts";
import { asId } from "../../protocol/ids.ts";
import { refuse } from "./answers.ts";
import { memberOf, type ApiContext, type ApiEnv, type Member } from "./api-env.ts";
import { found } from "./input.ts";

/**
 * Operators' sockets. The Worker decides who it is and hands the upgrade to the object. The Inbox notes what
 * a session holds open before it is open, so that ending the session can close all of it.
 */
export const socketRoutes = new Hono<ApiEnv>()
  .get("/inbox/socket", (c) => {
    const member = memberOf(c);
    return peersOf(c.env).inbox(member.workspace).fetch(upgradeOf(c, member));
  })
  .get("/conversations/:id/socket", async (c) => {
    const member = memberOf(c);
    const id = asId("cnv", found(c.get("id")));
    const conversation = peersOf(c.env).conversation(member.workspace, id);
    found(await conversation.summary());
    const inbox = peersOf(c.env).inbox(member.workspace);
    if (!(await inbox.hold(member.session, member.id, { kind: "conversation", id }))) return refuse("ended");
    return conversation.fetch(upgradeOf(c, member));
  })
  .get("/visitors/:id/socket", async (c) => {
    const member = memberOf(c);
    const id = asId("vis", found(c.get("id")));
    const visitor = peersOf(c.env).visitor(member.workspace, id);
    found(await visitor.card());
    const inbox = peersOf(c.env).inbox(member.workspace);
    if (!(await inbox.hold(member.session, member.id, { kind: "visitor", id }))) return refuse("ended");
    return visitor.fetch(upgradeOf(c, member));
  });

/** The upgrade with our own words about who it is. Of what came from outside only the handshake is passed on. */
function upgradeOf(c: ApiContext, member: Member): Request {
  const headers = new Headers({ upgrade: "websocket" });
  for (const [name, value] of c.req.raw.headers) {
    if (name.startsWith("sec-websocket-")) headers.set(name, value);
  }
  headers.set(SOCKET_HEADERS.session, member.session);
  headers.set(SOCKET_HEADERS.operator, operatorHeader(member.card));
  headers.set(SOCKET_HEADERS.issuedAt, String(now()));
  return new Request(c.req.url, { headers });
}
