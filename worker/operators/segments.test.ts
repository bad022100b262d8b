import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Condition } from "../../protocol/conditions.ts";
import { newId, type VisitorId } from "../../protocol/ids.ts";
import { CONDITIONS_MAX, LIST_PAGE_SIZE, SEGMENTS_MAX } from "../../protocol/limits.ts";
import type { WorkspaceSettings } from "../../protocol/operator-api.ts";
import type {
  Funnel,
  PeoplePage,
  SegmentList,
  SegmentPreview,
  SegmentSummary,
} from "../../protocol/segments-api.ts";
import type { EvaluationJob } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let shop: WorkspaceFixture;
let other: WorkspaceFixture;
const sent: EvaluationJob[] = [];
/** Those of them that wait before they are looked at. */
const later: EvaluationJob[] = [];

beforeAll(async () => {
  shop = await newWorkspace("segments");
  other = await newWorkspace("segments-other");
});

afterEach(() => {
  vi.restoreAllMocks();
  sent.length = 0;
  later.length = 0;
});

function holdJobs(): void {
  vi.spyOn(env.EVALUATION, "send").mockImplementation(async (job, options) => {
    (options?.delaySeconds === undefined ? sent : later).push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
}

const isNamed = (value: string): Condition => ({
  type: "property",
  key: "name",
  is: { type: "text", test: { op: "is", value } },
});
const body = (condition: Condition, name = "Gold") => ({ name, description: "", condition });
const create = (condition: Condition, name?: string) =>
  shop.owner.call<SegmentSummary>("POST", "/api/segments", body(condition, name));

async function definitionsVersion(): Promise<number> {
  const row = await env.DB.prepare("SELECT definitions_version AS v FROM workspaces WHERE id = ?")
    .bind(shop.me.workspace.id)
    .first<{ v: number }>();
  return row?.v ?? 0;
}

async function refused(method: string, path: string, sentBody?: unknown) {
  const response = await shop.owner.fetch(path, {
    method,
    ...(sentBody === undefined ? {} : { body: sentBody }),
  });
  const { error } = await response.json<{ error: { code: string; message: string } }>();
  return { status: response.status, ...error };
}

async function withPeople(
  workspace: WorkspaceFixture,
  names: string[],
  segment?: SegmentSummary,
): Promise<VisitorId[]> {
  const ids = names.map(() => newId("vis", Date.now()));
  await writeProjections(
    env.DB,
    ids.map((id, index) => {
      const job = visitorJob(workspace.me.workspace.id, id, 1, names[index]);
      const segments = segment === undefined ? [] : [{ id: segment.id, since: index }];
      return rowsOf({ ...job, person: { ...job.person, segments } });
    }),
  );
  return ids;
}

describe("a segment", () => {
  it("starts among the six stages, each of them empty", async () => {
    const { segments } = await other.owner.call<SegmentList>("GET", "/api/segments");
    expect(segments.map(({ id, stage }) => [id, stage])).toEqual([
      ["seg_new", 1],
      ["seg_interested", 2],
      ["seg_cartleft", 3],
      ["seg_boughtonce", 4],
      ["seg_repeat", 5],
      ["seg_quiet", 6],
    ]);
  });

  it("is saved with a new version of the definitions, and looked for among everybody", async () => {
    holdJobs();
    const before = await definitionsVersion();
    const saved = await create(isNamed("Ada"));
    expect(saved).toMatchObject({ version: 1, people: 0, stage: null, usedBy: [] });
    expect(await definitionsVersion()).toBe(before + 1);
    const job = { type: "BackfillSegment", workspace: shop.me.workspace.id, segment: saved.id };
    expect(sent).toEqual([{ ...job, version: 1, after: "" }]);
    const path = `/api/segments/${saved.id}`;
    const renamed = await shop.owner.call<SegmentSummary>("PUT", path, body(isNamed("Ada"), "A"));
    expect(renamed).toMatchObject({ name: "A", version: 1 });
    expect(sent.length).toBe(1);
    const changed = await shop.owner.call<SegmentSummary>("PUT", path, body(isNamed("Bob"), "A"));
    expect(changed.version).toBe(2);
    expect(sent[1]).toEqual({ ...job, version: 2, after: "" });
    expect(later).toEqual(sent);
    const row = await env.DB.prepare(
      "SELECT since_version AS v FROM segments WHERE workspace_id = ? AND id = ?",
    )
      .bind(shop.me.workspace.id, saved.id)
      .first<{ v: number }>();
    expect(row?.v).toBe(before + 3);
    expect(await definitionsVersion()).toBe(before + 3);
  });

  it("is not saved unless those who may belong will surely be looked at", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    holdJobs();
    const kept = await create(isNamed("Ada"), "Kept");
    const fails = vi.spyOn(env.EVALUATION, "send").mockRejectedValue(new Error("queue is down"));
    const before = await definitionsVersion();
    const path = `/api/segments/${kept.id}`;
    for (const [method, to] of [
      ["POST", "/api/segments"],
      ["PUT", path],
    ] as const)
      expect(await refused(method, to, body(isNamed("Bob"), "Lost"))).toMatchObject({
        status: 503,
        code: "overloaded",
      });
    expect(await definitionsVersion()).toBe(before);
    const { segments } = await shop.owner.call<SegmentList>("GET", "/api/segments");
    expect(segments.map(({ name }) => name)).not.toContain("Lost");
    // The job that looks at once may be lost: the one that waits was taken.
    fails.mockImplementation(async (job, options) => {
      if (options?.delaySeconds === undefined) throw new Error("queue is down");
      later.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    later.length = 0;
    await shop.owner.call("PUT", path, body(isNamed("Bob"), "Kept"));
    expect(later).toMatchObject([{ segment: kept.id, version: 2 }]);
    await shop.owner.call("DELETE", path);
  });

  it("is archived once nothing uses it, and then not there", async () => {
    holdJobs();
    const used = await create(isNamed("Ada"), "Used");
    const user = await create({ type: "segment", segment: used.id, is: true }, "User");
    const { segments } = await shop.owner.call<SegmentList>("GET", "/api/segments");
    expect(segments.find(({ id }) => id === used.id)?.usedBy).toEqual(["User"]);
    expect(await refused("DELETE", `/api/segments/${used.id}`)).toMatchObject({
      status: 409,
      code: "conflict",
    });
    await shop.owner.call("DELETE", `/api/segments/${user.id}`);
    await shop.owner.call("DELETE", `/api/segments/${used.id}`);
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", "/people"],
    ] as const)
      expect((await refused(method, `/api/segments/${used.id}${path}`)).status).toBe(404);
    expect((await refused("PUT", `/api/segments/${used.id}`, body(isNamed("A")))).status).toBe(404);
  });

  it("is refused with a flaw in plain words", async () => {
    holdJobs();
    const first = await create(isNamed("Ada"), "First");
    const second = await create({ type: "segment", segment: first.id, is: true }, "Second");
    const needs = (segment: string): Condition => ({ type: "segment", segment, is: true });
    const theirs = await other.owner.call<SegmentSummary>(
      "POST",
      "/api/segments",
      body(isNamed("A")),
    );
    const all = (count: number): Condition => ({
      type: "all",
      of: Array.from({ length: count }, () => isNamed("A")),
    });
    const trigger: Condition = {
      type: "reaction",
      trigger: "trg_0",
      what: "sent",
      is: { op: "ever" },
    };
    for (const condition of [needs("seg_0"), needs(theirs.id), trigger, all(CONDITIONS_MAX)]) {
      expect((await refused("POST", "/api/segments", body(condition))).code).toBe("bad_condition");
      expect((await refused("POST", "/api/segments/preview", { condition })).code).toBe(
        "bad_condition",
      );
    }
    for (const id of [first.id, second.id]) {
      const asked = await refused("PUT", `/api/segments/${first.id}`, body(needs(id)));
      expect(asked).toMatchObject({ status: 400, code: "bad_condition" });
    }
    let deep = isNamed("A");
    for (let depth = 0; depth < 10; depth++) deep = { type: "not", of: deep };
    expect((await refused("POST", "/api/segments", body(deep))).code).toBe("bad_condition");
    await create(all(CONDITIONS_MAX - 1));
  });

  it("is one too many beyond the limit", async () => {
    holdJobs();
    const { segments } = await other.owner.call<SegmentList>("GET", "/api/segments");
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO segments SELECT ?1, 'seg_fill' || i, 'Fill', '', '{"type":"any","of":[]}', NULL, 1, 1, 1, 1, 1, NULL FROM n`,
    )
      .bind(other.me.workspace.id, SEGMENTS_MAX - segments.length - 1)
      .run();
    const ask = () =>
      other.owner.fetch("/api/segments", { method: "POST", body: body(isNamed("A")) });
    expect((await ask()).status).toBe(200);
    const last = await ask();
    expect(last.status).toBe(409);
    expect(await last.json()).toMatchObject({ error: { code: "limit_reached" } });
    await env.DB.prepare("DELETE FROM segments WHERE workspace_id = ? AND id LIKE 'seg_fill%'")
      .bind(other.me.workspace.id)
      .run();
  });

  it("lists its people a page at a time, each once, and nobody of another workspace", async () => {
    holdJobs();
    const segment = await create(isNamed("Page"), "Pages");
    const ids = await withPeople(
      shop,
      Array.from({ length: LIST_PAGE_SIZE + 3 }, () => "Page"),
      segment,
    );
    await withPeople(other, ["Page"], segment);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: PeoplePage = await shop.owner.call(
        "GET",
        `/api/segments/${segment.id}/people${cursor === "" ? "" : `?cursor=${cursor}`}`,
      );
      seen.push(...page.people.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids.toSorted().toReversed());
    const { segments } = await shop.owner.call<SegmentList>("GET", "/api/segments");
    expect(segments.find(({ id }) => id === segment.id)?.people).toBe(ids.length);
    expect((await refused("GET", `/api/segments/${segment.id}/people?cursor=x`)).code).toBe(
      "invalid",
    );
  });
});

describe("a preview", () => {
  it("counts exactly what D1 can tell, with a sample", async () => {
    await withPeople(
      shop,
      Array.from({ length: 11 }, () => "Exactly"),
    );
    await withPeople(other, ["Exactly"]);
    const condition = isNamed("EXACTLY");
    const preview = await shop.owner.call<SegmentPreview>("POST", "/api/segments/preview", {
      condition,
    });
    expect(preview.count).toEqual({ from: 11, to: 11 });
    expect(preview.sample.length).toBe(8);
    expect(preview.of).toBeGreaterThan(11);
  });

  it("asks the objects of the few that D1 cannot tell about, and else says between which numbers", async () => {
    const condition: Condition = {
      type: "all",
      of: [
        isNamed("Undecided"),
        {
          type: "property",
          key: "plan",
          is: { type: "text", test: { op: "contains", value: "z" } },
        },
      ],
    };
    const ids = Array.from({ length: 101 }, () => newId("vis", Date.now()));
    const jobs = ids.map((id) => {
      const job = visitorJob(shop.me.workspace.id, id, 1, "Undecided");
      const properties = [{ key: "plan", value: "a".repeat(200), at: 1 }];
      return rowsOf({ ...job, person: { ...job.person, properties } });
    });
    const preview = () =>
      shop.owner.call<SegmentPreview>("POST", "/api/segments/preview", { condition });
    const asked: string[] = [];
    vi.spyOn(env.VISITOR, "getByName").mockImplementation(
      (name) =>
        ({
          matches: async () => {
            asked.push(name);
            return asked.length % 2 === 1;
          },
        }) as never, // all that is called
    );
    await writeProjections(env.DB, jobs.slice(0, 100));
    const few = await preview();
    expect(asked.length).toBe(100);
    expect(few.count).toEqual({ from: 50, to: 50 });
    expect(few.sample.length).toBe(8);
    await writeProjections(env.DB, jobs.slice(100));
    const many = await preview();
    expect(asked.length).toBe(100);
    expect(many.count).toEqual({ from: 0, to: 101 });
  });
});

describe("an explanation", () => {
  it("is asked of the person's own object, and of nobody else's", async () => {
    const condition = isNamed("Ada");
    expect(
      await shop.owner.call("POST", "/api/segments/explain", { condition, visitor: shop.visitor }),
    ).toMatchObject({ holds: false, condition });
    for (const visitor of [other.visitor, newId("vis", 1), "no id"])
      expect((await refused("POST", "/api/segments/explain", { condition, visitor })).status).toBe(
        404,
      );
  });
});

describe("the funnel", () => {
  it("counts the stages and everybody", async () => {
    const funnel = await other.owner.call<Funnel>("GET", "/api/funnel");
    expect(funnel.stages.map(({ id }) => id)).toEqual([
      "seg_new",
      "seg_interested",
      "seg_cartleft",
      "seg_boughtonce",
      "seg_repeat",
      "seg_quiet",
    ]);
    expect(funnel.people).toBeGreaterThan(0);
  });
});

describe("the settings that definitions go by", () => {
  it("bring a new version of them where they change, and only then", async () => {
    const patch = async (change: unknown) => {
      const before = await definitionsVersion();
      await shop.owner.call("PATCH", "/api/settings/workspace", change);
      return (await definitionsVersion()) - before;
    };
    const cap = { messages: 3, ms: 86_400_000 };
    const week = Array.from({ length: 7 }, () => null);
    expect(await patch({ name: "Shop" })).toBe(0);
    expect(await patch({ cap })).toBe(1);
    expect(await patch({ cap })).toBe(0);
    expect(await patch({ hours: { timeZone: "Europe/Vienna", week } })).toBe(1);
    expect(await patch({ hours: { timeZone: "Europe/Vienna", week } })).toBe(0);
    expect(await patch({ cap: null, hours: null })).toBe(1);
    expect(await patch({ cap: null })).toBe(0);
    await patch({ cap });
    const settings = await shop.owner.call<WorkspaceSettings>("GET", "/api/settings");
    expect(settings.cap).toEqual(cap);
  });
});
