import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { identitySecret } from "../../domain/identity/keys.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import {
  FRAME_MAX_BYTES,
  HANDOVER_KEYS_MAX,
  HANDOVER_SECRET_MAX,
  HANDOVER_SECRET_MIN,
  HANDOVER_WAIT_MS,
  IDENTIFIER_MAX,
  KEY_OVERLAP_MAX_MS,
} from "../../protocol/limits.ts";
import type { IdentitySettings } from "../../protocol/operator-api.ts";
import type { PersonCard } from "../../protocol/person.ts";
import type { IdentityMode } from "../../protocol/settings.ts";
import type { AuthResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import type { Env } from "../env.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { OperatorBrowser } from "../testing/operator-browser.ts";
import { VISITOR_ROUTES } from "./routes.ts";

const bindings = env as unknown as Env; // the test's env is the Worker's
const worker = (exports as unknown as { default: Fetcher }).default;
const HOST = "http://parley.test";

let workspace: WorkspaceFixture;
let origin: string;
beforeAll(async () => {
  workspace = await newWorkspace("identity");
  origin =
    (await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings")).origins[0] ?? "";
});
beforeEach(() => setMode("off"));
afterEach(() => {
  vi.useRealTimers();
  setClockOffset(0);
  vi.restoreAllMocks();
});

const settings = () => workspace.owner.call<IdentitySettings>("GET", "/api/identity");
async function setMode(mode: IdentityMode) {
  await workspace.owner.call("PUT", "/api/identity/mode", { mode });
}
async function newKey(overlapMs?: number) {
  const { id } = await workspace.owner.call<{ id: string }>(
    "POST",
    "/api/identity/keys",
    overlapMs === undefined ? {} : { overlapMs },
  );
  const key = (await settings()).keys.find((one) => one.id === id);
  if (key?.secret == null) throw new Error("a new key has a secret");
  if (key.hashSecret === null) throw new Error("a new key has a secret for hashes too");
  return { id: key.id, secret: key.secret, hashSecret: key.hashSecret };
}
type Key = { id: string; secret: string; hashSecret: string };

let networks = 0;
function post(path: string, body: unknown, from = origin): Promise<Response> {
  return worker.fetch(`${HOST}${path}`, {
    method: "POST",
    headers: {
      origin: from,
      "content-type": "text/plain",
      "cf-connecting-ip": `10.1.${++networks}.1`,
    },
    body: JSON.stringify(body),
  });
}
const bootBody = (more: object) => ({
  key: workspace.me.workspace.siteKey,
  client: {},
  stream: "load",
  sentAt: Date.now(),
  facts: [{ type: "page", n: 1, at: Date.now(), url: `${origin}/` }],
  ...more,
});
async function boot(more: object = {}): Promise<BootResponse> {
  const answer = await post("/v1/boot", bootBody(more));
  expect(answer.status).toBe(200);
  return answer.json();
}
async function refusal(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  const body: { error: { code: string } } = await response.json();
  return [response.status, body.error.code];
}
const encode = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
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
async function jwt(key: Key, sub: string, more: object = {}): Promise<string> {
  const part = (value: object) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const text = `${part({ alg: "HS256", kid: key.id })}.${part({ sub, aud: workspace.me.workspace.id, exp, ...more })}`;
  return `${text}.${encode(await mac(key.secret, text))}`;
}
async function hmac(key: Key, userId: string): Promise<string> {
  return [...(await mac(key.hashSecret, userId))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
const cardOf = (visitor: string) =>
  workspace.owner.call<PersonCard>("GET", `/api/visitors/${visitor}`);
async function auth(token: string, proof: object): Promise<AuthResponse> {
  const answer = await post("/v1/auth", { token, ...proof });
  expect(answer.status).toBe(200);
  return answer.json();
}

describe("POST /v1/auth", () => {
  test("a JWT and an HMAC of the same user lead two browsers to one person", async () => {
    const key = await newKey(0);
    const computer = await boot();
    const first = await auth(computer.token, {
      jwt: await jwt(key, "u-1", { email: "u1@example.com", email_verified: true }),
    });
    expect(first).toMatchObject({ visitor: computer.visitor, isAnotherPerson: false });
    expect(first.device).not.toBe(computer.device);
    const phone = await boot();
    const next = "secret-of-the-browser";
    const second = await auth(phone.token, { next, userId: "u-1", hmac: await hmac(key, "u-1") });
    expect(second.visitor).toBe(computer.visitor);
    expect(second.device).not.toBe(phone.device);
    // The answer may be lost: with the browser's secret the old token leads to the new right.
    const followed = await boot({ token: phone.token, next, stream: "next" });
    expect(followed).toMatchObject({ visitor: computer.visitor, device: second.device });
    expect(followed.token).toBe(second.token);
    expect(followed).not.toHaveProperty("isAnotherPerson");
    expect(await cardOf(computer.visitor)).toMatchObject({
      identifiers: [
        { kind: "email", value: "u1@example.com", isVerified: true },
        { kind: "user_id", value: "u-1", isVerified: true },
      ],
    });
  });

  test("a copy of the token from before the proof opens nothing, with another secret or without one", async () => {
    const key = await newKey(0);
    const page = await boot();
    const next = "secret-of-the-browser";
    const proven = await auth(page.token, { next, jwt: await jwt(key, "u-fixed") });
    for (const secret of [undefined, "", "secret-of-somebody-else", "s".repeat(500)]) {
      const body = { token: page.token, ...(secret === undefined ? {} : { next: secret }) };
      setClockOffset(0);
      expect(await refusal(post("/v1/boot", bootBody(body)))).toEqual([503, "overloaded"]);
      setClockOffset(HANDOVER_WAIT_MS);
      expect((await boot(body)).visitor).not.toBe(proven.visitor);
    }
    expect((await boot({ token: page.token, next })).token).toBe(proven.token);
  });

  test("two tabs that prove different people at once: the browser comes to the right that has come of it, whichever was first", async () => {
    const key = await newKey(0);
    const page = await boot();
    const [one, other] = ["secret-of-the-first-tab", "secret-of-the-other-tab"];
    const proofs = await Promise.all([jwt(key, "u-tab-1"), jwt(key, "u-tab-2")]);
    const answers = await Promise.all([
      post("/v1/auth", { token: page.token, next: one, jwt: proofs[0] }),
      post("/v1/auth", { token: page.token, next: other, jwt: proofs[1] }),
    ]);
    const bodies = await Promise.all(answers.map((each) => each.json<Partial<AuthResponse>>()));
    const [token, ...others] = bodies.flatMap((body) => body.token ?? []);
    expect([typeof token, others]).toEqual(["string", []]);
    for (const next of [`${one} ${other}`, `${other} ${one}`])
      expect((await boot({ token: page.token, next })).token).toBe(token);
  });

  test("rights that have ended one after the other are left by the secrets of all their proofs", async () => {
    const key = await newKey(0);
    const page = await boot();
    const first = await auth(page.token, { next: "secret-number-one", jwt: await jwt(key, "u-x") });
    const email = { email: "x@example.com", email_verified: true };
    const proof = await jwt(key, "u-x", email);
    const last = await auth(first.token, { next: "secret-number-two", jwt: proof });
    expect(last.token).not.toBe(first.token);
    const next = "secret-number-two secret-number-one";
    expect((await boot({ token: page.token, next })).token).toBe(last.token);
    // More of them than a browser keeps are not looked at, nor are longer ones.
    const many = `${"another-one ".repeat(HANDOVER_KEYS_MAX)}${next}`;
    expect(await refusal(post("/v1/boot", bootBody({ token: page.token, next: many })))).toEqual([
      503,
      "overloaded",
    ]);
    const two = { token: page.token, next: "two secrets with white space" };
    expect(await refusal(post("/v1/auth", { ...two, jwt: proof }))).toEqual([400, "invalid"]);
  });

  test("boot says whom a browser was before as the same person, and of nobody else", async () => {
    const key = await newKey(0);
    const known = await auth((await boot()).token, { jwt: await jwt(key, "u-formerly") });
    const phone = await boot();
    expect(phone.formerly).toEqual([]);
    const joined = await auth(phone.token, { jwt: await jwt(key, "u-formerly") });
    expect(joined.visitor).toBe(known.visitor);
    for (let loads = 0; loads < 2; loads++)
      expect((await boot({ token: joined.token })).formerly).toEqual([phone.visitor]);
    const email = { email: "formerly@example.com", email_verified: true };
    const renewed = await auth(joined.token, { jwt: await jwt(key, "u-formerly", email) });
    expect(renewed).toMatchObject({ visitor: known.visitor });
    expect((await boot({ token: renewed.token })).formerly).toEqual([phone.visitor]);
    const another = await auth(renewed.token, { jwt: await jwt(key, "u-somebody-else") });
    expect(another.isAnotherPerson).toBe(true);
    expect((await boot({ token: another.token })).formerly).toEqual([]);
  });

  test("a browser that was away while somebody else signed in is told so, whatever they have proven since", async () => {
    const key = await newKey(0);
    const ann = await auth((await boot()).token, { jwt: await jwt(key, "u-ann-before") });
    const next = "secret-of-the-browser";
    const ben = await auth(ann.token, { next, jwt: await jwt(key, "u-ben-after") });
    const email = { email: "ben@example.com", email_verified: true };
    const again = await auth(ben.token, { next, jwt: await jwt(key, "u-ben-after", email) });
    expect(again.isAnotherPerson).toBe(false);
    const away = await boot({ token: ann.token, next });
    expect(away).toMatchObject({ token: again.token, isAnotherPerson: true });
    expect(await boot({ token: ben.token, next })).not.toHaveProperty("isAnotherPerson");
  });

  test("what a page has not told when somebody else signs in goes to the person who was there when it happened", async () => {
    const key = await newKey(0);
    const page = await boot();
    const ann = await auth(page.token, { jwt: await jwt(key, "u-ann") });
    const next = "secret-of-the-browser";
    const ben = await auth(ann.token, { next, jwt: await jwt(key, "u-ben") });
    expect(ben.isAnotherPerson).toBe(true);
    const sentAt = Date.now() + 1;
    const facts = [
      { type: "track", n: 2, at: sentAt - 60_000, name: "Before" },
      { type: "track", n: 3, at: sentAt, name: "After" },
    ];
    for (let told = 0; told < 2; told++)
      expect(await boot({ token: ann.token, next, sentAt, facts })).toMatchObject({
        through: 3,
        rejected: [],
        isAnotherPerson: true,
      });
    // Somebody with a copy of the former right tells that person nothing.
    await post("/v1/boot", bootBody({ token: ann.token, stream: "forged", sentAt, facts }));
    const eventsOf = async (visitor: string) =>
      Object.fromEntries((await cardOf(visitor)).events.map(({ name, count }) => [name, count]));
    expect(await eventsOf(ann.visitor)).toEqual({
      "Session Started": 1,
      "Page Viewed": 1,
      Before: 1,
    });
    expect(await eventsOf(ben.visitor)).toMatchObject({ After: 1 });
    expect(await eventsOf(ben.visitor)).not.toHaveProperty("Before");
  });

  test("ID-08 to ID-10: what proves nothing changes nothing", async () => {
    const key = await newKey(0);
    const page = await boot();
    const good = await jwt(key, "u-2");
    const hour = Math.floor(Date.now() / 1_000) + 3_600;
    for (const proof of [
      { jwt: "" },
      { jwt: `${good}x` },
      { jwt: good.slice(0, -1) },
      { jwt: await jwt({ ...key, secret: "another" }, "u-2") },
      { jwt: await jwt({ ...key, id: "idk_unknown" }, "u-2") },
      { jwt: await jwt(key, "u-2", { aud: "wsp_demo" }) },
      { jwt: await jwt(key, "u-2", { exp: hour - 7_200 }) },
      { jwt: await jwt(key, "u-2", { exp: hour + 10 * 365 * 86_400 }) },
      { jwt: await jwt(key, "u-2", { nbf: hour }) },
      { jwt: "x".repeat(FRAME_MAX_BYTES / 2) },
      { userId: "u-2", hmac: "0".repeat(64) },
      { userId: "u-2", hmac: "" },
      { userId: "u-3", hmac: await hmac(key, "u-2") },
    ])
      expect(await refusal(post("/v1/auth", { token: page.token, ...proof }))).toEqual([
        401,
        "bad_proof",
      ]);
    expect((await cardOf(page.visitor)).identifiers).toEqual([]);
  });

  test("ID-05: nothing may stand beside the proof", async () => {
    const key = await newKey(0);
    const { token } = await boot();
    const proof = { jwt: await jwt(key, "u-4") };
    for (const more of [
      { verified: true },
      { userId: "u-5" },
      { workspaceId: "wsp_demo" },
      { role: "owner" },
    ])
      expect(await refusal(post("/v1/auth", { token, ...proof, ...more }))).toEqual([
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
      expect(await refusal(post("/v1/auth", body))).toEqual([400, "invalid"]);
    expect(await refusal(post("/v1/auth", { token: "nonsense", ...proof }))).toEqual([
      401,
      "bad_token",
    ]);
    expect(await refusal(post("/v1/auth", { token, ...proof }, "https://evil.test"))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    await post("/v1/reset", { token });
    expect(await refusal(post("/v1/auth", { token, ...proof }))).toEqual([401, "ended"]);
  });

  test("while D1 cannot say whose it is the page is asked to wait, and the proof is not forgotten", async () => {
    const key = await newKey(0);
    const page = await boot();
    const proof = { token: page.token, jwt: await jwt(key, "u-6") };
    expect((await post("/v1/auth", { ...proof, jwt: `${proof.jwt}x` })).status).toBe(401);
    const away = vi.spyOn(bindings.DB, "batch").mockRejectedValue(new Error("D1 is away"));
    for (let asked = 0; asked < 3; asked++)
      expect(await refusal(post("/v1/auth", proof))).toEqual([503, "overloaded"]);
    away.mockRestore();
    expect((await post("/v1/auth", proof)).status).toBe(200);
    expect((await cardOf(page.visitor)).identifiers).toMatchObject([
      { value: "u-6", isVerified: true },
    ]);
  });
});

describe("keys", () => {
  test("ID-11: the one that was replaced counts until its overlap is over", async () => {
    const old = await newKey(0);
    const next = await newKey(60_000);
    const proves = async (key: Key) =>
      (
        await post("/v1/auth", {
          token: (await boot()).token,
          jwt: await jwt(key, "u-7", { exp: Math.floor(Date.now() / 1_000) + 3_600 }),
        })
      ).status;
    expect(await proves(old)).toBe(200);
    expect(await proves(next)).toBe(200);
    setClockOffset(59_000);
    expect(await proves(old)).toBe(200);
    setClockOffset(61_000);
    expect(await proves(old)).toBe(401);
    expect(await proves(next)).toBe(200);
    expect((await settings()).keys.find(({ id }) => id === old.id)).toMatchObject({
      standing: "retired",
      secret: null,
    });
  });

  test("each of its secrets is good for its own form of proof alone", async () => {
    const key = await newKey(0);
    expect(key.hashSecret).not.toBe(key.secret);
    const swapped = { ...key, secret: key.hashSecret, hashSecret: key.secret };
    const { token } = await boot();
    // The signing input of a JWT, signed as a user id that somebody has chosen.
    const [head, body] = (await jwt(key, "victim")).split(".");
    const signed = encode(await mac(key.hashSecret, `${head}.${body}`));
    for (const proof of [
      { jwt: await jwt(swapped, "u-9") },
      { jwt: `${head}.${body}.${signed}` },
      { userId: "u-9", hmac: await hmac(swapped, "u-9") },
    ])
      expect(await refusal(post("/v1/auth", { token, ...proof }))).toEqual([401, "bad_proof"]);
    await auth(token, { userId: "u-9", hmac: await hmac(key, "u-9") });
  });

  test("a revoked one counts no more, and is told to nobody", async () => {
    const key = await newKey(0);
    await workspace.owner.call("DELETE", `/api/identity/keys/${key.id}`);
    await workspace.owner.call("DELETE", `/api/identity/keys/${key.id}`);
    expect(
      await refusal(post("/v1/auth", { token: (await boot()).token, jwt: await jwt(key, "u-8") })),
    ).toEqual([401, "bad_proof"]);
    for (const secret of [key.secret, key.hashSecret])
      expect(JSON.stringify(await settings())).not.toContain(secret);
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
    const key = await newKey(0);
    const agent = await newColleague(workspace, "agent@identity.example.com", "agent");
    const admin = await newColleague(workspace, "admin@identity.example.com", "admin");
    expect((await agent.browser.fetch("/api/identity")).status).toBe(403);
    expect((await new OperatorBrowser().fetch("/api/identity")).status).toBe(401);
    expect(await (await admin.browser.fetch("/api/identity")).text()).toContain(key.secret);
    for (const path of ["/api/settings", "/api/me", "/api/operators"])
      expect(await (await workspace.owner.fetch(path)).text()).not.toContain(key.secret);
    const made = await workspace.owner.call<{ id: string }>("POST", "/api/identity/keys", {});
    expect(Object.keys(made)).toEqual(["id"]);
    expect(
      await identitySecret(
        bindings.PARLEY_SECRET,
        workspace.me.workspace.id,
        key.id as never,
        "jwt",
      ),
    ).toBe(key.secret);
    const { results } = await bindings.DB.prepare("SELECT * FROM identity_keys").all();
    expect(JSON.stringify(results)).not.toContain(key.secret);
  });
});

/** Everything that may carry an identifier, on every way that there is. */
const claims = (n: number) => [
  { type: "identify", n, at: Date.now(), userId: "claimed" },
  { type: "identify", n: n + 1, at: Date.now(), traits: { email: "claimed@example.com" } },
  { type: "identify", n: n + 2, at: Date.now(), traits: { phone: "+49170000000", name: "Ann" } },
  {
    type: "set",
    n: n + 3,
    at: Date.now(),
    ops: [{ op: "set_once", key: "email", value: "claimed@example.com" }],
  },
  {
    type: "set",
    n: n + 4,
    at: Date.now(),
    ops: [{ op: "append", key: "user_id", value: "claimed" }],
  },
];
const numbers = (n: number) => claims(n).map((fact) => ({ n: fact.n, code: "unproven" }));

async function openPage(token: string): Promise<TestSocket> {
  const answer = await worker.fetch(`${HOST}/v1/page`, {
    headers: { upgrade: "websocket", origin, "sec-websocket-protocol": `parley.1, ${token}` },
  });
  if (answer.webSocket === null) throw new Error("no socket");
  return new TestSocket(answer.webSocket);
}

/** Each way that a page can tell something, by its route. */
const WAYS: Record<string, (page: BootResponse) => Promise<unknown>> = {
  "POST /v1/boot": (page) => boot({ token: page.token, stream: "again", facts: claims(1) }),
  "POST /v1/events": async (page) =>
    (
      await post("/v1/events", {
        token: page.token,
        stream: "again",
        sentAt: Date.now(),
        facts: claims(1),
      })
    ).json(),
  "GET /v1/page": async (page) =>
    (await openPage(page.token)).ask({
      t: "events",
      stream: "again",
      sentAt: Date.now(),
      facts: claims(1),
    }),
};
/** Ways that take no facts: what looks like a trait is nothing there. */
const DEAF: Record<string, (page: BootResponse) => Promise<unknown>> = {
  "GET /v1/page": async (page) =>
    (await openPage(page.token)).ask({
      t: "message",
      stream: "m",
      n: 1,
      text: "Hello",
      email: "claimed@example.com",
      traits: { email: "claimed@example.com" },
      verified: true,
    }),
  "POST /v1/auth": (page) =>
    post("/v1/auth", { token: page.token, userId: "claimed", hmac: "0".repeat(64) }),
  "POST /v1/auth/code": (page) =>
    post("/v1/auth/code", { token: page.token, email: "claimed@example.com" }),
  "POST /v1/continue": (page) =>
    post("/v1/continue", { token: page.token, page: `${origin}/?email=claimed@example.com` }),
  "POST /v1/contact": (page) =>
    post("/v1/contact", { token: page.token, address: "claimed@example.com" }),
  "POST /v1/reset": async (page) => {
    const other = await boot();
    await post("/v1/reset", {
      token: other.token,
      userId: "claimed",
      email: "claimed@example.com",
      visitor: page.visitor,
    });
  },
  "GET /v1/team": () =>
    worker.fetch(
      `${HOST}/v1/team?key=${workspace.me.workspace.siteKey}&userId=claimed&email=claimed@example.com`,
    ),
  "GET /v1/conversation": (page) =>
    worker.fetch(`${HOST}/v1/conversation?email=claimed@example.com`, {
      headers: {
        upgrade: "websocket",
        origin,
        "sec-websocket-protocol": `parley.1, ${page.token}`,
      },
    }),
};

describe("ID-07: without a proof, in a workspace that enforces it", () => {
  test("every route is looked at here", () => {
    expect(Object.keys({ ...WAYS, ...DEAF }).toSorted()).toEqual(
      Object.keys(VISITOR_ROUTES).toSorted(),
    );
  });

  test.each(Object.entries(WAYS))(
    "%s refuses every identifier, each by itself",
    async (_, tell) => {
      const page = await boot();
      await setMode("enforce");
      expect(await tell(page)).toMatchObject({ rejected: numbers(1), through: 5 });
      expect(await cardOf(page.visitor)).toMatchObject({
        name: null,
        identifiers: [],
        properties: [],
      });
    },
  );

  test.each(Object.entries(DEAF))("%s takes none", async (_, tell) => {
    const page = await boot();
    await setMode("enforce");
    await tell(page);
    expect(await cardOf(page.visitor)).toMatchObject({ identifiers: [], properties: [] });
  });

  test.each(Object.entries(WAYS))(
    "%s takes what this person has proven, and everything else",
    async (_, tell) => {
      const key = await newKey(0);
      const page = await boot();
      const sub = crypto.randomUUID();
      const { token } = await auth(page.token, {
        jwt: await jwt(key, sub, { email: `${sub}@example.com`, email_verified: true }),
      });
      await setMode("enforce");
      expect(await tell({ ...page, token })).toMatchObject({ rejected: numbers(1) });
      const facts = [
        {
          type: "identify",
          n: 1,
          at: Date.now(),
          userId: sub,
          traits: { email: `${sub}@EXAMPLE.com`, plan: "gold" },
        },
      ];
      const events = await post("/v1/events", {
        token,
        stream: "own",
        sentAt: Date.now(),
        facts,
      });
      expect(await events.json()).toEqual({ through: 1, rejected: [] });
      expect(await cardOf(page.visitor)).toMatchObject({
        properties: [{ key: "plan", value: "gold" }],
      });
    },
  );

  test("a mail's sender is a label as before: whoever writes by email says nothing on a page", async () => {
    await setMode("enforce");
    const page = await boot({
      facts: [
        {
          type: "track",
          n: 1,
          at: Date.now(),
          name: "Signed In",
          props: { email: "claimed@example.com" },
        },
      ],
    });
    expect(page.rejected).toEqual([]);
    expect((await cardOf(page.visitor)).identifiers).toEqual([]);
  });
});

describe("with warnings", () => {
  test("identifiers are taken as claims, and the timeline says that nothing proves them", async () => {
    const page = await boot();
    await setMode("warn");
    const answer = await post("/v1/events", {
      token: page.token,
      stream: "again",
      sentAt: Date.now(),
      facts: claims(1).slice(0, 2),
    });
    expect(await answer.json()).toEqual({ through: 2, rejected: [] });
    expect((await cardOf(page.visitor)).identifiers).toEqual([
      { kind: "email", value: "claimed@example.com", isVerified: false },
      { kind: "user_id", value: "claimed", isVerified: false },
    ]);
    const { items } = await workspace.owner.call<{ items: { type: string; isUnproven?: true }[] }>(
      "GET",
      `/api/visitors/${page.visitor}/timeline`,
    );
    expect(
      items.filter(({ type }) => type === "identify").map(({ isUnproven }) => isUnproven),
    ).toEqual([true, true]);
  });
});

test("what a workspace does with claims costs no question to D1 in a warm isolate", async () => {
  // Nothing grows old while the test looks at what is warm.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await setMode("enforce");
  const pages = await Promise.all(
    Object.values(WAYS).map(async (tell) => ({ tell, page: await boot() })),
  );
  const asked = [vi.spyOn(bindings.DB, "prepare"), vi.spyOn(bindings.DB, "batch")];
  for (const { tell, page } of pages)
    expect(await tell(page)).toMatchObject({ rejected: numbers(1) });
  for (const spy of asked) expect(spy).not.toHaveBeenCalled();
});
