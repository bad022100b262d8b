import type { IdentityKeyId, WorkspaceId } from "../../protocol/ids.ts";

/** A key that the customer's server signs proofs with. Its secret is derived and stored nowhere. */
export type IdentityKey = {
  id: IdentityKeyId;
  createdAt: number;
  /** From then on proofs made with it are refused: it has been replaced. */
  retiresAt: number | null;
  revokedAt: number | null;
};

export type KeyStanding = "active" | "retiring" | "retired" | "revoked";

export function standingOf(key: IdentityKey, now: number): KeyStanding {
  if (key.revokedAt !== null) return "revoked";
  if (key.retiresAt === null) return "active";
  return now < key.retiresAt ? "retiring" : "retired";
}

/** Whether a proof made with it counts. */
export function isUsable(key: IdentityKey, now: number): boolean {
  const standing = standingOf(key, now);
  return standing === "active" || standing === "retiring";
}

/**
 * What a secret is for. Each key has one for either, and neither is good for the other: a user id that somebody has chosen
 * may read like the part of a JWT that is signed.
 */
export type SecretUse = "jwt" | "hash";

const LABELS: Record<SecretUse, string> = { jwt: "identity-key", hash: "identity-hash" };

/**
 * A secret of a key: HMAC-SHA256 over its use, workspace and key id under the installation's secret, as 43 characters of
 * base64url. Those characters, as they are, are the secret that the customer's server signs with.
 */
export async function identitySecret(
  master: string,
  workspace: WorkspaceId,
  key: IdentityKeyId,
  use: SecretUse,
): Promise<string> {
  const encoder = new TextEncoder();
  const imported = await crypto.subtle.importKey(
    "raw",
    encoder.encode(master),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = encoder.encode(`${LABELS[use]}.${workspace}.${key}`);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", imported, text));
  return btoa(String.fromCharCode(...mac))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
