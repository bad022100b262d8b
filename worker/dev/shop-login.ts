import { identitySecret } from "../../domain/identity/keys.ts";
import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { errorBody } from "../../protocol/errors.ts";
import type { Env } from "../env.ts";
import { DEMO } from "../workspaces/demo.ts";

/** As long as a session of the shop. */
const LIFETIME_S = 3_600;

/**
 * `POST /demo/login { email }`: what the shop's own server does when somebody has signed in. It answers with the JWT that
 * the page hands to `parley('auth', jwt)`. The shop believes every email, so this is only there in development.
 */
export async function shopLogin(request: Request, env: Env): Promise<Response> {
  const body: unknown = await request.json().catch(() => null);
  const typed = typeof body === "object" && body !== null && "email" in body ? body.email : null;
  const email = typeof typed === "string" ? normaliseIdentifier("email", typed) : null;
  if (email === null)
    return Response.json(errorBody("invalid", "email: an address"), { status: 400 });
  const jwt = await signJwt(
    await identitySecret(env.PARLEY_SECRET, DEMO.workspace, DEMO.identityKey, "jwt"),
    { alg: "HS256", typ: "JWT", kid: DEMO.identityKey },
    {
      sub: `shopper:${email}`,
      aud: DEMO.workspace,
      exp: Math.floor(now() / 1_000) + LIFETIME_S,
      email,
      email_verified: true,
    },
  );
  return Response.json({ jwt }, { headers: { "cache-control": "no-store" } });
}

async function signJwt(secret: string, header: object, claims: object): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = [header, claims]
    .map((part) => base64Url(encoder.encode(JSON.stringify(part))))
    .join(".");
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return `${text}.${base64Url(new Uint8Array(mac))}`;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
