import { beforeAll, describe, expect, it } from "vitest";
import { newId, type WorkspaceId } from "../../protocol/ids.ts";
import { DEFINITION_MAX_BYTES, TRIGGERS_MAX } from "../../protocol/limits.ts";
import type {
  DeliveryList,
  MomentPreview,
  TriggerDetail,
  TriggerList,
} from "../../protocol/triggers-api.ts";
import type { TriggerDefinition, TriggerStatus } from "../../protocol/triggers.ts";
import { env } from "../testing/operator-browser.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { triggerDefinition } from "../testing/trigger-definition.ts";

let shop: WorkspaceFixture;
let count = 0;

beforeAll(async () => {
  shop = await newWorkspace("triggers");
});

const create = async (change: Partial<TriggerDefinition> = {}): Promise<TriggerDetail> =>
  shop.owner.call("POST", "/api/triggers", { definition: triggerDefinition(change) });
const save = async (id: string, change: Partial<TriggerDefinition>): Promise<TriggerDetail> =>
  shop.owner.call("PUT", `/api/triggers/${id}`, { definition: triggerDefinition(change) });
const become = async (id: string, status: TriggerStatus): Promise<TriggerDetail> =>
  shop.owner.call("POST", `/api/triggers/${id}/status`, { status });

async function refusal(method: string, path: string, body?: unknown) {
  const response = await shop.owner.fetch(path, { method, body });
  const { error } = await response.json<{ error: { code: string; message: string } }>();
  return { status: response.status, ...error };
}

const definitionsVersion = async (workspace: WorkspaceId = shop.me.workspace.id) =>
  env.DB.prepare("SELECT definitions_version FROM workspaces WHERE id = ?")
    .bind(workspace)
    .first<number>("definitions_version");

async function versionRows(id: string) {
  const { results } = await env.DB.prepare(
    `SELECT version, live_at AS liveAt, since_version AS since FROM trigger_versions
     WHERE workspace_id = ? AND trigger_id = ? ORDER BY version`,
  )
    .bind(shop.me.workspace.id, id)
    .all<{ version: number; liveAt: number; since: number }>();
  return results;
}

