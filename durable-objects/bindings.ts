import type { EvaluationJob, ProjectionJob, SendEmail } from "../protocol/jobs.ts";

/** What the objects themselves need of the environment. */
export type ObjectBindings = {
  VISITOR: DurableObjectNamespace;
  CONVERSATION: DurableObjectNamespace;
  INBOX: DurableObjectNamespace;
  PRESENCE: DurableObjectNamespace;
  THROTTLE: DurableObjectNamespace;
  PROJECTION: Queue<ProjectionJob>;
  EVALUATION: Queue<EvaluationJob>;
  EMAILS: Queue<SendEmail>;
  /** Segments and triggers; read through `definitions/` alone. */
  DB: D1Database;
  /** Signs tokens, tickets and cookies; at least 32 characters. */
  PARLEY_SECRET: string;
  /** "production" or "development". */
  ENVIRONMENT: string;
};
