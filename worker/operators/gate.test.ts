import { beforeAll, describe, expect, it } from "vitest";
import { FRAME_MAX_BYTES, FRAME_MAX_DEPTH } from "../../protocol/limits.ts";
import type { OperatorRole } from "../../protocol/operators.ts";
import { DASHBOARD, mailsDuring, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { operatorApi } from "./api.ts";
import { matchRoute, ROUTE_TABLE } from "./route-table.ts";

let workspace: WorkspaceFixture;
const browsers = new Map<OperatorRole, OperatorBrowser>();

beforeAll(async () => {
  workspace = await newWorkspace("gate");
  browsers.set("owner", workspace.owner);
  for (const role of ["admin", "agent"] as const) {
    browsers.set(role, (await newColleague(workspace, `${role}@gate.example.com`, role)).browser);
  }
});

describe("the route table", () => {
  it("holds exactly the routes that exist", () => {
    const registered = operatorApi.routes
      .filter((route) => route.method !== "ALL")
      .map((route) => `${route.method} ${route.path}`);
    const listed = ROUTE_TABLE.map((route) => `${route.method} ${route.path}`);
    expect([...new Set(registered)].toSorted()).toEqual(listed.toSorted());
  });

  it("names a kind for every id in a path", () => {
    for (const route of ROUTE_TABLE)
      expect(route.path.includes(":id"), route.path).toBe(route.id !== undefined);
  });

  it("hides no route behind an earlier one", () => {
    for (const route of ROUTE_TABLE) {
      expect(matchRoute(route.method, route.path.replace(":id", "x"))?.route).toBe(route);
    }
  });
});

const guarded = ROUTE_TABLE.filter((route) => route.who !== "anyone" && !route.isSocket);

describe.each(["owner", "admin", "agent"] as const)("the role %s", (role) => {
  it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "on %s",
    async (_, route) => {
      // An id that does not exist and an empty body: whoever is let in hears of these, the others of their role.
      const browser = browsers.get(role);
      const response = await browser?.fetch(route.path.replace(":id", `${route.id ?? ""}_0`), {
        method: route.method,
        ...(route.method === "GET" ? {} : { body: { unknown: true } }),
      });
      const mayIn = typeof route.who === "string" || route.who.includes(role);
      expect(response?.status === 403).toBe(!mayIn);
      if (!mayIn) expect(await response?.json()).toMatchObject({ error: { code: "forbidden" } });
    },
  );
});

