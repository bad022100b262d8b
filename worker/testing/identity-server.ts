import type { IdentitySettings } from "../../protocol/operator-api.ts";
import type { IdentityMode } from "../../protocol/settings.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

export type IdentityKey = { id: string; secret: string; hashSecret: string };

/** A customer's server: it has the keys of the workspace, and says with them who somebody is. */
export class IdentityServer {
  readonly #workspace: WorkspaceFixture;

  constructor(workspace: WorkspaceFixture) {
    this.#workspace = workspace;
  }

  settings(): Promise<IdentitySettings> {
    return this.#workspace.owner.call("GET", "/api/identity");
  }

  async setMode(mode: IdentityMode): Promise<void> {
    await this.#workspace.owner.call("PUT", "/api/identity/mode", { mode });
  }

  /** @param overlapMs - How long the key counts still that this one takes the place of. */
  async newKey(overlapMs: number): Promise<IdentityKey> {
    const path = "/api/identity/keys";
    const { id } = await this.#workspace.owner.call<{ id: string }>("POST", path, { overlapMs });
    const key = (await this.settings()).keys.find((one) => one.id === id);
    if (key?.secret == null) throw new Error("a new key has a secret");
    if (key.hashSecret === null) throw new Error("a new key has a secret for hashes too");
    return { id: key.id, secret: key.secret, hashSecret: key.hashSecret };
  }

  /** A JWT for ten minutes, its claims changed as said. */
  async jwt(key: IdentityKey, sub: string, more: object = {}): Promise<string> {
    const part = (value: object) => base64url(new TextEncoder().encode(JSON.stringify(value)));
    const exp = Math.floor(Date.now() / 1_000) + 600;
    const claims = { sub, aud: this.#workspace.me.workspace.id, exp, ...more };
    const text = `${part({ alg: "HS256", kid: key.id })}.${part(claims)}`;
    return `${text}.${await signature(key.secret, text)}`;
  }

  /** The older form of proof: a hash of the user id. */
  async hmac(key: IdentityKey, userId: string): Promise<string> {
    return [...(await mac(key.hashSecret, userId))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  }
}

/** What stands behind the second dot of a JWT. */
export async function signature(secret: string, text: string): Promise<string> {
  return base64url(await mac(secret, text));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

async function mac(secret: string, text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    bytes.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes.encode(text)));
}
