import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import { codeRequestInput, signInInput, type SignInSession } from "../../protocol/operator-api.ts";
import { findSession, listSessions } from "../d1/sessions.ts";
import { personOf, type ApiEnv } from "./api-env.ts";
import { describeBrowser } from "./browser-name.ts";
import { clearCookies, readSessionToken, writeSessionToken } from "./cookies.ts";
import { endSession } from "./inbox-news.ts";
import { found, json } from "./input.ts";
import { makeCode, redeemCode } from "./one-time-codes.ts";
import { mayAskForCode, mayTryCode } from "./sign-in-limits.ts";

export const signInRoutes = new Hono<ApiEnv>()
  .post("/sign-in/code", json(codeRequestInput), async (c) => {
    const { email } = c.req.valid("json");
    if (!(await mayAskForCode(c, email))) throw new CodedError("too_many_codes");
    const code = await makeCode(c.env, email);
    await c.env.EMAILS.send({
      type: "SendEmail",
      id: newId("job", now()),
      to: email,
      mail: { template: "sign-in-code", code },
    });
    return c.json({});
  })
  .post("/sign-in", json(signInInput), async (c) => {
    const { email, code } = c.req.valid("json");
    if (!(await mayTryCode(c, email))) throw new CodedError("rate_limited");
    const session = await redeemCode(c.env, email, code, c.req.header("user-agent") ?? "");
    if (session === null) throw new CodedError("wrong_code");
    await writeSessionToken(c, session.token);
    return c.json({});
  })
  .post("/sign-out", async (c) => {
    // Open to anyone, so that an ending which failed halfway can be asked for again with the same cookie.
    const token = await readSessionToken(c);
    const session = token === null ? null : await findSession(c.env.DB, token);
    if (session !== null) await endSession(c.env, session.id, session.userId);
    clearCookies(c);
    return c.json({});
  })
  .get("/sessions", async (c) => {
    const person = personOf(c);
    const sessions = await listSessions(c.env.DB, person.userId);
    return c.json({
      sessions: sessions.map((session): SignInSession => ({
        id: session.id,
        createdAt: session.createdAt,
        lastUsedAt: session.lastUsedAt,
        browser: describeBrowser(session.userAgent),
        isThis: session.id === person.id,
      })),
    });
  })
  .delete("/sessions/:id", async (c) => {
    const person = personOf(c);
    const id = found(c.get("id"));
    if (!(await endSession(c.env, id, person.userId))) throw new CodedError("not_found");
    if (id === person.id) clearCookies(c);
    return c.json({});
  });
