import { Hono } from "hono";
import { flawOfCondition, flawOfTree } from "../../domain/segments/flaw.ts";
import { segmentsIn, triggersIn } from "../../domain/segments/references.ts";
import { forgetDefinitions } from "../../durable-objects/definitions/definitions.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { Condition } from "../../protocol/conditions.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, isId, newId, type SegmentId, type WorkspaceId } from "../../protocol/ids.ts";
import type { BackfillSegment } from "../../protocol/jobs.ts";
import { DEFINITION_MAX_BYTES } from "../../protocol/limits.ts";
import {
  conditionInput,
  explainInput,
  peopleQuery,
  segmentInput,
  type SegmentList,
  type SegmentSummary,
} from "../../protocol/segments-api.ts";
import {
  archiveSegment,
  countFunnel,
  hasAnotherCondition,
  insertSegment,
  knownTriggers,
  listMembers,
  listSegments,
  listTriggerUses,
  readConditions,
  readSegment,
  updateSegment,
} from "../d1/segments.ts";
import type { Env } from "../env.ts";
import { previewCondition } from "../segments/preview.ts";
import { usesOf } from "../segments/uses.ts";
import { answer } from "./answers.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { found, json, query } from "./input.ts";

/** Longer than an object goes by definitions that were replaced, and than D1 usually lags behind. */
const LOOKED_AGAIN_SECONDS = 20;

const bounds = { maxBytes: DEFINITION_MAX_BYTES, check: flawOfBody };

export const segmentRoutes = new Hono<ApiEnv>()
  .get("/segments", async (c) => {
    const list: SegmentList = { segments: await summaries(c.env, memberOf(c).workspace) };
    return answer(list);
  })
  .post("/segments", json(segmentInput, bounds), async (c) => {
    const { workspace } = memberOf(c);
    const words = c.req.valid("json");
    const at = now();
    const id = newId("seg", at);
    await refuseBadReferences(c.env, workspace, id, words.condition);
    const job = backfillOf(workspace, id, 1);
    await lookLater(c.env, job);
    if (!(await insertSegment(c.env.DB, workspace, id, words, at)))
      throw new CodedError("limit_reached");
    forgetDefinitions(workspace);
    await lookNow(c.env, job);
    return answer(await summaryOf(c.env, workspace, id));
  })
  .post("/segments/preview", json(conditionInput, bounds), async (c) => {
    const { workspace } = memberOf(c);
    const { condition } = c.req.valid("json");
    await refuseBadReferences(c.env, workspace, null, condition);
    return answer(await previewCondition(c.env, workspace, condition, now()));
  })
  .post("/segments/explain", json(explainInput, bounds), async (c) => {
    const { workspace } = memberOf(c);
    const { condition, visitor } = c.req.valid("json");
    if (!isId("vis", visitor)) throw new CodedError("not_found");
    await refuseBadReferences(c.env, workspace, null, condition);
    return answer(found(await peersOf(c.env).visitor(workspace, visitor).explain(condition)));
  })
  .put("/segments/:id", json(segmentInput, bounds), async (c) => {
    const { workspace } = memberOf(c);
    const words = c.req.valid("json");
    const read = found(await readSegment(c.env.DB, workspace, segmentOf(c)));
    await refuseBadReferences(c.env, workspace, read.id, words.condition);
    const job = hasAnotherCondition(read, words)
      ? backfillOf(workspace, read.id, read.version + 1)
      : null;
    if (job !== null) await lookLater(c.env, job);
    if (!(await updateSegment(c.env.DB, workspace, read, words, now())))
      throw new CodedError("conflict");
    forgetDefinitions(workspace);
    if (job !== null) await lookNow(c.env, job);
    return answer(await summaryOf(c.env, workspace, read.id));
  })
  .delete("/segments/:id", async (c) => {
    const { workspace } = memberOf(c);
    const read = found(await readSegment(c.env.DB, workspace, segmentOf(c)));
    const { usedBy } = await summaryOf(c.env, workspace, read.id);
    if (usedBy.length > 0) throw new CodedError("conflict", `Used by: ${usedBy.join(", ")}.`);
    if (!(await archiveSegment(c.env.DB, workspace, read, now()))) throw new CodedError("conflict");
    forgetDefinitions(workspace);
    return c.json({});
  })
  .get("/segments/:id/people", query(peopleQuery), async (c) => {
    const { workspace } = memberOf(c);
    const { cursor } = c.req.valid("query");
    if (cursor !== undefined && !isId("vis", cursor))
      throw new CodedError("invalid", "cursor: not valid");
    const { id } = found(await readSegment(c.env.DB, workspace, segmentOf(c)));
    return answer(await listMembers(c.env.DB, workspace, id, cursor ?? null));
  })
  .get("/funnel", async (c) => answer(await countFunnel(c.env.DB, memberOf(c).workspace)));

function segmentOf(c: ApiContext): SegmentId {
  return asId("seg", found(c.get("id")));
}

function flawOfBody(value: unknown): string | null {
  return typeof value === "object" && value !== null && "condition" in value
    ? flawOfCondition(value.condition)
    : null;
}

/** A condition may name what the workspace has, and a segment not itself. @param self The segment that it is to be of. */
async function refuseBadReferences(
  env: Env,
  workspace: WorkspaceId,
  self: SegmentId | null,
  condition: Condition,
): Promise<void> {
  const named = triggersIn(condition);
  if (named.length === 0 && segmentsIn(condition).length === 0) return;
  const [segments, triggers] = await Promise.all([
    readConditions(env.DB, workspace),
    knownTriggers(env.DB, workspace, [...new Set(named)]),
  ]);
  const flaw = flawOfTree(condition, { segments, triggers }, self ?? undefined);
  if (flaw !== null) throw new CodedError("bad_condition", flaw);
}

function backfillOf(workspace: WorkspaceId, segment: SegmentId, version: number): BackfillSegment {
  return { type: "BackfillSegment", workspace, segment, version, after: "" };
}

/**
 * Everybody who may belong is looked at once all objects know the new version and D1 has what changed meanwhile. Sent
 * before the version is saved: a job for one that never was does nothing, a version without a job would stay empty.
 */
async function lookLater(env: Env, job: BackfillSegment): Promise<void> {
  try {
    await env.EVALUATION.send(job, { delaySeconds: LOOKED_AGAIN_SECONDS });
  } catch (error) {
    console.error("segment not saved", job.segment, String(error));
    throw new CodedError("overloaded");
  }
}

/** The same at once, for those whose objects know already: whom it misses the later one finds. */
async function lookNow(env: Env, job: BackfillSegment): Promise<void> {
  try {
    await env.EVALUATION.send(job);
  } catch (error) {
    console.warn("segment filled later", job.segment, String(error));
  }
}

async function summaries(env: Env, workspace: WorkspaceId): Promise<SegmentSummary[]> {
  const [segments, triggers] = await Promise.all([
    listSegments(env.DB, workspace),
    listTriggerUses(env.DB, workspace),
  ]);
  const uses = usesOf(segments, triggers);
  return segments.map((row) => ({ ...row, usedBy: uses.get(row.id) ?? [] }));
}

async function summaryOf(env: Env, workspace: WorkspaceId, id: SegmentId): Promise<SegmentSummary> {
  return found((await summaries(env, workspace)).find((one) => one.id === id));
}
