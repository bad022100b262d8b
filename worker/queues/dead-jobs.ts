import { now } from "../../durable-objects/runtime/clock.ts";
import type { EvaluationJob, ProjectionJob } from "../../protocol/jobs.ts";
import { recordDeadLetter } from "../d1/dead-letters.ts";
import type { Env } from "../env.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

type Job = EvaluationJob | ProjectionJob;

/** Lets a job come again later, by itself. `what` says what the job is for, as in "projection". */
export function postpone(what: string, message: Message<Job>, error: unknown): void {
  console.error(`${what} postponed`, message.body?.type, message.attempts, String(error));
  message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
}

/** Keeps jobs that every retry failed for. Nothing is lost: the object still holds the truth, and what is due. */
export async function keepDead(what: string, batch: MessageBatch<Job>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const job = message.body;
    const letter = {
      queue: batch.queue,
      message: message.id,
      workspace: job?.workspace ?? null,
      type: job?.type ?? "unknown",
      body: JSON.stringify(job) ?? "",
    };
    try {
      await recordDeadLetter(env.DB, letter, now());
      message.ack();
    } catch (error) {
      postpone(what, message, error);
    }
  }
}
