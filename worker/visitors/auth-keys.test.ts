import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { identitySecret } from "../../domain/identity/keys.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { KEY_OVERLAP_MAX_MS } from "../../protocol/limits.ts";
import type { IdentitySettings } from "../../protocol/operator-api.ts";
import { IdentityServer } from "../testing/identity-server.ts";
import { signature, type ServerKey } from "../testing/signing.ts";
import { env, OperatorBrowser } from "../testing/operator-browser.ts";
import { refusal, VisitorSite } from "../testing/visitor-site.ts";
import { newColleague, newWorkspace } from "../testing/workspace-fixture.ts";

let site: VisitorSite;
let server: IdentityServer;
beforeAll(async () => {
  const workspace = await newWorkspace("identity");
  site = await VisitorSite.of(workspace);
  server = new IdentityServer(workspace);
});
afterEach(() => setClockOffset(0));

describe("keys", () => {
  test("ID-11: the one that was replaced counts until its overlap is over", async () => {
    const old = await server.newKey(0);
    const next = await server.newKey(60_000);
    const proves = async (key: ServerKey) =>
      (
        await site.post("/v1/auth", {
          token: (await site.boot()).token,
          jwt: await server.jwt(key, "u-7", { exp: Math.floor(Date.now() / 1_000) + 3_600 }),
        })
      ).status;
    expect(await proves(old)).toBe(200);
    expect(await proves(next)).toBe(200);
    setClockOffset(30_000);
    expect(await proves(old)).toBe(200);
    setClockOffset(61_000);
    expect(await proves(old)).toBe(401);
    expect(await proves(next)).toBe(200);
    expect((await server.settings()).keys.find(({ id }) => id === old.id)).toMatchObject({
      standing: "retired",
      secret: null,
    });
  });

  test("each of its secrets is good for its own form of proof alone", async () => {
    const key = await server.newKey(0);
    expect(key.hashSecret).not.toBe(key.secret);
    const swapped = { ...key, secret: key.hashSecret, hashSecret: key.secret };
    const { token } = await site.boot();
    // The signing input of a JWT, signed as a user id that somebody has chosen.
    const [head, body] = (await server.jwt(key, "victim")).split(".");
    const signed = await signature(key.hashSecret, `${head}.${body}`);
    for (const proof of [
      { jwt: await server.jwt(swapped, "u-9") },
      { jwt: `${head}.${body}.${signed}` },
      { userId: "u-9", hmac: await server.hmac(swapped, "u-9") },
    ])
      expect(await refusal(site.post("/v1/auth", { token, ...proof }))).toEqual([401, "bad_proof"]);
    await site.auth(token, { userId: "u-9", hmac: await server.hmac(key, "u-9") });
  });

  test("a revoked one counts no more, and is told to nobody", async () => {
    const key = await server.newKey(0);
    await site.workspace.owner.call("DELETE", `/api/identity/keys/${key.id}`);
    await site.workspace.owner.call("DELETE", `/api/identity/keys/${key.id}`);
    expect(
      await refusal(
        site.post("/v1/auth", {
          token: (await site.boot()).token,
          jwt: await server.jwt(key, "u-8"),
        }),
      ),
    ).toEqual([401, "bad_proof"]);
    for (const secret of [key.secret, key.hashSecret])
      expect(JSON.stringify(await server.settings())).not.toContain(secret);
  });

  test("five may be used at once, and no sixth", async () => {
    const other = await newWorkspace("many-keys");
    for (let made = 0; made < 5; made++) await other.owner.call("POST", "/api/identity/keys", {});
    expect(
      (await other.owner.fetch("/api/identity/keys", { method: "POST", body: {} })).status,
    ).toBe(409);
    expect(
      (
        await other.owner.fetch("/api/identity/keys", {
          method: "POST",
          body: { overlapMs: KEY_OVERLAP_MAX_MS + 1 },
        })
      ).status,
    ).toBe(400);
    const { keys } = await other.owner.call<IdentitySettings>("GET", "/api/identity");
    await other.owner.call("DELETE", `/api/identity/keys/${keys[0]?.id}`);
    expect(
      (
        await other.owner.fetch("/api/identity/keys", {
          method: "POST",
          body: { overlapMs: KEY_OVERLAP_MAX_MS },
        })
      ).status,
    ).toBe(200);
  });

  test("no answer carries a secret but the one for owners and admins", async () => {
    const key = await server.newKey(0);
    const agent = await newColleague(site.workspace, "agent@identity.example.com", "agent");
    const admin = await newColleague(site.workspace, "admin@identity.example.com", "admin");
    expect((await agent.browser.fetch("/api/identity")).status).toBe(403);
    expect((await new OperatorBrowser().fetch("/api/identity")).status).toBe(401);
    expect(await (await admin.browser.fetch("/api/identity")).text()).toContain(key.secret);
    for (const path of ["/api/settings", "/api/me", "/api/operators"])
      expect(await (await site.workspace.owner.fetch(path)).text()).not.toContain(key.secret);
    const made = await site.workspace.owner.call<{ id: string }>("POST", "/api/identity/keys", {});
    expect(Object.keys(made)).toEqual(["id"]);
    expect(
      await identitySecret(
        env.PARLEY_SECRET,
        site.workspace.me.workspace.id,
        key.id as never,
        "jwt",
      ),
    ).toBe(key.secret);
    const { results } = await env.DB.prepare("SELECT * FROM identity_keys").all();
    expect(JSON.stringify(results)).not.toContain(key.secret);
  });
});