describe("a trigger", () => {
  it("begins as a draft that changes nothing for visitors, and is listed", async () => {
    const before = await definitionsVersion();
    const made = await create({ name: "Welcome" });
    expect(made).toMatchObject({ status: "draft", version: 0, hasUnpublished: true, versions: [] });
    expect(made.draft).toEqual(triggerDefinition({ name: "Welcome" }));
    await save(made.id, { name: "Welcome back" });
    expect(await definitionsVersion()).toBe(before);
    const { triggers } = await shop.owner.call<TriggerList>("GET", "/api/triggers");
    expect(triggers.find((one) => one.id === made.id)).toEqual({
      id: made.id,
      name: "Welcome back",
      when: triggerDefinition().when,
      waitMs: 0,
      status: "draft",
      version: 0,
      hasUnpublished: true,
      action: "chat",
      updatedAt: expect.any(Number),
      totals: { sent: 0, seen: 0, answered: 0, goal: 0, revenue: [] },
    });
  });

  it("is published as a version of its own with the definitions' new number, and by whom is kept", async () => {
    const { id } = await create({ name: "One" });
    const before = (await definitionsVersion()) ?? 0;
    const at = Date.now();
    const live = await become(id, "live");
    expect(live).toMatchObject({ status: "live", version: 1, hasUnpublished: false });
    expect(await definitionsVersion()).toBe(before + 1);
    const [row] = await versionRows(id);
    expect(row).toMatchObject({ version: 1, since: before + 1 });
    expect(row?.liveAt).toBeGreaterThanOrEqual(at);
    // What is edited stays unseen until it is published too.
    const edited = await save(id, { name: "Two" });
    expect(edited).toMatchObject({ status: "live", version: 1, hasUnpublished: true });
    expect(await definitionsVersion()).toBe(before + 1);
    const again = await become(id, "live");
    expect(again).toMatchObject({ status: "live", version: 2, hasUnpublished: false });
    expect(again.versions.map((one) => [one.version, one.definition.name, one.by])).toEqual([
      [2, "Two", "Owner"],
      [1, "One", "Owner"],
    ]);
    expect((await versionRows(id)).map((one) => one.since)).toEqual([before + 1, before + 2]);
  });

  it("that is saved back to what is live has nothing unpublished", async () => {
    const { id } = await create({ name: "Same" });
    await become(id, "live");
    expect((await save(id, { name: "Other" })).hasUnpublished).toBe(true);
    expect((await save(id, { name: "Same" })).hasUnpublished).toBe(false);
    const before = await definitionsVersion();
    await become(id, "live");
    expect(await definitionsVersion()).toBe(before);
    expect(await versionRows(id)).toHaveLength(1);
  });

  it("that goes on after a pause counts as live from then, so that what happened meanwhile does not fire it", async () => {
    const { id } = await create();
    await become(id, "live");
    const [first] = await versionRows(id);
    const before = (await definitionsVersion()) ?? 0;
    expect(await become(id, "paused")).toMatchObject({ status: "paused", version: 1 });
    expect(await definitionsVersion()).toBe(before + 1);
    expect(await versionRows(id)).toEqual([first]);
    await env.DB.prepare("UPDATE trigger_versions SET live_at = 1 WHERE trigger_id = ?")
      .bind(id)
      .run();
    expect(await become(id, "live")).toMatchObject({ status: "live", version: 1 });
    expect(await definitionsVersion()).toBe(before + 2);
    const [row, ...more] = await versionRows(id);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ version: 1, since: before + 2 });
    expect(row?.liveAt).toBeGreaterThanOrEqual(first?.liveAt ?? Infinity);
  });

  it("goes into the archive and out of it again as a draft, with its versions", async () => {
    const { id } = await create();
    await become(id, "live");
    const before = (await definitionsVersion()) ?? 0;
    expect((await become(id, "archived")).status).toBe("archived");
    expect(await definitionsVersion()).toBe(before + 1);
    expect(await become(id, "draft")).toMatchObject({ status: "draft", version: 1 });
    // A draft was live for nobody.
    expect(await definitionsVersion()).toBe(before + 1);
    expect(await become(id, "live")).toMatchObject({ status: "live", version: 1 });
  });

  it.each<[TriggerStatus[], TriggerStatus]>([
    [[], "paused"],
    [["live"], "draft"],
    [["live", "paused"], "draft"],
    [["archived"], "live"],
    [["archived"], "paused"],
  ])("has no way from %j to %s", async (way, to) => {
    const { id } = await create();
    for (const status of way) await become(id, status);
    const before = await definitionsVersion();
    const answered = await refusal("POST", `/api/triggers/${id}/status`, { status: to });
    expect(answered).toMatchObject({ status: 400, code: "invalid" });
    expect(await definitionsVersion()).toBe(before);
  });

  it("keeps its numbering when it is published many times at once", async () => {
    const { id } = await create({ name: "Race" });
    const before = (await definitionsVersion()) ?? 0;
    const publish = async () =>
      (
        await shop.owner.fetch(`/api/triggers/${id}/status`, {
          method: "POST",
          body: { status: "live" },
        })
      ).status;
    const answers = await Promise.all(Array.from({ length: 6 }, publish));
    expect(answers).toContain(200);
    expect(answers.every((status) => status === 200 || status === 409)).toBe(true);
    expect(await versionRows(id)).toMatchObject([{ version: 1, since: before + 1 }]);
    expect(await definitionsVersion()).toBe(before + 1);
  });
});

describe("what a trigger names", () => {
  it("may be missing in a draft, and is missed when it is to go live", async () => {
    const absent = {
      segment: newId("seg", 1),
      trigger: newId("trg", 1),
      operator: newId("opr", 1),
    };
    const [variant] = triggerDefinition().variants;
    if (variant?.action.type !== "chat") throw new Error("the fixture is a chat message");
    const from = { type: "operator" as const, operator: absent.operator };
    for (const change of [
      { when: { type: "segment" as const, segment: absent.segment, on: "enter" as const } },
      { who: { type: "segment" as const, segment: absent.segment, is: true } },
      {
        who: {
          type: "not" as const,
          of: {
            type: "reaction" as const,
            trigger: absent.trigger,
            what: "sent" as const,
            is: { op: "ever" as const },
          },
        },
      },
      { variants: [{ ...variant, action: { ...variant.action, from } }] },
    ]) {
      const { id } = await create(change);
      const answered = await refusal("POST", `/api/triggers/${id}/status`, { status: "live" });
      expect(answered).toMatchObject({ status: 400, code: "invalid" });
      expect(answered.message).toMatch(/segment|trigger|operator/);
      expect(await versionRows(id)).toEqual([]);
    }
  });

  it("is there in the own workspace only", async () => {
    const theirs = await newWorkspace(`triggers${count++}`);
    const other = await theirs.owner.call<TriggerDetail>("POST", "/api/triggers", {
      definition: triggerDefinition(),
    });
    const of = { type: "reaction", what: "sent", is: { op: "ever" } } as const;
    const { id } = await create({ who: { ...of, trigger: other.id } });
    expect(await refusal("POST", `/api/triggers/${id}/status`, { status: "live" })).toMatchObject({
      code: "invalid",
    });
    const mine = await create();
    await save(id, { who: { ...of, trigger: mine.id } });
    expect((await become(id, "live")).status).toBe("live");
  });
});

