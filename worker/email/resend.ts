import { formatMailbox } from "./mail.ts";
import { JOB_TAG } from "./resend-events.ts";
import {
  misfitOf,
  type EmailTransport,
  type SendOutcome,
  type TransportCaps,
} from "./transport.ts";

/** Resend over HTTP. An `Idempotency-Key` sends once within 24 hours: resend.com/docs/api-reference. */

const caps: TransportCaps = {
  idempotency: { windowMs: 24 * 3_600_000 },
  headers: "any",
  ownMessageId: true,
  maxBytes: 40 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
};

const QUOTA_RETRY_MS = 3_600_000;

export function resendTransport(apiKey: string, fetcher: typeof fetch): EmailTransport {
  return {
    caps,
    async send(mail, job, signal) {
      const misfit = misfitOf(mail, caps);
      if (misfit !== null) return { state: "rejected", permanent: true, code: misfit };
      try {
        const response = await fetcher("https://api.resend.com/emails", {
          method: "POST",
          signal,
          headers: {
            authorization: `Bearer ${apiKey}`,
            "content-type": "application/json",
            "idempotency-key": job,
          },
          body: JSON.stringify({
            from: formatMailbox(mail.from),
            to: [mail.to],
            ...(mail.replyTo === null ? {} : { reply_to: mail.replyTo }),
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            headers: mail.headers,
            // Comes back with every event, also of a mail whose answer was lost.
            tags: [{ name: JOB_TAG, value: job }],
          }),
        });
        return await outcomeOf(response);
      } catch (error) {
        return { state: "unknown", cause: error instanceof Error ? error.name : "unknown" };
      }
    },
  };
}

async function outcomeOf(response: Response): Promise<SendOutcome> {
  const answer: unknown = await response.json().catch(() => null);
  const field = (name: string): string => {
    const value =
      typeof answer === "object" && answer !== null ? Reflect.get(answer, name) : undefined;
    return typeof value === "string" ? value.slice(0, 100) : "";
  };
  if (response.ok) return { state: "accepted", providerId: field("id") };
  const code = field("name") || `http_${response.status}`;
  if (response.status === 429) {
    const wait = code.endsWith("quota_exceeded") ? QUOTA_RETRY_MS : retryAfterMs(response);
    return { state: "rejected", permanent: false, code, retryAfterMs: wait };
  }
  // The first try with this key is still under way at the provider, or went out in other words.
  if (code === "concurrent_idempotent_requests" || code === "invalid_idempotent_request")
    return { state: "unknown", cause: code };
  // resend.com/docs/api-reference/errors: the sender's domain is not verified.
  if (response.status === 403 && code === "validation_error")
    return { state: "rejected", permanent: true, code: "domain_not_verified" };
  if (response.status >= 500) return { state: "unknown", cause: code };
  return { state: "rejected", permanent: true, code };
}

/** `Retry-After`: seconds or a date (RFC 9110 section 10.2.3); a minute when it says neither. */
function retryAfterMs(response: Response): number {
  const text = response.headers.get("retry-after")?.trim() ?? "";
  const waitMs = /^\d{1,6}$/.test(text)
    ? Number(text) * 1_000
    : text.endsWith("GMT")
      ? Date.parse(text) - Date.now()
      : NaN;
  return Number.isFinite(waitMs) ? Math.max(1_000, waitMs) : 60_000;
}
