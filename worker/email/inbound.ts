import { decide, messageIds, type Decision } from "../../domain/email/decision.ts";
import { splitMail, valuesOf, type SplitMail } from "../../domain/email/headers.ts";
import {
  MAIL_HEADERS_MAX_BYTES,
  MAIL_MAX_BYTES,
  MESSAGE_ID_MAX,
} from "../../domain/email/limits.ts";
import { headerText, readMail } from "../../domain/email/reading.ts";
import { isCheck, isSigned, readRecipient } from "../../domain/email/reply-address.ts";
import { withoutLinks } from "../../domain/identity/continue-link.ts";
import type { ArrivedMail } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { newId, type ConversationId, type WorkspaceId } from "../../protocol/ids.ts";
import { FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE } from "../../protocol/limits.ts";
import {
  beginMailThread,
  readBegun,
  readMailThreads,
  recordQuietMail,
} from "../d1/mail-threads.ts";
import { noteReplyArrival, readMailSender, type MailSender } from "../d1/mail-senders.ts";
import { showOriginal } from "../d1/originals.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { missingRequirements } from "../requirements.ts";
import { parseMailbox } from "./mail.ts";
import { keepOriginal, sha256 } from "./originals.ts";
import { withoutQuotedCode } from "./quoted-code.ts";
import { takeReport } from "./reports.ts";

/** A mail as the platform, or the development mailbox, hands it over. */
export type InboundMail = Pick<
  ForwardableEmailMessage,
  "from" | "to" | "raw" | "rawSize" | "setReject"
>;

/** Where a mail is for: a workspace, and the conversation whose reply address it came to. */
type Destination = {
  workspace: WorkspaceId;
  sender: MailSender;
  thread: { conversation: ConversationId; address: string } | null;
};

/** Longest name of a sender that is shown. */
const NAME_MAX = 100;

/**
 * Takes one mail. It is kept before it is read; what fails after that fails the delivery, so that the sending server
 * tries again, and a mail that comes twice is the same mail. What is refused goes back to its sender with the reason.
 * @param options `isJudged`: Cloudflare's mail server brought it, and so its verdict stands where it belongs.
 */
export async function receiveEmail(
  message: InboundMail,
  env: Env,
  { isJudged } = { isJudged: true },
): Promise<void> {
  const missing = missingRequirements(env);
  if (missing.length > 0) throw new Error(`not configured: ${missing.join(", ")}`);
  const destination = await destinationOf(message.to, env);
  // A forged signature and an address that never was are answered alike.
  if (destination === null) return message.setReject("There is no such address here");
  // That it came is all that such a mail is for.
  if (destination === "proof") return;
  const bytes = await readRaw(message);
  if (bytes === null) return message.setReject("The mail is larger than 10 MB");
  const original = await keepOriginal(env, destination.workspace, bytes, now());
  const split = splitMail(bytes);
  if (split.headerBytes > MAIL_HEADERS_MAX_BYTES)
    return message.setReject("The headers of the mail are too large");
  const decision = decide({
    headers: split.headers,
    envelopeFrom: message.from,
    participant: destination.thread?.address ?? null,
    isJudged,
    isOwn: (address) => isOwn(address, env, destination.sender),
  });
  if (decision.kind === "reject") return message.setReject(decision.reason);
  const key = await keyOf(bytes, split, message.to);
  if ("why" in decision && decision.why === "bounce") {
    const { workspace, thread } = destination;
    await takeReport(
      env,
      { workspace, conversation: thread?.conversation ?? null, key },
      bytes,
      split,
    );
  }
  if (decision.kind === "quiet") {
    console.log("mail kept quiet", destination.workspace, decision.why);
    const mail = { workspace: destination.workspace, key, original };
    return recordQuietMail(env.DB, mail, decision.why, now());
  }
  const { thread, workspace } = destination;
  const read = await arrivedMail(bytes, split, decision, key, original);
  const arrived =
    thread === null ? read : await withoutQuotedCode(env, { workspace, ...thread }, read);
  const conversation =
    decision.kind === "new" ? await begin(env, workspace, decision, arrived) : thread?.conversation;
  if (conversation === undefined) throw new Error("a mail beside a conversation that is none");
  const reception = await peersOf(env).conversation(workspace, conversation).receiveMail(arrived);
  if (!reception.ok && reception.code === "rate_limited")
    return message.setReject("Too many mails came to this address in a short time");
  if (!reception.ok) throw new Error("the conversation was never begun");
  // Last: what is refused is shown by nobody. Where this fails the mail comes again, and is the same one.
  await showOriginal(env.DB, workspace, original);
}

