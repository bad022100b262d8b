import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import {
  FRAME_MAX_BYTES,
  HANDOVER_KEYS_MAX,
  HANDOVER_SECRET_MAX,
  HANDOVER_SECRET_MIN,
  HANDOVER_WAIT_MS,
  IDENTIFIER_MAX,
} from "../../protocol/limits.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import { env } from "../testing/operator-browser.ts";
import { IdentityServer } from "../testing/identity-server.ts";
import { refusal, VisitorSite } from "../testing/visitor-site.ts";
import { newWorkspace } from "../testing/workspace-fixture.ts";

let site: VisitorSite;
let server: IdentityServer;
beforeAll(async () => {
  const workspace = await newWorkspace("identity");
  site = await VisitorSite.of(workspace);
  server = new IdentityServer(workspace);
});
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

describe("POST /v1/auth", () => {
  test("a JWT and an HMAC of the same user lead two browsers to one person", async () => {
    const key = await server.newKey(0);
    const computer = await site.boot();
    const first = await site.auth(computer.token, {
      jwt: await server.jwt(key, "u-1", { email: "u1@example.com", email_verified: true }),
    });
    expect(first).toMatchObject({ visitor: computer.visitor, isAnotherPerson: false });
    expect(first.device).not.toBe(computer.device);
    const phone = await site.boot();
    const next = "secret-of-the-browser";
    const second = await site.auth(phone.token, {
      next,
      userId: "u-1",
      hmac: await server.hmac(key, "u-1"),
    });
    expect(second.visitor).toBe(computer.visitor);
    expect(second.device).not.toBe(phone.device);
    // The answer may be lost: with the browser's secret the old token leads to the new right.
    const followed = await site.boot({ token: phone.token, next, stream: "next" });
    expect(followed).toMatchObject({ visitor: computer.visitor, device: second.device });
    expect(followed.token).toBe(second.token);
    expect(followed).not.toHaveProperty("isAnotherPerson");
    expect(await site.cardOf(computer.visitor)).toMatchObject({
      identifiers: [
        { kind: "email", value: "u1@example.com", isVerified: true },
        { kind: "user_id", value: "u-1", isVerified: true },
      ],
    });
  });

  test("a copy of the token from before the proof opens nothing, with another secret or without one", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const next = "secret-of-the-browser";
    const proven = await site.auth(page.token, { next, jwt: await server.jwt(key, "u-fixed") });
    for (const secret of [undefined, "", "secret-of-somebody-else", "s".repeat(500)]) {
      const body = { token: page.token, ...(secret === undefined ? {} : { next: secret }) };
      setClockOffset(0);
      expect(await refusal(site.post("/v1/boot", site.bootBody(body)))).toEqual([
        503,
        "overloaded",
      ]);
      setClockOffset(HANDOVER_WAIT_MS);
      expect((await site.boot(body)).visitor).not.toBe(proven.visitor);
    }
    expect((await site.boot({ token: page.token, next })).token).toBe(proven.token);
  });

  test("two tabs that prove different people at once: the browser comes to the right that has come of it, whichever was first", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const [one, other] = ["secret-of-the-first-tab", "secret-of-the-other-tab"];
    const proofs = await Promise.all([server.jwt(key, "u-tab-1"), server.jwt(key, "u-tab-2")]);
    const answers = await Promise.all([
      site.post("/v1/auth", { token: page.token, next: one, jwt: proofs[0] }),
      site.post("/v1/auth", { token: page.token, next: other, jwt: proofs[1] }),
    ]);
    const bodies = await Promise.all(answers.map((each) => each.json<Partial<AuthResponse>>()));
    const [token, ...others] = bodies.flatMap((body) => body.token ?? []);
    expect([typeof token, others]).toEqual(["string", []]);
    for (const next of [`${one} ${other}`, `${other} ${one}`])
      expect((await site.boot({ token: page.token, next })).token).toBe(token);
  });

  test("rights that have ended one after the other are left by the secrets of all their proofs", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const first = await site.auth(page.token, {
      next: "secret-number-one",
      jwt: await server.jwt(key, "u-x"),
    });
    const email = { email: "x@example.com", email_verified: true };
    const proof = await server.jwt(key, "u-x", email);
    const last = await site.auth(first.token, { next: "secret-number-two", jwt: proof });
    expect(last.token).not.toBe(first.token);
    const next = "secret-number-two secret-number-one";
    expect((await site.boot({ token: page.token, next })).token).toBe(last.token);
    // More of them than a browser keeps are not looked at, nor are longer ones.
    const many = `${"another-one ".repeat(HANDOVER_KEYS_MAX)}${next}`;
    expect(
      await refusal(site.post("/v1/boot", site.bootBody({ token: page.token, next: many }))),
    ).toEqual([503, "overloaded"]);
    const two = { token: page.token, next: "two secrets with white space" };
    expect(await refusal(site.post("/v1/auth", { ...two, jwt: proof }))).toEqual([400, "invalid"]);
  });

  test("boot says whom a browser was before as the same person, and of nobody else", async () => {
    const key = await server.newKey(0);
    const known = await site.auth((await site.boot()).token, {
      jwt: await server.jwt(key, "u-formerly"),
    });
    const phone = await site.boot();
    expect(phone.formerly).toEqual([]);
    const joined = await site.auth(phone.token, { jwt: await server.jwt(key, "u-formerly") });
    expect(joined.visitor).toBe(known.visitor);
    for (let loads = 0; loads < 2; loads++)
      expect((await site.boot({ token: joined.token })).formerly).toEqual([phone.visitor]);
    const email = { email: "formerly@example.com", email_verified: true };
    const renewed = await site.auth(joined.token, {
      jwt: await server.jwt(key, "u-formerly", email),
    });
    expect(renewed).toMatchObject({ visitor: known.visitor });
    expect((await site.boot({ token: renewed.token })).formerly).toEqual([phone.visitor]);
    const another = await site.auth(renewed.token, {
      jwt: await server.jwt(key, "u-somebody-else"),
    });
    expect(another.isAnotherPerson).toBe(true);
    expect((await site.boot({ token: another.token })).formerly).toEqual([]);
  });

  test("a browser that was away while somebody else signed in is told so, whatever they have proven since", async () => {
    const key = await server.newKey(0);
    const ann = await site.auth((await site.boot()).token, {
      jwt: await server.jwt(key, "u-ann-before"),
    });
    const next = "secret-of-the-browser";
    const ben = await site.auth(ann.token, { next, jwt: await server.jwt(key, "u-ben-after") });
    const email = { email: "ben@example.com", email_verified: true };
    const again = await site.auth(ben.token, {
      next,
      jwt: await server.jwt(key, "u-ben-after", email),
    });
    expect(again.isAnotherPerson).toBe(false);
    const away = await site.boot({ token: ann.token, next });
    expect(away).toMatchObject({ token: again.token, isAnotherPerson: true });
    expect(await site.boot({ token: ben.token, next })).not.toHaveProperty("isAnotherPerson");
  });

  test("what a page has not told when somebody else signs in goes to the person who was there when it happened", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const ann = await site.auth(page.token, { jwt: await server.jwt(key, "u-ann") });
    const next = "secret-of-the-browser";
    const ben = await site.auth(ann.token, { next, jwt: await server.jwt(key, "u-ben") });
    expect(ben.isAnotherPerson).toBe(true);
    const sentAt = Date.now() + 1;
    const facts = [
      { type: "track", n: 2, at: sentAt - 60_000, name: "Before" },
      { type: "track", n: 3, at: sentAt, name: "After" },
    ];
    for (let told = 0; told < 2; told++)
      expect(await site.boot({ token: ann.token, next, sentAt, facts })).toMatchObject({
        through: 3,
        rejected: [],
        isAnotherPerson: true,
      });
    // Somebody with a copy of the former right tells that person nothing.
    await site.post(
      "/v1/boot",
      site.bootBody({ token: ann.token, stream: "forged", sentAt, facts }),
    );
    const eventsOf = async (visitor: string) =>
      Object.fromEntries(
        (await site.cardOf(visitor)).events.map(({ name, count }) => [name, count]),
      );
    expect(await eventsOf(ann.visitor)).toEqual({
      "Session Started": 1,
      "Page Viewed": 1,
      Before: 1,
    });
    expect(await eventsOf(ben.visitor)).toMatchObject({ After: 1 });
    expect(await eventsOf(ben.visitor)).not.toHaveProperty("Before");
  });

  test("ID-08 to ID-10: what proves nothing changes nothing", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const good = await server.jwt(key, "u-2");
    const hour = Math.floor(Date.now() / 1_000) + 3_600;
    for (const proof of [
      { jwt: "" },
      { jwt: `${good}x` },
      { jwt: good.slice(0, -1) },
      { jwt: await server.jwt({ ...key, secret: "another" }, "u-2") },
      { jwt: await server.jwt({ ...key, id: "idk_unknown" }, "u-2") },
      { jwt: await server.jwt(key, "u-2", { aud: "wsp_demo" }) },
      { jwt: await server.jwt(key, "u-2", { exp: hour - 7_200 }) },
      { jwt: await server.jwt(key, "u-2", { exp: hour + 10 * 365 * 86_400 }) },
      { jwt: await server.jwt(key, "u-2", { nbf: hour }) },
      { jwt: "x".repeat(FRAME_MAX_BYTES / 2) },
      { userId: "u-2", hmac: "0".repeat(64) },
      { userId: "u-2", hmac: "" },
      { userId: "u-3", hmac: await server.hmac(key, "u-2") },
    ])
      expect(await refusal(site.post("/v1/auth", { token: page.token, ...proof }))).toEqual([
        401,
        "bad_proof",
      ]);
    expect((await site.cardOf(page.visitor)).identifiers).toEqual([]);
  });

  test("ID-05: nothing may stand beside the proof", async () => {
    const key = await server.newKey(0);
    const { token } = await site.boot();
    const proof = { jwt: await server.jwt(key, "u-4") };
    for (const more of [
      { verified: true },
      { userId: "u-5" },
      { workspaceId: "wsp_demo" },
      { role: "owner" },
    ])
      expect(await refusal(site.post("/v1/auth", { token, ...proof, ...more }))).toEqual([
        400,
        "invalid",
      ]);
    for (const body of [
      { token },
      { jwt: "x" },
      { token, userId: "u-4" },
      { token, userId: 4, hmac: "x" },
      { token, ...proof, next: "x".repeat(HANDOVER_SECRET_MIN - 1) },
      { token, ...proof, next: "x".repeat(HANDOVER_SECRET_MAX + 1) },
      { token, userId: "x".repeat(IDENTIFIER_MAX + 1), hmac: "x" },
    ])
      expect(await refusal(site.post("/v1/auth", body))).toEqual([400, "invalid"]);
    expect(await refusal(site.post("/v1/auth", { token: "nonsense", ...proof }))).toEqual([
      401,
      "bad_token",
    ]);
    expect(
      await refusal(site.post("/v1/auth", { token, ...proof }, { origin: "https://evil.test" })),
    ).toEqual([403, "origin_not_allowed"]);
    await site.post("/v1/reset", { token });
    expect(await refusal(site.post("/v1/auth", { token, ...proof }))).toEqual([401, "ended"]);
  });

  test("while D1 cannot say whose it is the page is asked to wait, and the proof is not forgotten", async () => {
    const key = await server.newKey(0);
    const page = await site.boot();
    const proof = { token: page.token, jwt: await server.jwt(key, "u-6") };
    expect((await site.post("/v1/auth", { ...proof, jwt: `${proof.jwt}x` })).status).toBe(401);
    const away = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is away"));
    for (let asked = 0; asked < 3; asked++)
      expect(await refusal(site.post("/v1/auth", proof))).toEqual([503, "overloaded"]);
    away.mockRestore();
    expect((await site.post("/v1/auth", proof)).status).toBe(200);
    expect((await site.cardOf(page.visitor)).identifiers).toMatchObject([
      { value: "u-6", isVerified: true },
    ]);
  });
});
