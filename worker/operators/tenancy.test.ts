import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_WIDGET } from "../../protocol/settings.ts";
import { newId } from "../../protocol/ids.ts";
import { env, mailsDuring, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";
import { putMailInto } from "../testing/mail-stage.ts";
import { triggerDefinition } from "../testing/trigger-definition.ts";
import {
  invite,
  newColleague,
  newWorkspace,
  type WorkspaceFixture,
} from "../testing/workspace-fixture.ts";
import { ROUTE_TABLE, type ApiRoute, type IdKind } from "./route-table.ts";

/** Every route of the table × who asks × whose id: generated, so that a new route is covered when it is added. */

let mine: WorkspaceFixture;
let theirs: WorkspaceFixture;

beforeAll(async () => {
  mine = await newWorkspace("mine");
  theirs = await newWorkspace("theirs");
  for (const { me, conversation } of [mine, theirs])
    await putMailInto(me.workspace.id, conversation);
});

const withId = ROUTE_TABLE.filter((route) => route.id !== undefined);
const guarded = ROUTE_TABLE.filter((route) => route.who !== "anyone");
const named = (routes: readonly ApiRoute[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

const SEGMENT = {
  name: "Has a cart",
  description: "",
  condition: { type: "cart_items", is: { op: "gte", value: 1 } },
};
const TRIGGER = { definition: triggerDefinition() };

/** Query strings of routes that need one. */
const QUERIES: Readonly<Record<string, string>> = {
  "GET /api/triggers/:id/people": "?figure=sent",
  "GET /api/catalogue/event": "?name=Page%20Viewed",
  "GET /api/visitors/search": "?q=ada",
  "GET /api/conversations/:id/mail": "?seq=1",
  "GET /api/conversations/:id/mail-page": "?seq=1",
  "GET /api/conversations/:id/attachment": "?seq=1&index=0",
};

/** A body that each route would take. */
const BODIES: Readonly<Record<string, unknown>> = {
  "POST /api/sign-in/code": { email: "somebody@example.com" },
  "POST /api/sign-in": { email: "somebody@example.com", code: "000000" },
  "POST /api/workspaces": { name: "Shop", site: "shop.example.com", operatorName: "Olivia" },
  "POST /api/invitations/:id/accept": { name: "Olivia" },
  "PATCH /api/operators/me": { title: "Advisor" },
  "PATCH /api/operators/:id": { role: "admin" },
  "PATCH /api/settings/workspace": { name: "Shop" },
  "PUT /api/settings/widget": DEFAULT_WIDGET,
  "PUT /api/settings/origins": { origins: ["https://shop.example.com"] },
  "PUT /api/identity/mode": { mode: "off" },
  "POST /api/identity/keys": {},
  "POST /api/conversations/:id/assign": { operator: null },
  "POST /api/conversations/:id/mail-again": { message: 1 },
  "POST /api/conversations/:id/accept": { seq: 1 },
  "PUT /api/settings/email": {
    fromName: null,
    fromAddress: null,
    replyDomain: null,
    copyAfterMinutes: 5,
    originalsDays: 0,
  },
  "POST /api/suppressions": { address: "ada@example.com" },
  "POST /api/suppressions/lift": { address: "ada@example.com" },
  "POST /api/segments": SEGMENT,
  "PUT /api/segments/:id": SEGMENT,
  "POST /api/segments/preview": { condition: SEGMENT.condition },
  "POST /api/triggers": TRIGGER,
  "PUT /api/triggers/:id": TRIGGER,
  "POST /api/triggers/:id/status": { status: "live" },
  "POST /api/triggers/preview": { action: { type: "alert", text: "Somebody is here" } },
};
const PNG = Uint8Array.from(
  atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  ),
  (sign) => sign.charCodeAt(0),
);

async function bodyOf(route: ApiRoute, workspace: WorkspaceFixture): Promise<unknown> {
  const key = `${route.method} ${route.path}`;
  if (key === "POST /api/operators/invite")
    return { email: `${crypto.randomUUID()}@example.com`, role: "agent" };
  if (key === "POST /api/segments/explain")
    return { condition: SEGMENT.condition, visitor: workspace.visitor };
  if (route.method === "POST" && route.path.includes("/links"))
    return { visitor: workspace.visitor };
  if (key === "POST /api/workspace") return { workspace: workspace.me.workspace.id };
  if (key === "PUT /api/operators/me/photo") return PNG;
  return BODIES[key];
}

async function ask(browser: OperatorBrowser, route: ApiRoute, id: string): Promise<Response> {
  const path = `${route.path.replace(":id", id)}${QUERIES[`${route.method} ${route.path}`] ?? ""}`;
  if (route.isSocket) return browser.open(path);
  const body = await bodyOf(route, mine);
  let response: Response | undefined;
  // Mails go no further than the queue.
  await mailsDuring(async () => {
    response = await browser.fetch(path, {
      method: route.method,
      ...(body === undefined ? {} : { body }),
    });
  });
  if (response === undefined) throw new Error("not answered");
  return response;
}

/** Everything of an answer that a client could tell two answers apart by. */
async function whole(response: Response): Promise<string> {
  const headers = [...response.headers].toSorted(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([response.status, headers, await response.text()]);
}

/** An id of this kind that exists in the workspace, made for this use. */
async function existing(kind: IdKind, workspace: WorkspaceFixture): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  switch (kind) {
    case "cnv":
      return workspace.conversation;
    case "vis":
      return workspace.visitor;
    case "opr":
      return (await newColleague(workspace, email, "agent")).id;
    case "inv":
      return invite(workspace, email);
    case "seg":
      return idOf(await workspace.owner.call("POST", "/api/segments", SEGMENT));
    case "trg":
      return idOf(await workspace.owner.call("POST", "/api/triggers", TRIGGER));
    case "idk":
      return idOf(await workspace.owner.call("POST", "/api/identity/keys", {}));
    case "session": {
      await new OperatorBrowser().signIn(workspace.me.email);
      const row = await env.DB.prepare(
        "SELECT s.id FROM session s JOIN user u ON u.id = s.userId WHERE u.email = ? ORDER BY s.createdAt DESC LIMIT 1",
      )
        .bind(workspace.me.email)
        .first<{ id: string }>();
      return row?.id ?? "";
    }
  }
}

const idOf = ({ id }: Record<string, unknown>): string => String(id);

function missing(kind: IdKind): string {
  return kind === "session" ? "x".repeat(32) : newId(kind, Date.now());
}

describe("without a session", () => {
  it.each(named(guarded))("%s answers 401 and nothing else", async (_, route) => {
    const id = route.id === undefined ? "" : await existing(route.id, mine);
    const response = await ask(new OperatorBrowser(), route, id);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      error: { code: "not_signed_in", message: "Sign in first." },
    });
  });

  it.each(named(guarded))("%s answers 401 to a forged cookie", async (_, route) => {
    const browser = new OperatorBrowser();
    const [token] = (mine.owner.cookies.get("parley_session") ?? "").split(".");
    browser.cookies.set("parley_session", `${token}.${encodeURIComponent(`${"A".repeat(43)}=`)}`);
    browser.cookies.set("parley_workspace", mine.me.workspace.id);
    expect(
      (await ask(browser, route, route.id === undefined ? "" : missing(route.id))).status,
    ).toBe(401);
  });
});

