import { isId, type ConversationId, type WorkspaceId } from "../../protocol/ids.ts";

/**
 * Where answers to a conversation's mails go: `r1.<conversation>.<signature>@domain`. At most 64 characters before the
 * `@` (RFC 5321 section 4.5.3.1.1), and nothing in it that is lost when a mail server makes it lower case.
 */

/** What one reply address stands for: it lets its holder's mails into this conversation, and nobody else's. */
export type ReplyRight = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  /** The participant's own address, in lower case. */
  address: string;
};

export type Recipient =
  | { kind: "workspace"; workspace: WorkspaceId }
  | { kind: "conversation"; conversation: ConversationId; signature: string };

/** The version of the key that signs; another letter when another key does. */
const REPLY = "r1";
const INBOX = "inbox";
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** 26 characters of 5 bits. */
const SIGNATURE_LENGTH = 26;

export async function replyAddress(
  secret: string,
  right: ReplyRight,
  domain: string,
): Promise<string> {
  return `${REPLY}.${right.conversation.slice(4)}.${await signature(secret, right)}@${domain}`;
}

/** Where somebody writes who has no conversation yet; a company forwards its own address there. */
export function workspaceAddress(workspace: WorkspaceId, domain: string): string {
  return `${INBOX}.${workspace.slice(4)}@${domain}`;
}

/** Reads an envelope's recipient; null when it is none of ours by its form. */
export function readRecipient(address: string, domain: string): Recipient | null {
  const [local, at, ...rest] = address.trim().toLowerCase().split("@");
  if (local === undefined || at !== domain.toLowerCase() || rest.length > 0) return null;
  const reply = /^r1\.([0-9a-z]{1,30})\.([0-9a-z]{26})$/.exec(local);
  if (reply !== null) {
    const conversation = `cnv_${reply[1] ?? ""}`;
    return isId("cnv", conversation)
      ? { kind: "conversation", conversation, signature: reply[2] ?? "" }
      : null;
  }
  const inbox = /^inbox\.([0-9a-z]{1,40})$/.exec(local);
  const workspace = `wsp_${inbox?.[1] ?? ""}`;
  return inbox !== null && isId("wsp", workspace) ? { kind: "workspace", workspace } : null;
}

/** Whether a signature is this right's. Takes as long for a wrong one. */
export async function isSigned(secret: string, right: ReplyRight, text: string): Promise<boolean> {
  const expected = await signature(secret, right);
  let difference = expected.length ^ text.length;
  for (let i = 0; i < expected.length; i++)
    difference |= expected.charCodeAt(i) ^ text.charCodeAt(i);
  return difference === 0;
}

async function signature(secret: string, right: ReplyRight): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = [REPLY, right.workspace, right.conversation, right.address].join("\n");
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  let signed = "";
  let bits = 0;
  let held = 0;
  for (const byte of mac) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      signed += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return signed.slice(0, SIGNATURE_LENGTH);
}
