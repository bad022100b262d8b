import { bareMessageId } from "./cloudflare-events.ts";
import {
  misfitOf,
  type EmailTransport,
  type SendOutcome,
  type TransportCaps,
} from "./transport.ts";

/**
 * Cloudflare Email Service. It has no idempotency key and sets Message-ID and Date itself; setting them is
 * an error. Limits and codes: developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */

const caps: TransportCaps = {
  idempotency: null,
  headers: new Set([
    "auto-submitted",
    "in-reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "precedence",
    "references",
  ]),
  ownMessageId: false,
  maxBytes: 5 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
};

/** The service refused before it took the mail; the same mail can be sent later. */
const LATER: Readonly<Record<string, number>> = {
  E_RATE_LIMIT_EXCEEDED: 60_000,
  E_DAILY_LIMIT_EXCEEDED: 3_600_000,
};

/** The service refused this mail for good. */
const NEVER: ReadonlySet<string> = new Set([
  "E_VALIDATION_ERROR",
  "E_FIELD_MISSING",
  "E_TOO_MANY_RECIPIENTS",
  "E_SENDER_NOT_VERIFIED",
  "E_RECIPIENT_NOT_ALLOWED",
  "E_RECIPIENT_SUPPRESSED",
  "E_SENDER_DOMAIN_NOT_AVAILABLE",
  "E_CONTENT_TOO_LARGE",
  "E_DELIVERY_FAILED",
  "E_HEADER_NOT_ALLOWED",
  "E_HEADER_USE_API_FIELD",
  "E_HEADER_VALUE_INVALID",
  "E_HEADER_VALUE_TOO_LONG",
  "E_HEADER_NAME_INVALID",
  "E_HEADERS_TOO_LARGE",
  "E_HEADERS_TOO_MANY",
]);

/** What is used of the binding. */
type Binding = { send(mail: EmailMessageBuilder): Promise<{ messageId: string }> };

export function cloudflareTransport(binding: Binding): EmailTransport {
  return {
    caps,
    async send(mail, _job, signal) {
      const misfit = misfitOf(mail, caps);
      if (misfit !== null) return { state: "rejected", permanent: true, code: misfit };
      try {
        const sending = binding.send({
          from:
            mail.from.name === ""
              ? mail.from.email
              : { name: mail.from.name, email: mail.from.email },
          to: mail.to,
          ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: { ...mail.headers },
        });
        const { messageId } = await orAborted(sending, signal);
        return { state: "accepted", providerId: bareMessageId(messageId) };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function outcomeOf(error: unknown): SendOutcome {
  const code =
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
      ? error.code
      : "";
  const retryAfterMs = LATER[code];
  if (retryAfterMs !== undefined)
    return { state: "rejected", permanent: false, code, retryAfterMs };
  if (NEVER.has(code)) return { state: "rejected", permanent: true, code };
  // An internal error, a lost answer, a timeout, a code nobody has seen: it may be on its way.
  return { state: "unknown", cause: code || (error instanceof Error ? error.name : "unknown") };
}

/** The binding takes no signal: waiting ends, the sending may not. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