describe("an id of another workspace", () => {
  it.each(named(withId))(
    "%s answers as to one that does not exist, byte for byte",
    async (_, route) => {
      if (route.id === undefined) throw new Error("filtered before");
      const foreign = await whole(await ask(mine.owner, route, await existing(route.id, theirs)));
      const absent = await whole(await ask(mine.owner, route, missing(route.id)));
      const broken = await whole(await ask(mine.owner, route, "..%2f!"));
      expect(foreign).toBe(absent);
      expect(broken).toBe(absent);
      expect(JSON.parse(absent)[0]).toBe(404);
    },
  );

  it("in a body is not there either", async () => {
    const path = `/api/conversations/${mine.conversation}/assign`;
    const foreign = await existing("opr", theirs);
    const asked = [foreign, missing("opr"), "no id", "__proto__"].map(async (operator) =>
      whole(await mine.owner.fetch(path, { method: "POST", body: { operator } })),
    );
    const answers = new Set(await Promise.all(asked));
    expect(answers.size).toBe(1);
    expect([...answers][0]).toMatch(/^\[404,/);
  });

  it("is no workspace to work in", async () => {
    const choose = async (workspace: string) =>
      whole(await mine.owner.fetch("/api/workspace", { method: "POST", body: { workspace } }));
    const foreign = await choose(theirs.me.workspace.id);
    expect(foreign).toMatch(/^\[404,/);
    expect(await choose(newId("wsp", Date.now()))).toBe(foreign);
  });

  it("in the cookie changes nothing: the person's own workspace is used", async () => {
    const browser = await new OperatorBrowser().signIn(mine.me.email);
    browser.cookies.set("parley_workspace", theirs.me.workspace.id);
    const me = await browser.call<WorkspaceFixture["me"]>("GET", "/api/me");
    expect(me.workspace.id).toBe(mine.me.workspace.id);
    expect((await browser.fetch(`/api/conversations/${theirs.conversation}`)).status).toBe(404);
  });

  it("is touched by none of this: the other workspace is as it was", async () => {
    const before = await stateOf(theirs);
    for (const route of withId) {
      if (route.id === "session" || route.id === undefined) continue;
      const id = route.id === "opr" ? theirs.me.operator.id : await existing(route.id, theirs);
      const held = await stateOf(theirs);
      await ask(mine.owner, route, id);
      expect(await stateOf(theirs)).toEqual(held);
    }
    expect((await stateOf(theirs)).conversation).toEqual(before.conversation);
    expect((await theirs.owner.fetch("/api/me")).status).toBe(200);
  });
});

describe("one's own", () => {
  it.each(named(guarded))("%s is let in", async (_, route) => {
    // A fresh person for what ends or changes the asker, and an own invitation for what only the invited may.
    let browser = mine.owner;
    let id = route.id === undefined ? "" : await existing(route.id, mine);
    if (route.path === "/api/invitations/:id/accept") {
      const email = `${crypto.randomUUID()}@example.com`;
      id = await invite(mine, email);
      browser = await new OperatorBrowser().signIn(email);
    } else if (
      route.who === "person" &&
      route.id === undefined &&
      route.path === "/api/workspaces"
    ) {
      browser = await newOwner(`${crypto.randomUUID()}@example.com`);
    }
    const response = await ask(browser, route, id);
    expect(response.status, response.status === 101 ? "" : await response.clone().text()).toBe(
      route.isSocket ? 101 : 200,
    );
    response.webSocket?.accept();
    response.webSocket?.close();
  });
});

async function stateOf({ me, owner, conversation }: WorkspaceFixture) {
  const rows = async (table: string) =>
    (
      await env.DB.prepare(`SELECT * FROM ${table} WHERE workspace_id = ? ORDER BY id`)
        .bind(me.workspace.id)
        .all()
    ).results;
  return {
    operators: await rows("operators"),
    invitations: await rows("invitations"),
    segments: await rows("segments"),
    triggers: await rows("triggers"),
    workspace: await env.DB.prepare("SELECT * FROM workspaces WHERE id = ?")
      .bind(me.workspace.id)
      .first(),
    conversation: await owner.call("GET", `/api/conversations/${conversation}`),
  };
}
