import { teamOf } from "../../durable-objects/definitions/team.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { BackfillSegment, EvaluationJob } from "../../protocol/jobs.ts";
import { BACKFILL_PAGE_SIZE, readBackfillPage } from "../d1/segments-backfill.ts";
import type { Env } from "../env.ts";
import { keepDead, postpone } from "./dead-jobs.ts";

/** Visitors of a back-fill that are asked at once. */
const REFRESHED_AT_ONCE = 10;
/** Tries after which a back-fill goes on without the visitors that cannot be asked. */
export const BACKFILL_TRIES = 5;

/**
 * Lets visitors' objects decide what is due, and segments find those who may belong to them. Jobs of one batch that
 * mean the same are done once; each message is done, or tried again later, by itself.
 */
export async function consumeEvaluation(
  batch: MessageBatch<EvaluationJob>,
  env: Env,
): Promise<void> {
  const groups = Map.groupBy(batch.messages, (message) => nameOf(message.body) ?? message.id);
  await Promise.all(
    [...groups.values()].map(async (messages) => {
      try {
        const [first] = messages;
        if (first !== undefined) await carryOut(first.body, first.attempts, env);
        for (const message of messages) message.ack();
      } catch (error) {
        for (const message of messages) postpone("evaluation", message, error);
      }
    }),
  );
}

/** The same for jobs that one doing settles; null for what is no job. */
function nameOf(job: EvaluationJob | null): string | null {
  if (job?.type === "EvaluateVisitor") return `${job.workspace}:${job.visitor}`;
  if (job?.type === "BackfillSegment")
    return `${job.workspace}:${job.segment}:${job.version}:${job.after}`;
  return null;
}

async function carryOut(job: EvaluationJob, attempts: number, env: Env): Promise<void> {
  switch (job.type) {
    case "EvaluateVisitor":
      return evaluate(env, job.workspace, job.visitor);
    case "BackfillSegment":
      return backfill(env, job, attempts >= BACKFILL_TRIES);
  }
  // A job from another version of the product.
  throw new TypeError("unknown evaluation job");
}

async function evaluate(env: Env, workspace: WorkspaceId, visitor: VisitorId): Promise<void> {
  const peers = peersOf(env);
  const team = await teamOf(peers, workspace);
  await peers.visitor(workspace, visitor).evaluate(team);
}

/**
 * One page of visitors, then a job for the next. One whose object fails is asked again with its page, and in the end
 * left out: it hears of the segment in its own next turn, and holds up none of the others.
 */
async function backfill(env: Env, job: BackfillSegment, isLastTry: boolean): Promise<void> {
  const page = await readBackfillPage(env.DB, job, now());
  if (page === null) return;
  const peers = peersOf(env);
  for (let from = 0; from < BACKFILL_PAGE_SIZE; from += REFRESHED_AT_ONCE) {
    const some = page.visitors.slice(from, from + REFRESHED_AT_ONCE);
    const refreshed = await Promise.allSettled(
      some.map(async (visitor) => peers.visitor(job.workspace, visitor).refresh()),
    );
    const failed = refreshed.find((one) => one.status === "rejected");
    if (failed === undefined) continue;
    if (!isLastTry) throw failed.reason;
    console.error("a back-fill leaves somebody out", job.segment, String(failed.reason));
  }
  if (page.after !== null) await env.EVALUATION.send({ ...job, after: page.after });
}

/** Keeps evaluations that every retry failed for. */
export function consumeDeadEvaluations(
  batch: MessageBatch<EvaluationJob>,
  env: Env,
): Promise<void> {
  return keepDead("evaluation", batch, env);
}
