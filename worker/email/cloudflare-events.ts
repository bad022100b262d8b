import * as z from "zod";
import type { MailEvent } from "../../domain/email/fate.ts";
import type { ProviderFate } from "../../protocol/jobs.ts";
import { cleanLine } from "./mail.ts";

/**
 * What Cloudflare's Email Sending puts on a queue that is subscribed to a sending domain:
 * developers.cloudflare.com/email-service/platform/event-subscriptions/
 */

const FATES: Readonly<Record<string, ProviderFate>> = {
  "cf.email.sending.message.delivered": "delivered",
  "cf.email.sending.message.deferred": "delayed",
  "cf.email.sending.message.bounced": "bounced",
  "cf.email.sending.message.failed": "dropped",
  "cf.email.sending.message.rejected": "dropped",
  "cf.email.sending.message.complained": "complained",
};

const reason = z.object({ reason: z.string().optional() }).optional();
const message = z.object({
  type: z.string(),
  payload: z.object({
    eventId: z.string().min(1).max(200),
    messageId: z.string().min(1).max(500),
    bounce: z.object({ type: z.string().optional(), reason: z.string().optional() }).optional(),
    failure: reason,
    rejection: reason,
  }),
  metadata: z.object({ eventTimestamp: z.string().optional() }).optional(),
});

/** One message of that queue; null for what is not acted on. */
export function readCloudflareEvent(value: unknown, now: number): MailEvent | null {
  const parsed = message.safeParse(value);
  if (!parsed.success) return null;
  const { type, payload, metadata } = parsed.data;
  const fate = Object.hasOwn(FATES, type) ? FATES[type] : undefined;
  if (fate === undefined) return null;
  const at = Date.parse(metadata?.eventTimestamp ?? "");
  const { bounce, failure, rejection } = payload;
  const words = cleanLine(bounce?.reason ?? failure?.reason ?? rejection?.reason ?? "");
  return {
    provider: "cloudflare",
    id: payload.eventId,
    providerId: bareMessageId(payload.messageId),
    job: null,
    fate,
    isHard: bounce?.type === "hard",
    reason: words === "" ? null : words,
    at: Number.isNaN(at) ? now : at,
  };
}

/** How a mail is named here, whether or not somebody puts brackets around it. */
export function bareMessageId(id: string): string {
  return id.trim().replace(/^<(.*)>$/, "$1");
}
