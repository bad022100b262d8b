import { vi } from "vitest";
import type { EvaluationJob } from "../../protocol/jobs.ts";
import type { ObjectBindings } from "../bindings.ts";

/** Keeps the evaluation queue's jobs for the test that runs, instead of delivering them. Undone with all mocks. */
export function heldEvaluationJobs(bindings: ObjectBindings): EvaluationJob[] {
  const jobs: EvaluationJob[] = [];
  vi.spyOn(bindings.EVALUATION, "send").mockImplementation(async (job) => {
    jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  return jobs;
}
