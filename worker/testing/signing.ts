import type { WorkspaceId } from "../../protocol/ids.ts";

/** What a customer's server signs. */

/** `hashSecret`: the one for hashes of user ids. */
export type ServerKey = { id: string; secret: string; hashSecret: string };

export async function signedJwt(
  key: ServerKey,
  audience: WorkspaceId,
  claims: object,
): Promise<string> {
  const text = [
    { alg: "HS256", kid: key.id },
    { aud: audience, ...claims },
  ]
    .map((part) => encode(new TextEncoder().encode(JSON.stringify(part))))
    .join(".");
  return `${text}.${await signature(key.secret, text)}`;
}

/** What stands behind the second dot of a JWT. */
export async function signature(secret: string, text: string): Promise<string> {
  return encode(await mac(secret, text));
}

export async function signedUserId(key: ServerKey, userId: string): Promise<string> {
  return [...(await mac(key.hashSecret, userId))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

async function mac(secret: string, text: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}
