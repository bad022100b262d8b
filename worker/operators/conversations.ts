import { Hono } from "hono";
import { peersOf } from "../../durable-objects/peers.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, isId } from "../../protocol/ids.ts";
import {
  assignInput,
  conversationsQuery,
  entriesQuery,
  type ConversationPage,
} from "../../protocol/operator-api.ts";
import { countConversations, listConversations } from "../d1/conversations.ts";
import { operatorCard, readOperator } from "../d1/operators.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { found, json, query } from "./input.ts";
import { readCursor, writeCursor } from "./list-cursor.ts";

export const conversationRoutes = new Hono<ApiEnv>()
  .get("/conversations", query(conversationsQuery), async (c) => {
    const member = memberOf(c);
    const { status, who, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && after === null)
      throw new CodedError("invalid", "cursor: not valid");
    const list = await listConversations(c.env.DB, member.workspace, {
      status,
      who,
      operator: member.id,
      after,
    });
    const page: ConversationPage = {
      conversations: list.conversations,
      nextCursor: list.last && writeCursor(list.last),
    };
    return c.json(page);
  })
  .get("/conversations/counts", async (c) => {
    const member = memberOf(c);
    return c.json(await countConversations(c.env.DB, member.workspace, member.id));
  })
  .get("/conversations/:id", async (c) => {
    return c.json(found(await conversationOf(c).summary()));
  })
  .get("/conversations/:id/entries", query(entriesQuery), async (c) => {
    return c.json(found(await conversationOf(c).entries(c.req.valid("query").before ?? null)));
  })
  .post("/conversations/:id/assign", json(assignInput), async (c) => {
    const member = memberOf(c);
    const { operator, note } = c.req.valid("json");
    const to = operator === null ? null : await colleagueOf(c, operator);
    return c.json(found(await conversationOf(c).assign(member.card, to, note || null)));
  })
  .post("/conversations/:id/close", async (c) => {
    return c.json(found(await conversationOf(c).setStatus(memberOf(c).card, "closed")));
  })
  .post("/conversations/:id/reopen", async (c) => {
    return c.json(found(await conversationOf(c).setStatus(memberOf(c).card, "open")));
  });

function conversationOf(c: ApiContext) {
  return peersOf(c.env).conversation(memberOf(c).workspace, asId("cnv", found(c.get("id"))));
}

/** A colleague in the same workspace; anybody else is not there. */
async function colleagueOf(c: ApiContext, id: string) {
  return operatorCard(
    found(isId("opr", id) ? await readOperator(c.env.DB, memberOf(c).workspace, id) : null),
  );
}
