import type { ObjectBindings } from "../durable-objects/bindings.ts";

/** Bindings and settings of the Worker, as wrangler.toml declares them. */
export type Env = ObjectBindings & {
  FILES: R2Bucket;
  ASSETS: Fetcher;
  EMAILS_DEAD: Queue;
  PROJECTION_DEAD: Queue;
  EVALUATION_DEAD: Queue;
  MAIL_EVENTS: Queue;
  MAIL_EVENTS_DEAD: Queue;
  /** Cloudflare Email Service; used when EMAIL_TRANSPORT is "cloudflare". */
  EMAIL: SendEmail;
  EMAIL_TRANSPORT: string;
  EMAIL_FROM: string;
  /** Where mails to Parley arrive: every address of this domain is routed to the Worker. Empty: no email channel. */
  EMAIL_REPLY_DOMAIN: string;
  DASHBOARD_URL: string;
  PUBLIC_URL: string;
  /** Needed when EMAIL_TRANSPORT is "resend". */
  RESEND_API_KEY?: string;
  /** Signing secret of Resend's webhooks, `whsec_…`; two while it is changed. Unset: `/hooks/resend` does not exist. */
  RESEND_WEBHOOK_SECRET?: string;
};
