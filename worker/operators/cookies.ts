import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { ApiContext } from "./api-env.ts";

/**
 * The two cookies of an operator's browser. Both are unreadable for scripts and, but for development over
 * plain http, bound to this host by the `__Host-` prefix (RFC 6265bis section 4.1.3.2).
 */

const SESSION = "parley_session";
const WORKSPACE = "parley_workspace";

/** A session ends when it was not used for this long. */
export const SESSION_LIFETIME_MS = 30 * 24 * 3_600_000;

function attributes(c: ApiContext): CookieOptions {
  const shared = { httpOnly: true, sameSite: "Lax", path: "/" } as const;
  const isPlain = c.env.ENVIRONMENT === "development" && new URL(c.req.url).protocol === "http:";
  return isPlain ? { ...shared, secure: false } : { ...shared, secure: true, prefix: "host" };
}

/** The session's token is signed, so that who reads the database cannot make a cookie. */
const signingKey = (c: ApiContext): string => `operators:${c.env.PARLEY_SECRET}`;

export async function readSessionToken(c: ApiContext): Promise<string | null> {
  const token = await getSignedCookie(c, signingKey(c), SESSION, attributes(c).prefix);
  return token || null;
}

export async function writeSessionToken(c: ApiContext, token: string): Promise<void> {
  await setSignedCookie(c, SESSION, token, signingKey(c), {
    ...attributes(c),
    maxAge: SESSION_LIFETIME_MS / 1_000,
  });
}

/** The workspace this browser asks for. Only a wish: it counts if the person works there. */
export function readWorkspaceWish(c: ApiContext): string {
  return getCookie(c, WORKSPACE, attributes(c).prefix) ?? "";
}

export function writeWorkspaceWish(c: ApiContext, workspace: string): void {
  setCookie(c, WORKSPACE, workspace, { ...attributes(c), maxAge: SESSION_LIFETIME_MS / 1_000 });
}

export function clearCookies(c: ApiContext): void {
  deleteCookie(c, SESSION, attributes(c));
  deleteCookie(c, WORKSPACE, attributes(c));
}
