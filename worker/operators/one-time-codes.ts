import { CODE_DIGITS, CODE_LIFETIME_MS, CODE_MAX_TRIES } from "../../protocol/limits.ts";
import { hashCode } from "../code-hash.ts";
import type { Env } from "../env.ts";
import { SESSION_LIFETIME_MS } from "./cookies.ts";

/**
 * One-time codes and the making of sessions, by better-auth on D1. Its own routes are not served; reading
 * and ending sessions is plain SQL over its tables (worker/d1/sessions.ts), so that only signing in loads it.
 * Its instants are the machine's, not the product's: moving `/dev/clock` signs nobody out.
 */

type Auth = Awaited<ReturnType<typeof makeAuth>>;

const made = new WeakMap<D1Database, Promise<Auth>>();

function authOf(env: Env): Promise<Auth> {
  let auth = made.get(env.DB);
  if (auth === undefined) {
    auth = makeAuth(env);
    made.set(env.DB, auth);
  }
  return auth;
}

async function makeAuth(env: Env) {
  const [{ betterAuth }, { emailOTP }] = await Promise.all([
    import("better-auth"),
    import("better-auth/plugins/email-otp"),
  ]);
  return betterAuth({
    database: env.DB,
    secret: env.PARLEY_SECRET,
    baseURL: env.DASHBOARD_URL || "http://localhost",
    telemetry: { enabled: false },
    logger: { level: "error" },
    session: { expiresIn: SESSION_LIFETIME_MS / 1_000 },
    advanced: { ipAddress: { disableIpTracking: true } },
    plugins: [
      emailOTP({
        otpLength: CODE_DIGITS,
        expiresIn: CODE_LIFETIME_MS / 1_000,
        allowedAttempts: CODE_MAX_TRIES,
        storeOTP: { hash: (code) => hashCode(env.PARLEY_SECRET, code) },
        sendVerificationOTP: () => Promise.reject(new Error("codes are sent by the email queue")),
      }),
    ],
  });
}

/** A new code for this address; an older one no longer works. Does not tell whether anybody knows the address. */
export async function makeCode(env: Env, email: string): Promise<string> {
  const auth = await authOf(env);
  return auth.api.createVerificationOTP({ body: { email, type: "sign-in" } });
}

/** Turns a code into a session; who is new becomes a user. Null when the code is wrong, used up or too old. */
export async function redeemCode(
  env: Env,
  email: string,
  code: string,
  userAgent: string,
): Promise<{ token: string } | null> {
  const auth = await authOf(env);
  try {
    const headers = new Headers({ "user-agent": userAgent.slice(0, 300) });
    const { token } = await auth.api.signInEmailOTP({ body: { email, otp: code }, headers });
    return { token };
  } catch (error) {
    // Every 4xx of this call is a code that does not fit.
    const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
    if (status >= 400 && status < 500) return null;
    throw error;
  }
}