/** What an envelope's recipient stands for; null when it is nothing of ours. */
async function destinationOf(to: string, env: Env): Promise<Destination | "proof" | null> {
  const recipient = readRecipient(to);
  if (recipient === null) return null;
  const { domain } = recipient;
  if (recipient.kind === "conversation") {
    const { conversation, signature } = recipient;
    for (const { workspace, address } of await readMailThreads(env.DB, conversation)) {
      const right = { workspace, conversation, address };
      if (!(await isSigned(env.PARLEY_SECRET, right, signature))) continue;
      const sender = await readMailSender(env.DB, workspace);
      return isDomainOf(env, sender, domain)
        ? { workspace, sender, thread: { conversation, address } }
        : null;
    }
    return null;
  }
  const { workspace } = recipient;
  const sender = await readMailSender(env.DB, workspace);
  if (recipient.kind === "check") {
    const isOurs =
      sender.replyDomain === domain &&
      (await isCheck(env.PARLEY_SECRET, workspace, domain, recipient.signature));
    if (!isOurs) return null;
    await noteReplyArrival(env.DB, workspace, domain, now());
    return "proof";
  }
  const isThere =
    isDomainOf(env, sender, domain) && (await readWorkspace(env.DB, workspace)) !== null;
  return isThere ? { workspace, sender, thread: null } : null;
}

/** Whether mails at a domain are for this workspace: the installation's, or its own once that is proven. */
function isDomainOf(env: Env, sender: MailSender, domain: string): boolean {
  if (domain === "") return false;
  if (domain === env.EMAIL_REPLY_DOMAIN.toLowerCase()) return true;
  return sender.replyVerifiedAt !== null && domain === sender.replyDomain;
}

/** All of a mail; null when it is larger than the limit, whatever its envelope says. */
async function readRaw(message: InboundMail): Promise<Uint8Array<ArrayBuffer> | null> {
  if (message.rawSize > MAIL_MAX_BYTES) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message.raw) {
    length += chunk.length;
    if (length > MAIL_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Mails from ourselves would answer themselves for ever. */
function isOwn(address: string, env: Env, { fromAddress, replyDomain }: MailSender): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return (
    address === parseMailbox(env.EMAIL_FROM).email.toLowerCase() ||
    address === fromAddress ||
    domain === env.EMAIL_REPLY_DOMAIN.toLowerCase() ||
    domain === replyDomain
  );
}

/**
 * The same for the same mail: its Message-ID, its body and whom it came to. Servers on its way add headers, and programs
 * use one Message-ID for two mails.
 */
async function keyOf(
  bytes: Uint8Array<ArrayBuffer>,
  { headers, bodyAt }: SplitMail,
  to: string,
): Promise<string> {
  const [id] = messageIds(headers, "message-id", 1);
  const name = id ?? ["from", "date", "subject"].map((field) => valuesOf(headers, field)[0]).join();
  const body = await sha256(bytes.slice(bodyAt));
  return sha256(
    new Uint8Array(new TextEncoder().encode([name, body, to.toLowerCase()].join("\n"))),
  );
}

async function arrivedMail(
  bytes: Uint8Array<ArrayBuffer>,
  split: SplitMail,
  decision: Extract<Decision, { kind: "participant" | "aside" | "new" }>,
  key: string,
  original: string,
): Promise<ArrivedMail> {
  const { subject, text, folded, attachments, hasHtml, flaw, isCut } = await readMail(bytes, split);
  const { sender } = decision;
  const [messageId] = messageIds(split.headers, "message-id", 1);
  return {
    key,
    aside: decision.kind === "aside" ? decision.why : null,
    text: withoutLinks(text),
    mail: {
      from: sender?.address ?? "",
      name: nameOf(sender?.rawName ?? ""),
      subject,
      isProven: decision.kind !== "aside" && decision.proof === "proven",
      folded: folded && withoutLinks(folded),
      attachments,
      hasHtml,
      flaw,
      isCut,
      original,
    },
    isList: decision.kind !== "aside" && decision.isList,
    messageId: messageId !== undefined && messageId.length <= MESSAGE_ID_MAX ? messageId : null,
  };
}

function nameOf(rawName: string): string {
  const bare = /^"([\s\S]*)"$/.exec(rawName)?.[1]?.replace(/\\(.)/g, "$1") ?? rawName;
  return headerText(bare, NAME_MAX);
}

/** The conversation that a mail begins, made with its visitor. */
async function begin(
  env: Env,
  workspace: WorkspaceId,
  { sender, proof }: Extract<Decision, { kind: "new" }>,
  { key, mail }: ArrivedMail,
): Promise<ConversationId> {
  const peers = peersOf(env);
  const at = now();
  const isProven = proof === "proven";
  const known = await readBegun(env.DB, workspace, key);
  if (known === null) {
    const mayBegin = await peers
      .throttle(workspace, "mail")
      .take("first-mail", FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE);
    // The delivery fails for now; the sending server tries again.
    if (!mayBegin) throw new Error("too many conversations begin by email at the moment");
  }
  const begun =
    known ??
    (await beginMailThread(
      env.DB,
      { workspace, key, address: sender.address, isProven, original: mail.original },
      { visitor: newId("vis", at), conversation: newId("cnv", at) },
      at,
    ));
  await peers.visitor(workspace, begun.visitor).beginMail(begun.conversation, {
    address: sender.address,
    name: mail.name,
    subject: mail.subject,
    isProven,
  });
  return begun.conversation;
}
