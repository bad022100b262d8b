import { CodedError } from "../../protocol/errors.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { Env } from "../env.ts";
import { cloudflareTransport } from "./cloudflare.ts";
import { mailboxTransport } from "./mailbox.ts";
import { resendTransport } from "./resend.ts";
import type { EmailTransport } from "./transport.ts";

/** The transport that the installation is set up with. Throws `not_configured` when there is none. */
export function chooseTransport(env: Env): EmailTransport {
  switch (env.EMAIL_TRANSPORT) {
    case "cloudflare":
      return cloudflareTransport(env.EMAIL);
    case "resend":
      if (!env.RESEND_API_KEY) break;
      return resendTransport(env.RESEND_API_KEY, (input, init) => fetch(input, init));
    case "mailbox":
      // Outside development a mailbox that anybody can open would show every sign-in code.
      if (env.ENVIRONMENT !== "development") break;
      return mailboxTransport(env.FILES, now);
  }
  throw new CodedError("not_configured", "No mail transport is set up.");
}
