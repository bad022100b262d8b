import type { IdentitySettings } from "../../protocol/operator-api.ts";
import type { IdentityMode } from "../../protocol/settings.ts";
import { signedJwt, signedUserId, type ServerKey } from "./signing.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

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
  async newKey(overlapMs: number): Promise<ServerKey> {
    const path = "/api/identity/keys";
    const { id } = await this.#workspace.owner.call<{ id: string }>("POST", path, { overlapMs });
    const key = (await this.settings()).keys.find((one) => one.id === id);
    if (key?.secret == null) throw new Error("a new key has a secret");
    if (key.hashSecret === null) throw new Error("a new key has a secret for hashes too");
    return { id: key.id, secret: key.secret, hashSecret: key.hashSecret };
  }

  /** A JWT for ten minutes, its claims changed as said. */
  async jwt(key: ServerKey, sub: string, more: object = {}): Promise<string> {
    const exp = Math.floor(Date.now() / 1_000) + 600;
    return signedJwt(key, this.#workspace.me.workspace.id, { sub, exp, ...more });
  }

  /** The older form of proof: a hash of the user id. */
  hmac(key: ServerKey, userId: string): Promise<string> {
    return signedUserId(key, userId);
  }
}