describe("a definition", () => {
  it.each([
    ["an unknown field", { ...triggerDefinition(), shout: true }],
    ["an unknown field further in", { ...triggerDefinition(), goal: { event: "Paid", x: 1 } }],
    ["no variants", { ...triggerDefinition(), variants: [] }],
    ["a hold-out of more than half", { ...triggerDefinition(), holdOut: 51 }],
    ["no name", { ...triggerDefinition(), name: " " }],
  ])("with %s is refused", async (_, definition) => {
    expect(await refusal("POST", "/api/triggers", { definition })).toMatchObject({
      status: 400,
      code: "invalid",
    });
  });

  it.each(["__proto__", "constructor"])(
    "with a key %s is refused and reaches nothing",
    async (key) => {
      const text = JSON.stringify({ definition: triggerDefinition() });
      for (const place of ['"holdOut":', '"definition":']) {
        const body = text.replace(place, `"${key}":{"who":{"isOwner":true}},${place}`);
        const response = await shop.owner.fetch("/api/triggers", {
          method: "POST",
          body: new TextEncoder().encode(body),
          headers: { "content-type": "application/json" },
        });
        expect(response.status, place).toBe(400);
      }
      expect(({} as Record<string, unknown>)["isOwner"]).toBeUndefined();
    },
  );

  it("may be as large as the limit, and not one byte larger", async () => {
    const bytesOf = (definition: TriggerDefinition) =>
      new TextEncoder().encode(JSON.stringify({ definition })).length;
    const sized = (bytes: number): TriggerDefinition => {
      const value = "x".repeat(1_000);
      const listed = (values: string[]) =>
        triggerDefinition({
          who: { type: "session_text", field: "page", is: { op: "in", values } },
        });
      const room = bytes - bytesOf(listed(["x"])) + 1;
      const values = Array.from({ length: Math.floor(room / 1_003) - 1 }, () => value);
      const rest = bytes - bytesOf(listed([...values, ""]));
      return listed([...values, "x".repeat(rest)]);
    };
    const below = sized(DEFINITION_MAX_BYTES - 1);
    const at = sized(DEFINITION_MAX_BYTES);
    const above = sized(DEFINITION_MAX_BYTES + 1);
    expect(bytesOf(at)).toBe(DEFINITION_MAX_BYTES);
    for (const definition of [below, at]) {
      const made = await shop.owner.call<TriggerDetail>("POST", "/api/triggers", { definition });
      expect(made.draft).toEqual(definition);
      expect((await become(made.id, "live")).hasUnpublished).toBe(false);
    }
    expect(await refusal("POST", "/api/triggers", { definition: above })).toMatchObject({
      status: 413,
      code: "too_large",
    });
  });

  it("with a condition that is too deep or too long is refused before anything recursive sees it", async () => {
    let deep: unknown = { type: "cart_items", is: { op: "gt", value: 0 } };
    for (let depth = 0; depth < 7; depth++) deep = { type: "all", of: [deep] };
    const leaf = { type: "cart_items", is: { op: "gt", value: 0 } };
    const long = { type: "any", of: Array.from({ length: 201 }, () => leaf) };
    for (const who of [deep, long]) {
      const definition = { ...triggerDefinition(), who };
      const answered = await refusal("POST", "/api/triggers", { definition });
      expect(answered).toMatchObject({ status: 400, code: "bad_condition" });
      expect(answered.message).not.toBe("");
    }
    for (let depth = 0; depth < 5_000; depth++) deep = [deep];
    expect(
      await refusal("POST", "/api/triggers", { definition: { ...triggerDefinition(), who: deep } }),
    ).toMatchObject({ status: 400, code: "too_deep" });
  });

  it("with the deepest tree that may stand, down to a filter with a list, is taken", async () => {
    let who: TriggerDefinition["who"] = {
      type: "event",
      name: "Product Added",
      where: [{ key: "name", is: { type: "text", test: { op: "in", values: ["Kettle", "Cup"] } } }],
      times: { op: "at_least", n: 1 },
    };
    for (let depth = 0; depth < 5; depth++) who = { type: "all", of: [who] };
    expect((await create({ who })).draft.who).toEqual(who);
  });

  it("with a template that cannot be read is refused, also as a draft", async () => {
    const [variant] = triggerDefinition().variants;
    if (variant?.action.type !== "chat") throw new Error("the fixture is a chat message");
    const broken = { ...variant, action: { ...variant.action, text: "Hello {{ name" } };
    const definition = triggerDefinition({ variants: [broken] });
    expect(await refusal("POST", "/api/triggers", { definition })).toMatchObject({
      status: 400,
      code: "bad_template",
    });
    const { id } = await create();
    expect(await refusal("PUT", `/api/triggers/${id}`, { definition })).toMatchObject({
      code: "bad_template",
    });
  });
});

