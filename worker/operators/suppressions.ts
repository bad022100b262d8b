import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { suppressionInput, type Suppressions } from "../../protocol/email-api.ts";
import { liftSuppression, listSuppressions, suppress } from "../d1/suppressions.ts";
import { memberOf, type ApiEnv } from "./api-env.ts";
import { json } from "./input.ts";

/** Addresses that get no mails. */
export const suppressionRoutes = new Hono<ApiEnv>()
  .get("/suppressions", async (c) => {
    const list: Suppressions = {
      suppressions: await listSuppressions(c.env.DB, memberOf(c).workspace),
    };
    return c.json(list);
  })
  .post("/suppressions", json(suppressionInput), async (c) => {
    const member = memberOf(c);
    const { address } = c.req.valid("json");
    const entry = { address, why: "by_hand", reason: null, at: now() } as const;
    await suppress(c.env.DB, member.workspace, entry, member.id);
    return c.json({});
  })
  .post("/suppressions/lift", json(suppressionInput), async (c) => {
    const { address } = c.req.valid("json");
    await liftSuppression(c.env.DB, memberOf(c).workspace, address, now());
    return c.json({});
  });
