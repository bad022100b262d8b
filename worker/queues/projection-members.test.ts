import { describe, expect, it } from "vitest";
import { newId, type SegmentId } from "../../protocol/ids.ts";
import type { ProjectDeliveries, ProjectVisitor } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";

const workspace = newId("wsp", Date.now());
const [a, b, c] = [newId("seg", 1), newId("seg", 2), newId("seg", 3)];

function jobOf(
  visitor: ProjectVisitor["visitor"],
  version: number,
  segments: [SegmentId, number][],
): ProjectVisitor {
  const job = visitorJob(workspace, visitor, version);
  const held = segments.map(([id, since]) => ({ id, since }));
  return { ...job, person: { ...job.person, segments: held } };
}

async function members(visitor: string) {
  const { results } = await env.DB.prepare(
    "SELECT segment_id, since FROM segment_members WHERE workspace_id = ? AND visitor_id = ? ORDER BY segment_id",
  )
    .bind(workspace, visitor)
    .all<{ segment_id: string; since: number }>();
  return results.map(({ segment_id: id, since }) => [id, since]);
}

async function rowsWritten(work: () => Promise<void>): Promise<number> {
  const { batch } = env.DB;
  let written = 0;
  env.DB.batch = async (statements) => {
    const results = await batch.call(env.DB, statements);
    for (const { meta } of results.slice(1)) written += meta.rows_written;
    return results as never; // what was asked for
  };
  try {
    await work();
  } finally {
    env.DB.batch = batch;
  }
  return written;
}

describe("memberships in D1", () => {
  it("follow what the newest state says, and nothing older", async () => {
    const [visitor, other] = [newId("vis", 1), newId("vis", 2)];
    const write = (...jobs: ProjectVisitor[]) => writeProjections(env.DB, jobs.map(rowsOf));
    await write(
      jobOf(visitor, 1, [
        [a, 10],
        [b, 20],
      ]),
      jobOf(other, 1, [[a, 5]]),
    );
    expect(await members(visitor)).toEqual([
      [a, 10],
      [b, 20],
    ]);
    await write(
      jobOf(visitor, 3, [
        [b, 20],
        [c, 30],
      ]),
    );
    expect(await members(visitor)).toEqual([
      [b, 20],
      [c, 30],
    ]);
    await write(jobOf(visitor, 2, [[a, 10]]));
    expect(await members(visitor)).toEqual([
      [b, 20],
      [c, 30],
    ]);
    await write(jobOf(visitor, 4, [[b, 40]]), jobOf(visitor, 5, []), jobOf(visitor, 3, [[a, 1]]));
    expect(await members(visitor)).toEqual([]);
    expect(await members(other)).toEqual([[a, 5]]);
  });

  it("that are as they were are not written", async () => {
    const visitor = newId("vis", 3);
    await writeProjections(env.DB, [
      rowsOf(
        jobOf(visitor, 1, [
          [a, 10],
          [b, 20],
        ]),
      ),
    ]);
    const again = [
      rowsOf(
        jobOf(visitor, 2, [
          [a, 10],
          [b, 20],
        ]),
      ),
    ];
    // The first statement writes the visitor's own row.
    expect(await rowsWritten(() => writeProjections(env.DB, again))).toBe(0);
    const changed = [rowsOf(jobOf(visitor, 3, [[a, 10]]))];
    expect(await rowsWritten(() => writeProjections(env.DB, changed))).toBeGreaterThan(0);
  });
});

describe("deliveries in D1", () => {
  it("are as their newest state says, whatever comes twice or late", async () => {
    const visitor = newId("vis", 4);
    const id = newId("dlv", 1);
    const job = (stateVersion: number, seenAt: number | null): ProjectDeliveries => ({
      type: "ProjectDeliveries",
      workspace,
      visitor,
      version: stateVersion,
      deliveries: [
        {
          id,
          trigger: newId("trg", 1),
          version: 2,
          name: "Welcome",
          variant: "a",
          variantName: "A",
          action: "popup",
          state: "sent",
          reason: null,
          detail: null,
          firedAt: 1,
          decidedAt: 2,
          deliveredAt: 3,
          seenAt,
          clickedAt: null,
          answeredAt: null,
          closedAt: null,
          goalAt: 9,
          goalValue: { amountMinor: 500, currency: "EUR" },
          goalOrder: null,
          code: null,
          stateVersion,
        },
      ],
    });
    await writeProjections(env.DB, [rowsOf(job(2, 7)), rowsOf(job(1, null))]);
    await writeProjections(env.DB, [rowsOf(job(1, null))]);
    await writeProjections(env.DB, [rowsOf(job(2, 7))]);
    const { results } = await env.DB.prepare("SELECT * FROM deliveries WHERE workspace_id = ?")
      .bind(workspace)
      .all<{ body: string }>();
    expect(results).toMatchObject([
      {
        id,
        visitor_id: visitor,
        trigger_version: 2,
        variant: "a",
        state: "sent",
        reason: null,
        decided_at: 2,
        seen_at: 7,
        goal_minor: 500,
        goal_currency: "EUR",
        version: 2,
      },
    ]);
    expect(JSON.parse(results[0]?.body ?? "")).toMatchObject({ id, name: "Welcome", seenAt: 7 });
    expect(results[0]?.body).not.toContain("stateVersion");
  });
});