describe("the gate", () => {
  it("answers 404 for whatever the table does not hold", async () => {
    const paths = [
      "/api/",
      "/api/nothing",
      "/api/me/",
      "/api//me",
      "/api/auth/get-session",
      "/api/auth/sign-in/email-otp",
      "/api/email-otp/send-verification-otp",
    ];
    for (const path of paths) {
      for (const method of ["GET", "POST"]) {
        expect((await workspace.owner.fetch(path, { method })).status, `${method} ${path}`).toBe(
          404,
        );
      }
    }
    expect((await workspace.owner.fetch("/api/me", { method: "OPTIONS" })).status).toBe(404);
  });

  it("wants an Origin equal to the host for every change", async () => {
    const origins = [
      "https://evil.example",
      `${DASHBOARD}.evil.example`,
      "null",
      "",
      `${DASHBOARD}:81`,
    ];
    for (const origin of origins) {
      const init = { method: "PATCH", body: { title: "x" }, headers: { origin } };
      const response = await workspace.owner.fetch("/api/operators/me", init);
      expect(response.status, origin).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "origin_not_allowed" } });
    }
  });

  it("wants it for sockets too, before it looks at the session", async () => {
    const headers = { upgrade: "websocket", origin: "https://evil.example" };
    for (const { path } of ROUTE_TABLE.filter((route) => route.isSocket)) {
      const response = await workspace.owner.fetch(path.replace(":id", workspace.conversation), {
        headers,
      });
      expect(response.status, path).toBe(403);
    }
  });

  it("takes a socket's path for nothing else", async () => {
    expect((await workspace.owner.fetch("/api/inbox/socket")).status).toBe(400);
  });

  it("takes JSON only as application/json, so that no form of another site is read", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "",
    ]) {
      const response = await workspace.owner.fetch("/api/operators/me", {
        method: "PATCH",
        body: { title: "x" },
        headers: { "content-type": type },
      });
      expect(response.status, type).toBe(400);
    }
  });

  const hostile: [string, string, number, string][] = [
    ["no JSON", "{", 400, "bad_json"],
    ["an array", "[]", 400, "invalid"],
    ["null", "null", 400, "invalid"],
    ["a field nobody knows", '{"title":"x","role":"owner"}', 400, "invalid"],
    ["somebody's user id", '{"userId":"x"}', 400, "invalid"],
    ["__proto__", '{"__proto__":{"role":"owner"}}', 400, "invalid"],
    ["a wrong type", '{"title":{}}', 400, "invalid"],
    [
      "deep nesting",
      `{"title":${"[".repeat(FRAME_MAX_DEPTH)}${"]".repeat(FRAME_MAX_DEPTH)}}`,
      400,
      "too_deep",
    ],
    ["20,000 levels", `{"title":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, 400, "too_deep"],
    ["too many bytes", `{"title":"${"x".repeat(FRAME_MAX_BYTES)}"}`, 413, "too_large"],
  ];
  it.each(hostile)("answers %s with a coded error", async (_, body, status, code) => {
    const response = await workspace.owner.fetch("/api/operators/me", {
      method: "PATCH",
      body: new TextEncoder().encode(body),
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(({} as Record<string, unknown>)["role"]).toBeUndefined();
  });

  it("does not believe headers that claim who it is", async () => {
    const stranger = new OperatorBrowser();
    const headers = {
      "x-parley-session": "anything",
      "x-parley-operator": encodeURIComponent(JSON.stringify(workspace.me.operator)),
      "x-forwarded-user": workspace.me.email,
      "cf-access-authenticated-user-email": workspace.me.email,
      authorization: "Bearer anything",
    };
    expect((await stranger.fetch("/api/me", { headers })).status).toBe(401);
    expect(
      (await stranger.fetch("/api/inbox/socket", { headers: { ...headers, upgrade: "websocket" } }))
        .status,
    ).toBe(401);
  });

  it("hands objects its own word about who a socket is, whatever came from outside", async () => {
    const agent = browsers.get("agent") ?? new OperatorBrowser();
    const card = { id: workspace.me.operator.id, name: "Somebody else", title: "", photo: null };
    const response = await agent.fetch("/api/inbox/socket", {
      headers: {
        upgrade: "websocket",
        "x-parley-operator": encodeURIComponent(JSON.stringify(card)),
      },
    });
    const socket = response.webSocket;
    if (!socket) throw new Error("no socket");
    const hello = new Promise<string>((resolve) => {
      socket.addEventListener("message", (event) => resolve(String(event.data)), { once: true });
    });
    socket.accept();
    const { operators } = JSON.parse(await hello) as {
      operators: { name: string; isConnected: boolean }[];
    };
    socket.close();
    expect(
      operators.filter((operator) => operator.isConnected).map((operator) => operator.name),
    ).toEqual(["agent"]);
    expect(operators.map((operator) => operator.name)).not.toContain("Somebody else");
  });

  it("does nothing in another name than the page believes to act in", async () => {
    const own = workspace.me.operator?.id ?? "";
    const other = `${own.slice(0, -1)}${own.endsWith("0") ? "1" : "0"}`;
    for (const [operator, status] of [
      [own, 200],
      [other, 409],
      ["", 409],
    ] as const) {
      const headers = { "x-operator": operator };
      const init = { method: "PATCH", body: { title: "x" }, headers };
      const response = await workspace.owner.fetch("/api/operators/me", init);
      expect(response.status, operator).toBe(status);
      expect((await workspace.owner.fetch("/api/me", { headers })).status).toBe(200);
    }
    for (const path of [
      "/api/inbox/socket",
      `/api/conversations/${workspace.conversation}/socket`,
    ]) {
      expect((await workspace.owner.open(`${path}?operator=${other}`)).status, path).toBe(409);
      const { status, webSocket } = await workspace.owner.open(`${path}?operator=${own}`);
      expect(status, path).toBe(101);
      webSocket?.accept();
      webSocket?.close();
    }
  });

  it("lets nobody into a workspace who works in none", async () => {
    const browser = await new OperatorBrowser().signIn("nowhere@example.com");
    const response = await browser.fetch("/api/conversations");
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "no_workspace" } });
  });

  it("keeps every answer out of caches and never says where something failed", async () => {
    for (const path of ["/api/me", "/api/nothing", "/api/conversations/cnv_0"]) {
      const response = await workspace.owner.fetch(path);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await response.text()).not.toMatch(/\.ts\b|at .*\(/);
    }
  });

  it("shows no secret in any answer", async () => {
    const owner = await newOwner("secrets@example.com");
    const token = decodeURIComponent(owner.cookies.get("parley_session") ?? "").split(".")[0] ?? "";
    expect(token.length).toBeGreaterThan(20);
    await mailsDuring(() =>
      owner.call("POST", "/api/operators/invite", { email: "x@example.com", role: "agent" }),
    );
    for (const { path, isSocket, id, method } of ROUTE_TABLE) {
      if (method !== "GET" || isSocket || id !== undefined) continue;
      const text = await (await owner.fetch(path)).text();
      expect(text, path).not.toContain(token);
      expect(text, path).not.toMatch(/userId|user_id|PARLEY_SECRET|a-secret-of-the-tests/);
    }
  });
});
