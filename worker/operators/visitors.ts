import { Hono } from "hono";
import { peersOf } from "../../durable-objects/peers.ts";
import { asId } from "../../protocol/ids.ts";
import { BOARD_MAX_VISITORS } from "../../protocol/limits.ts";
import { timelineQuery, type Board } from "../../protocol/operator-api.ts";
import type { DeliveryList } from "../../protocol/triggers-api.ts";
import { answer } from "./answers.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { found, query } from "./input.ts";

export const visitorRoutes = new Hono<ApiEnv>()
  .get("/visitors/online", async (c) => {
    const shards = peersOf(c.env).presenceShards(memberOf(c).workspace);
    const lists = await Promise.all(shards.map((shard) => shard.list()));
    const board: Board = {
      present: lists
        .flatMap((list) => list.present)
        .toSorted((a, b) => b.since - a.since)
        .slice(0, BOARD_MAX_VISITORS),
      total: lists.reduce((sum, list) => sum + list.total, 0),
    };
    return c.json(board);
  })
  .get("/visitors/:id", async (c) => {
    return answer(found(await visitorOf(c).card()));
  })
  .get("/visitors/:id/timeline", query(timelineQuery), async (c) => {
    return answer(found(await visitorOf(c).timeline(c.req.valid("query").before ?? null)));
  })
  .get("/visitors/:id/deliveries", async (c) => {
    const list: DeliveryList = { deliveries: found(await visitorOf(c).deliveries()) };
    return answer(list);
  })
  .post("/visitors/:id/conversation", async (c) => {
    return c.json(found(await visitorOf(c).openConversation()));
  });

function visitorOf(c: ApiContext) {
  return peersOf(c.env).visitor(memberOf(c).workspace, asId("vis", found(c.get("id"))));
}
