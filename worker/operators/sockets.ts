import { Hono } from "hono";
import { SOCKET_HEADERS } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { operatorHeader } from "../../durable-objects/runtime/operator-header.ts";
import { asId, type VisitorId } from "../../protocol/ids.ts";
import { readMailSender } from "../d1/mail-senders.ts";
import { provenAddressOf } from "../d1/proven-addresses.ts";
import { readStanding } from "../d1/sessions.ts";
import { refuse } from "./answers.ts";
import { memberOf, personOf, type ApiContext, type ApiEnv, type Member } from "./api-env.ts";
import { withdrawRemoved } from "./inbox-news.ts";
import { found } from "./input.ts";

/**
 * Operators' sockets. The Worker decides who it is and hands the upgrade to the object. The Inbox notes what
 * a session holds before it is open, so that ending the session can close all of it.
 */
export const socketRoutes = new Hono<ApiEnv>()
  .get("/inbox/socket", async (c) => {
    const member = memberOf(c);
    const inbox = peersOf(c.env).inbox(member.workspace);
    const response = await inbox.fetch(upgradeOf(c, member));
    if (await isStillMember(c, member)) return response;
    await inbox.endSession(member.session);
    await withdrawRemoved(c.env, member.workspace, member.id);
    return refuse("ended");
  })
  .get("/conversations/:id/socket", async (c) => {
    const member = memberOf(c);
    const id = asId("cnv", found(c.get("id")));
    const conversation = peersOf(c.env).conversation(member.workspace, id);
    const summary = found(await conversation.summary());
    const inbox = peersOf(c.env).inbox(member.workspace);
    if (!(await inbox.hold(member.session, member.id, { kind: "conversation", id })))
      return refuse("ended");
    // In a conversation by email the object itself knows where answers go.
    const route = summary.mail === undefined ? await mailRoute(c, member, summary.visitor.id) : {};
    const response = await conversation.fetch(upgradeOf(c, member, route));
    if (await isStillMember(c, member)) return response;
    await conversation.endSession(member.session);
    await withdrawRemoved(c.env, member.workspace, member.id);
    return refuse("ended");
  })
  .get("/visitors/:id/socket", async (c) => {
    const member = memberOf(c);
    const id = asId("vis", found(c.get("id")));
    const visitor = peersOf(c.env).visitor(member.workspace, id);
    found(await visitor.card());
    const inbox = peersOf(c.env).inbox(member.workspace);
    if (!(await inbox.hold(member.session, member.id, { kind: "visitor", id })))
      return refuse("ended");
    const response = await visitor.fetch(upgradeOf(c, member));
    if (await isStillMember(c, member)) return response;
    await visitor.endSession(member.session);
    await withdrawRemoved(c.env, member.workspace, member.id);
    return refuse("ended");
  });

/**
 * Asked once the socket is open: a right that ended while it was opening may have closed everything before
 * there was anything to close. What has not been handed out yet is closed here.
 */
async function isStillMember(c: ApiContext, member: Member): Promise<boolean> {
  const standing = await readStanding(c.env.DB, personOf(c).token, member.workspace);
  const operator = standing?.membership?.operator;
  return operator?.workspaceId === member.workspace && operator.id === member.id;
}

/** Where mails of a chat go, if D1 knows an address to be the person's, and when they go by themselves. */
async function mailRoute(
  c: ApiContext,
  { workspace }: Member,
  visitor: VisitorId,
): Promise<Record<string, string>> {
  const [to, { copyAfterMinutes }] = await Promise.all([
    provenAddressOf(c.env.DB, workspace, visitor),
    readMailSender(c.env.DB, workspace),
  ]);
  return {
    ...(to === null ? {} : { [SOCKET_HEADERS.mailTo]: to }),
    [SOCKET_HEADERS.copyAfter]: String(copyAfterMinutes * 60_000),
  };
}

/** The upgrade with our own words about who it is. Of what came from outside only the handshake is passed on. */
function upgradeOf(c: ApiContext, member: Member, more: Record<string, string> = {}): Request {
  const headers = new Headers({ upgrade: "websocket" });
  for (const [name, value] of c.req.raw.headers) {
    if (name.startsWith("sec-websocket-")) headers.set(name, value);
  }
  headers.set(SOCKET_HEADERS.session, member.session);
  headers.set(SOCKET_HEADERS.operator, operatorHeader(member.card));
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Request(c.req.url, { headers });
}
