import * as z from "zod";
import type { MailEvent } from "../../domain/email/fate.ts";
import type { ProviderFate } from "../../protocol/jobs.ts";
import { isId } from "../../protocol/ids.ts";
import { cleanLine } from "./mail.ts";

/** What Resend's webhooks say: resend.com/docs/webhooks/event-types. */

/** The tag that a mail carries its job in. */
export const JOB_TAG = "job";

const FATES: Readonly<Record<string, ProviderFate>> = {
  "email.delivered": "delivered",
  "email.delivery_delayed": "delayed",
  "email.bounced": "bounced",
  "email.complained": "complained",
  "email.failed": "dropped",
  "email.suppressed": "dropped",
};

const emailId = z.string().regex(/^[\w-]{1,100}$/);
const webhook = z.object({
  type: z.string(),
  created_at: z.string().optional(),
  data: z.object({
    email_id: emailId,
    from: z.string().optional(),
    to: z.array(z.string()).max(100).optional(),
    cc: z.array(z.string()).max(100).nullish(),
    received_for: z.array(z.string()).max(100).optional(),
    // An object today; a list of pairs in older deliveries.
    tags: z.unknown().optional(),
    bounce: z.object({ message: z.string().optional(), type: z.string().optional() }).optional(),
    failed: z.object({ reason: z.string().optional() }).optional(),
  }),
});

export type ResendWebhook =
  | { kind: "event"; event: MailEvent }
  /** A mail came in: what it says has to be asked for. */
  | { kind: "received"; id: string; from: string; recipients: string[] }
  /** Nothing that is acted on. */
  | { kind: "other" };

/** Reads a webhook whose signature is right. @param id The webhook's own, the same when it is sent again. */
export function readResendWebhook(value: unknown, id: string, now: number): ResendWebhook {
  const parsed = webhook.safeParse(value);
  if (!parsed.success) return { kind: "other" };
  const { type, created_at, data } = parsed.data;
  if (type === "email.received") {
    const recipients = data.received_for ?? [...(data.to ?? []), ...(data.cc ?? [])];
    return { kind: "received", id: data.email_id, from: data.from ?? "", recipients };
  }
  const fate = Object.hasOwn(FATES, type) ? FATES[type] : undefined;
  if (fate === undefined) return { kind: "other" };
  const at = Date.parse(created_at ?? "");
  const job = jobIn(data.tags);
  const reason = cleanLine(data.bounce?.message ?? data.failed?.reason ?? "");
  return {
    kind: "event",
    event: {
      provider: "resend",
      id,
      providerId: data.email_id,
      job: isId("job", job) ? job : null,
      fate,
      isHard: data.bounce?.type === "Permanent",
      reason: reason === "" ? null : reason,
      at: Number.isNaN(at) ? now : at,
    },
  };
}

function jobIn(tags: unknown): string {
  const pairs = Array.isArray(tags)
    ? tags.map((tag: unknown) => {
        const { name, value } = Object(tag) as { name?: unknown; value?: unknown };
        return [name, value] as const;
      })
    : Object.entries(Object(tags));
  const value = pairs.find(([name]) => name === JOB_TAG)?.[1];
  return typeof value === "string" ? value : "";
}
