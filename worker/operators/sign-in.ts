import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import { CODE_REQUESTS_MAX, CODE_REQUESTS_WINDOW_MS } from "../../protocol/limits.ts";
import { codeRequestInput, signInInput, type SignInSession } from "../../protocol/operator-api.ts";
import { attemptKey, takeAttempt } from "../d1/attempts.ts";
import { findSession, listSessions } from "../d1/sessions.ts";
import { personOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { describeBrowser } from "./browser-name.ts";
import { clearCookies, readSessionToken, writeSessionToken } from "./cookies.ts";
import { endSession } from "./inbox-news.ts";
import { found, json } from "./input.ts";
import { makeCode, redeemCode } from "./one-time-codes.ts";

/** Codes that one network may ask for within the window, whatever the addresses. */
const CODE_REQUESTS_PER_NETWORK = 50;

export const signInRoutes = new Hono<ApiEnv>()
  .post("/sign-in/code", json(codeRequestInput), async (c) => {
    const { email } = c.req.valid("json");
    // Addresses are counted before anything is looked up: known or not, the answer and its time are the same.
    const isFew = (await mayAskFromHere(c)) && (await mayAskFor(c, email));
    if (!isFew) throw new CodedError("too_many_codes");
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

async function mayAskFor(c: ApiContext, email: string): Promise<boolean> {
  const key = await attemptKey("code", email);
  return takeAttempt(c.env.DB, key, CODE_REQUESTS_MAX, CODE_REQUESTS_WINDOW_MS, now());
}

async function mayAskFromHere(c: ApiContext): Promise<boolean> {
  // Set by Cloudflare; on a machine of one's own there is nobody to tell apart.
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || c.env.ENVIRONMENT === "development") return true;
  // An IPv6 customer holds a whole /64.
  const network = address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
  const key = await attemptKey("code-network", network);
  return takeAttempt(c.env.DB, key, CODE_REQUESTS_PER_NETWORK, CODE_REQUESTS_WINDOW_MS, now());
}