describe("triggers of a workspace", () => {
  it("are at most so many, archived ones not counted", async () => {
    const { me, owner } = await newWorkspace(`triggers${count++}`);
    await env.DB.prepare(
      `INSERT INTO triggers (workspace_id, id, status, draft, version, created_at, updated_at)
       SELECT ?1, 'trg_' || value, iif(value = 1, 'archived', 'paused'), ?2, 0, value, value
       FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?3)
             SELECT value FROM n)`,
    )
      .bind(me.workspace.id, JSON.stringify(triggerDefinition()), TRIGGERS_MAX)
      .run();
    const post = async (path: string, body: unknown) =>
      (await owner.fetch(path, { method: "POST", body })).status;
    const another = { definition: triggerDefinition() };
    // One below the limit, at it, and beyond.
    expect(await post("/api/triggers", another)).toBe(200);
    expect(await post("/api/triggers", another)).toBe(409);
    expect(await post("/api/triggers/trg_1/status", { status: "draft" })).toBe(409);
    expect(await post("/api/triggers/trg_2/status", { status: "archived" })).toBe(200);
    expect(await post("/api/triggers/trg_1/status", { status: "draft" })).toBe(200);
    expect(await post("/api/triggers", another)).toBe(409);
    const { triggers } = await owner.call<TriggerList>("GET", "/api/triggers");
    expect(triggers).toHaveLength(TRIGGERS_MAX + 1);
    expect(triggers.at(-1)).toMatchObject({ id: "trg_2", status: "archived" });
  });

  it("are read by every operator, and changed by owner and admins alone", async () => {
    const agent = await newColleague(shop, `agent${count}@triggers.example.com`, "agent");
    const admin = await newColleague(shop, `admin${count++}@triggers.example.com`, "admin");
    const { id } = await create();
    const body = { definition: triggerDefinition() };
    const changes = [
      ["POST", "/api/triggers", body],
      ["PUT", `/api/triggers/${id}`, body],
      ["POST", `/api/triggers/${id}/status`, { status: "live" }],
    ] as const;
    for (const [method, path, body] of changes) {
      expect((await agent.browser.fetch(path, { method, body })).status).toBe(403);
      expect((await admin.browser.fetch(path, { method, body })).status).toBe(200);
    }
    for (const path of ["", `/${id}`, `/${id}/figures`, `/${id}/people?figure=sent`])
      expect((await agent.browser.fetch(`/api/triggers${path}`)).status).toBe(200);
  });

  it("of another workspace are not there, for reading or changing", async () => {
    const { owner } = await newWorkspace(`triggers${count++}`);
    const { id } = await create();
    const body = { definition: triggerDefinition() };
    for (const [method, path, sent] of [
      ["GET", "", undefined],
      ["PUT", "", body],
      ["POST", "/status", { status: "live" }],
      ["GET", "/figures", undefined],
      ["GET", "/people?figure=sent", undefined],
    ] as const) {
      const answered = await owner.fetch(`/api/triggers/${id}${path}`, { method, body: sent });
      expect(answered.status, `${method} ${path}`).toBe(404);
    }
    expect((await owner.call<TriggerList>("GET", "/api/triggers")).triggers).toEqual([]);
  });
});

describe("a preview", () => {
  it("shows a made-up person's message without a visitor, and a real one's with one", async () => {
    const [variant] = triggerDefinition().variants;
    const preview = async (visitor?: string) =>
      shop.owner.fetch("/api/triggers/preview", {
        method: "POST",
        body: { action: variant?.action, ...(visitor === undefined ? {} : { visitor }) },
      });
    const sample = await (await preview()).json<MomentPreview>();
    expect(sample).toMatchObject({ problem: null, content: { kind: "chat" } });
    expect(sample.content?.text).not.toContain("{{");
    const real = await preview(shop.visitor);
    expect(await real.json<MomentPreview>()).toMatchObject({ content: { kind: "chat" } });
    for (const visitor of [newId("vis", 1), "vis_", "__proto__", "x"])
      expect((await preview(visitor)).status).toBe(404);
  });
});

describe("what a person was sent", () => {
  it("is an empty list at first, and not there for a person who is not", async () => {
    const path = (id: string) => `/api/visitors/${id}/deliveries`;
    expect(await shop.owner.call<DeliveryList>("GET", path(shop.visitor))).toEqual({
      deliveries: [],
    });
    expect((await shop.owner.fetch(path(newId("vis", 1)))).status).toBe(404);
  });
});
