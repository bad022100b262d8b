import { isSame, sign } from "./signature.ts";
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
  | { kind: "workspace"; workspace: WorkspaceId; domain: string }
  | { kind: "conversation"; conversation: ConversationId; signature: string; domain: string }
  | { kind: "check"; workspace: WorkspaceId; signature: string; domain: string };

/** The version of the key that signs; another letter when another key does. */
const REPLY = "r1";
const INBOX = "inbox";
const CHECK = "v1";

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

/** Where a mail has to come to show that mails to a workspace's own domain do. */
export async function checkAddress(
  secret: string,
  workspace: WorkspaceId,
  domain: string,
): Promise<string> {
  return `${CHECK}.${workspace.slice(4)}.${await checkSignature(secret, workspace, domain)}@${domain}`;
}

/** Whether a signature is that of the address which a workspace's domain is checked with. */
export async function isCheck(
  secret: string,
  workspace: WorkspaceId,
  domain: string,
  text: string,
): Promise<boolean> {
  return isSame(await checkSignature(secret, workspace, domain), text);
}

const checkSignature = (secret: string, workspace: WorkspaceId, domain: string): Promise<string> =>
  sign(secret, [CHECK, workspace, domain]);

/** Reads an envelope's recipient; null when it is none of ours by its form. Whose the domain is says somebody else. */
export function readRecipient(address: string): Recipient | null {
  const [local, domain, ...rest] = address.trim().toLowerCase().split("@");
  if (local === undefined || domain === undefined || rest.length > 0) return null;
  const [, kind = "", name = "", signature = ""] =
    /^(r1|v1)\.([0-9a-z]{1,40})\.([0-9a-z]{26})$/.exec(local) ?? [];
  const conversation = `cnv_${name}`;
  if (kind === REPLY)
    return name.length <= 30 && isId("cnv", conversation)
      ? { kind: "conversation", conversation, signature, domain }
      : null;
  const workspace = `wsp_${kind === CHECK ? name : (/^inbox\.([0-9a-z]{1,40})$/.exec(local)?.[1] ?? "")}`;
  if (!isId("wsp", workspace)) return null;
  return kind === CHECK
    ? { kind: "check", workspace, signature, domain }
    : { kind: "workspace", workspace, domain };
}

/** Whether a signature is this right's. Takes as long for a wrong one. */
export async function isSigned(secret: string, right: ReplyRight, text: string): Promise<boolean> {
  return isSame(await signature(secret, right), text);
}

const signature = (secret: string, right: ReplyRight): Promise<string> =>
  sign(secret, [REPLY, right.workspace, right.conversation, right.address]);
