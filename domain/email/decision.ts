import { isVouchedFor } from "./authentication.ts";
import { automaticKind, type Automatic } from "./automatic.ts";
import { valuesOf, type Header } from "./headers.ts";
import { readSender, type Sender } from "./sender.ts";

/** Whether the sender's own domain vouches for the mail. Everything else is shown with a warning. */
export type Proof = "proven" | "unproven";

export type Decision =
  /** The participant's own message. Unproven ones carry a warning and set off nothing. */
  | { kind: "participant"; sender: Sender; proof: Proof; isList: boolean }
  /** Beside the conversation, for operators alone: somebody else, a machine, or nobody who can be told. */
  | {
      kind: "aside";
      sender: Sender | null;
      why: "stranger" | "automatic" | "bounce" | "unreadable";
    }
  /** A conversation of its own. */
  | { kind: "new"; sender: Sender; proof: Proof; isList: boolean }
  /** Kept as it came and shown to nobody: a machine's mail that answers nothing of ours, or our own. */
  | { kind: "quiet"; why: "automatic" | "bounce" | "own" }
  /** Sent back with these words. */
  | { kind: "reject"; reason: string };

export type DecisionInput = {
  headers: readonly Header[];
  envelopeFrom: string;
  /** The address of whom the reply address was made for; null when the mail came to the workspace's own address. */
  participant: string | null;
  /** Whether our own mail server took the mail; if not, no verdict in it is ours. */
  isJudged: boolean;
  /** Whether an address is one that this installation sends from or receives at. */
  isOwn(address: string): boolean;
};

/**
 * Who wrote a mail, and where it goes. Nothing but the envelope's address, the one `From` and our own server's verdict
 * decides: never a subject, a ticket number, or who else was written to.
 */
export function decide({
  headers,
  envelopeFrom,
  participant,
  isJudged,
  isOwn,
}: DecisionInput): Decision {
  const reading = readSender(headers);
  const sender = reading.ok ? reading.sender : null;
  if (sender !== null && isOwn(sender.address)) return { kind: "quiet", why: "own" };
  const automatic = automaticKind(headers, envelopeFrom, sender?.address ?? null);
  const why = machine(automatic);
  if (why !== null)
    return participant === null ? { kind: "quiet", why } : { kind: "aside", sender, why };
  if (!reading.ok) {
    if (participant !== null) return { kind: "aside", sender: null, why: "unreadable" };
    return {
      kind: "reject",
      reason: "The sender cannot be told: one From with one address is needed",
    };
  }
  const isProven =
    isJudged && !reading.isForAnother && isVouchedFor(headers, reading.sender.domain);
  const proof = isProven ? "proven" : "unproven";
  const isList = automatic === "list";
  if (participant === null) return { kind: "new", sender: reading.sender, proof, isList };
  if (reading.sender.address !== participant)
    return { kind: "aside", sender: reading.sender, why: "stranger" };
  return { kind: "participant", sender: reading.sender, proof, isList };
}

/** The Message-IDs of a field, without whatever else stands in it. */
export function messageIds(headers: readonly Header[], name: string, max: number): string[] {
  const text = valuesOf(headers, name).join(" ").slice(0, 100_000);
  const ids = text.match(/<[!-;=?-~]{3,248}>/g) ?? [];
  return ids.slice(-max);
}

function machine(automatic: Automatic | null): "automatic" | "bounce" | null {
  if (automatic === "bounce") return "bounce";
  return automatic === "reply" ? "automatic" : null;
}
