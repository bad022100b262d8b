import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import { IdentityServer } from "../testing/identity-server.ts";
import { env } from "../testing/operator-browser.ts";
import { HOST, VisitorSite, worker } from "../testing/visitor-site.ts";
import { newWorkspace } from "../testing/workspace-fixture.ts";
import { VISITOR_ROUTES } from "./routes.ts";

/** What becomes of identifiers that nothing proves, by what the workspace does with them. */

let site: VisitorSite;
let server: IdentityServer;
beforeAll(async () => {
  const workspace = await newWorkspace("identity");
  site = await VisitorSite.of(workspace);
  server = new IdentityServer(workspace);
});
beforeEach(() => server.setMode("off"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
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

/** Each way that a page can tell something, by its route. */
const WAYS: Record<string, (page: BootResponse) => Promise<unknown>> = {
  "POST /v1/boot": (page) => site.boot({ token: page.token, stream: "again", facts: claims(1) }),
  "POST /v1/events": async (page) =>
    (
      await site.post("/v1/events", {
        token: page.token,
        stream: "again",
        sentAt: Date.now(),
        facts: claims(1),
      })
    ).json(),
  "GET /v1/page": async (page) =>
    (await site.openPage(page.token)).ask({
      t: "events",
      stream: "again",
      sentAt: Date.now(),
      facts: claims(1),
    }),
};
/** Ways that take no facts: what looks like a trait is nothing there. */
const DEAF: Record<string, (page: BootResponse) => Promise<unknown>> = {
  "GET /v1/page": async (page) =>
    (await site.openPage(page.token)).ask({
      t: "message",
      stream: "m",
      n: 1,
      text: "Hello",
      email: "claimed@example.com",
      traits: { email: "claimed@example.com" },
      verified: true,
    }),
  "POST /v1/auth": (page) =>
    site.post("/v1/auth", { token: page.token, userId: "claimed", hmac: "0".repeat(64) }),
  "POST /v1/auth/code": (page) =>
    site.post("/v1/auth/code", { token: page.token, email: "claimed@example.com" }),
  "POST /v1/continue": (page) =>
    site.post("/v1/continue", {
      token: page.token,
      page: `${site.origin}/?email=claimed@example.com`,
    }),
  "POST /v1/contact": (page) =>
    site.post("/v1/contact", { token: page.token, address: "claimed@example.com" }),
  "POST /v1/reset": async (page) => {
    const other = await site.boot();
    await site.post("/v1/reset", {
      token: other.token,
      userId: "claimed",
      email: "claimed@example.com",
      visitor: page.visitor,
    });
  },
  "GET /v1/team": () =>
    worker.fetch(
      `${HOST}/v1/team?key=${site.workspace.me.workspace.siteKey}&userId=claimed&email=claimed@example.com`,
    ),
  "GET /v1/conversation": (page) =>
    worker.fetch(`${HOST}/v1/conversation?email=claimed@example.com`, {
      headers: {
        upgrade: "websocket",
        origin: site.origin,
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
      const page = await site.boot();
      await server.setMode("enforce");
      expect(await tell(page)).toMatchObject({ rejected: numbers(1), through: 5 });
      expect(await site.cardOf(page.visitor)).toMatchObject({
        name: null,
        identifiers: [],
        properties: [],
      });
    },
  );

  test.each(Object.entries(DEAF))("%s takes none", async (_, tell) => {
    const page = await site.boot();
    await server.setMode("enforce");
    await tell(page);
    expect(await site.cardOf(page.visitor)).toMatchObject({ identifiers: [], properties: [] });
  });

  test.each(Object.entries(WAYS))(
    "%s takes what this person has proven, and everything else",
    async (_, tell) => {
      const key = await server.newKey(0);
      const page = await site.boot();
      const sub = crypto.randomUUID();
      const { token } = await site.auth(page.token, {
        jwt: await server.jwt(key, sub, { email: `${sub}@example.com`, email_verified: true }),
      });
      await server.setMode("enforce");
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
      const events = await site.post("/v1/events", {
        token,
        stream: "own",
        sentAt: Date.now(),
        facts,
      });
      expect(await events.json()).toEqual({ through: 1, rejected: [] });
      expect(await site.cardOf(page.visitor)).toMatchObject({
        properties: [{ key: "plan", value: "gold" }],
      });
    },
  );

  test("a mail's sender is a label as before: whoever writes by email says nothing on a page", async () => {
    await server.setMode("enforce");
    const page = await site.boot({
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
    expect((await site.cardOf(page.visitor)).identifiers).toEqual([]);
  });
});

describe("with warnings", () => {
  test("identifiers are taken as claims, and the timeline says that nothing proves them", async () => {
    const page = await site.boot();
    await server.setMode("warn");
    const answer = await site.post("/v1/events", {
      token: page.token,
      stream: "again",
      sentAt: Date.now(),
      facts: claims(1).slice(0, 2),
    });
    expect(await answer.json()).toEqual({ through: 2, rejected: [] });
    expect((await site.cardOf(page.visitor)).identifiers).toEqual([
      { kind: "email", value: "claimed@example.com", isVerified: false },
      { kind: "user_id", value: "claimed", isVerified: false },
    ]);
    const { items } = await site.workspace.owner.call<{
      items: { type: string; isUnproven?: true }[];
    }>("GET", `/api/visitors/${page.visitor}/timeline`);
    expect(
      items.filter(({ type }) => type === "identify").map(({ isUnproven }) => isUnproven),
    ).toEqual([true, true]);
  });
});

test("what a workspace does with claims costs no question to D1 in a warm isolate", async () => {
  // Nothing grows old while the test looks at what is warm.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await server.setMode("enforce");
  const pages = await Promise.all(
    Object.values(WAYS).map(async (tell) => ({ tell, page: await site.boot() })),
  );
  const asked = [vi.spyOn(env.DB, "prepare"), vi.spyOn(env.DB, "batch")];
  for (const { tell, page } of pages)
    expect(await tell(page)).toMatchObject({ rejected: numbers(1) });
  for (const spy of asked) expect(spy).not.toHaveBeenCalled();
});
