import type { ObjectBindings } from "../durable-objects/bindings.ts";
import type { SendEmail as SendEmailJob } from "../protocol/jobs.ts";

/** Bindings and settings of the Worker, as wrangler.toml declares them. */
export type Env = ObjectBindings & {
  FILES: R2Bucket;
  ASSETS: Fetcher;
  EMAILS: Queue<SendEmailJob>;
  EMAILS_DEAD: Queue;
  PROJECTION_DEAD: Queue;
  EVALUATION_DEAD: Queue;
  /** Cloudflare Email Service; used when EMAIL_TRANSPORT is "cloudflare". */
  EMAIL: SendEmail;
  EMAIL_TRANSPORT: string;
  EMAIL_FROM: string;
  DASHBOARD_URL: string;
  PUBLIC_URL: string;
  /** Needed when EMAIL_TRANSPORT is "resend". */
  RESEND_API_KEY?: string;
};
