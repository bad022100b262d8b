import type { ProjectionJob } from "../protocol/jobs.ts";

/** What the objects themselves need of the environment. */
export type ObjectBindings = {
  VISITOR: DurableObjectNamespace;
  CONVERSATION: DurableObjectNamespace;
  INBOX: DurableObjectNamespace;
  PRESENCE: DurableObjectNamespace;
  THROTTLE: DurableObjectNamespace;
  PROJECTION: Queue<ProjectionJob>;
  /** Signs tokens, tickets and cookies; at least 32 characters. */
  PARLEY_SECRET: string;
  /** "production" or "development". */
  ENVIRONMENT: string;
};
