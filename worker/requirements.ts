import type { Env } from "./env.ts";

const BINDINGS = [
  "VISITOR",
  "CONVERSATION",
  "INBOX",
  "PRESENCE",
  "THROTTLE",
  "PROJECTION",
  "PROJECTION_DEAD",
  "EVALUATION",
  "EVALUATION_DEAD",
  "EMAILS",
  "EMAILS_DEAD",
  "MAIL_EVENTS",
  "MAIL_EVENTS_DEAD",
  "DB",
  "FILES",
] as const satisfies (keyof Env)[];

/** Shortest secret that is accepted, in characters. */
export const SECRET_MIN = 32;

/** What the installation lacks, by name and never by value; empty when it may work. */
export function missingRequirements(env: Env): string[] {
  const missing: string[] = BINDINGS.filter((name) => env[name] === undefined);
  const secret: string | undefined = env.PARLEY_SECRET;
  if (secret === undefined || secret.length < SECRET_MIN)
    missing.push(`PARLEY_SECRET (at least ${SECRET_MIN} characters)`);
  if (env.ENVIRONMENT !== "development") {
    const assets: Fetcher | undefined = env.ASSETS;
    if (assets === undefined) missing.push("ASSETS");
    // Links in mails lead there; without it they would lead nowhere.
    if (!isHttps(env.DASHBOARD_URL)) missing.push("DASHBOARD_URL (an https address)");
  }
  switch (env.EMAIL_TRANSPORT) {
    case "cloudflare":
      if (env.EMAIL === undefined) missing.push("EMAIL");
      break;
    case "resend":
      if (!env.RESEND_API_KEY) missing.push("RESEND_API_KEY");
      break;
    case "mailbox":
      if (env.ENVIRONMENT !== "development")
        missing.push("EMAIL_TRANSPORT (mailbox works in development only)");
      break;
    default:
      missing.push("EMAIL_TRANSPORT (cloudflare or resend)");
  }
  return missing;
}

function isHttps(address: string | undefined): boolean {
  return URL.canParse(address ?? "") && new URL(address ?? "").protocol === "https:";
}
