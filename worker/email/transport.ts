import type { JobId } from "../../protocol/ids.ts";
import type { OutboundMail } from "./mail.ts";

/** What a transport can do, so that whoever sends can decide without knowing which one it is. */
export type TransportCaps = {
  /** For how long the same key sends only once; null when a second try sends a second mail. */
  idempotency: null | { windowMs: number };
  /** Which headers it takes from us, in lower case. */
  headers: "any" | ReadonlySet<string>;
  /** Whether a Message-ID of ours stays on the mail. */
  ownMessageId: boolean;
  maxBytes: number;
  maxHeaderBytes: number;
};

export type SendOutcome =
  | { state: "accepted"; providerId: string }
  | { state: "rejected"; permanent: boolean; code: string; retryAfterMs?: number }
  /** It may have been sent. */
  | { state: "unknown"; cause: string };

/** Codes by which providers say that they do not send for this sender's domain. Nothing was sent. */
export const SENDER_REFUSALS: ReadonlySet<string> = new Set([
  "E_SENDER_NOT_VERIFIED",
  "E_SENDER_DOMAIN_NOT_AVAILABLE",
  "domain_not_verified",
]);

export interface EmailTransport {
  readonly caps: TransportCaps;
  /** Never throws for what a provider answers, or for its silence. */
  send(mail: OutboundMail, job: JobId, signal: AbortSignal): Promise<SendOutcome>;
}

/** Why a mail does not fit a transport; null when it does. Asked before anything is sent. */
export function misfitOf(mail: OutboundMail, caps: TransportCaps): string | null {
  const encoder = new TextEncoder();
  const bytes = (text: string): number => encoder.encode(text).length;
  let headerBytes = 0;
  for (const [name, value] of Object.entries(mail.headers)) {
    if (caps.headers !== "any" && !caps.headers.has(name.toLowerCase()))
      return "header_not_allowed";
    headerBytes += bytes(name) + bytes(value) + 4;
  }
  if (headerBytes > caps.maxHeaderBytes) return "headers_too_large";
  if (bytes(mail.text) + bytes(mail.html) + bytes(mail.subject) + headerBytes > caps.maxBytes)
    return "too_large";
  return null;
}
