import { REFERENCES_MAX } from "../../domain/email/limits.ts";
import { replyAddress } from "../../domain/email/reply-address.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import type { JobId } from "../../protocol/ids.ts";
import { attemptKey, takeAttempt } from "../d1/attempts.ts";
import { readMailSender, type MailSender } from "../d1/mail-senders.ts";
import { openMailThread } from "../d1/mail-threads.ts";
import { mailContinueLink } from "../continue/make-link.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { composeMail, type OutboundMail } from "./mail.ts";
import { renderMail } from "./templates.ts";
import type { TransportCaps } from "./transport.ts";

type ConversationMail = Extract<SendEmail["mail"], { template: "answer" | "copy" }>;

/** Mails that an address gets before it has proven itself: from the whole installation, in a day. */
const UNPROVEN_MAILS = 1;
const UNPROVEN_WINDOW_MS = 24 * 3_600_000;

/**
 * An operator's answer as a mail: from the workspace's address, or the installation's, under the operator's name, with the conversation's
 * signed address to answer to, in one thread in every mail program. A refusal is final.
 */
export async function composeAnswer(
  env: Env,
  job: SendEmail & { mail: ConversationMail },
  caps: TransportCaps,
  now: number,
): Promise<OutboundMail | { refused: string }> {
  const { workspace, conversation, operatorName } = job.mail;
  const isCopy = job.mail.template === "copy";
  // A copy goes only where an address is known to be the person's.
  const isProven = job.mail.template === "copy" || job.mail.isProven;
  const [row, sender] = await Promise.all([
    readWorkspace(env.DB, workspace),
    readMailSender(env.DB, workspace),
  ]);
  if (row === null) return { refused: "not_found" };
  const domain = replyDomainOf(env, sender);
  if (domain === "") return { refused: "no_reply_domain" };
  if (!isProven && !(await mayMailUnproven(env.DB, job.id, job.to, now)))
    return { refused: "unproven_limit" };
  const right = { workspace, conversation, address: job.to };
  const link = await mailContinueLink(env, {
    workspace: row,
    conversation,
    address: job.to,
    job: job.id,
  });
  if (job.mail.template === "copy" || job.mail.ownSubject !== undefined)
    await openMailThread(env.DB, workspace, conversation, job.to, now);
  return composeMail({
    from: fromOf(env, sender),
    fromName: `${bareName(operatorName)} (${bareName(sender.fromName ?? row.name)})`,
    to: job.to,
    replyTo: await replyAddress(env.PARLEY_SECRET, right, domain),
    ...renderMail(job.mail, link),
    isByHand: !isCopy,
    headers: threading(job, domain, caps),
  });
}

/** A code for somebody who wrote before, from whom they had the answers. */
export async function composeHistoryCode(env: Env, job: CodeJob): Promise<OutboundMail> {
  const sender = await readMailSender(env.DB, job.mail.workspace);
  return composeMail({
    from: fromOf(env, sender),
    fromName: bareName(sender.fromName ?? job.mail.workspaceName),
    to: job.to,
    ...renderMail(job.mail),
  });
}
type CodeJob = SendEmail & { mail: { template: "history-code" } };

/** The workspace's own address once that is proven, else the installation's. */
function fromOf(env: Env, { fromAddress, fromVerifiedAt }: MailSender): string {
  return (fromVerifiedAt === null ? null : fromAddress) ?? env.EMAIL_FROM;
}

/** Where answers come in: the workspace's own domain once that is proven, else the installation's. */
function replyDomainOf(env: Env, { replyDomain, replyVerifiedAt }: MailSender): string {
  return (replyVerifiedAt === null ? null : replyDomain) ?? env.EMAIL_REPLY_DOMAIN;
}

/** The root of a conversation's thread stands first in every mail of it, so that programs without ours find it too. */
function threading(
  { id, mail }: SendEmail & { mail: ConversationMail },
  domain: string,
  caps: TransportCaps,
): Record<string, string> {
  const root = `<${mail.conversation}@${domain}>`;
  const references = mail.references.slice(1 - REFERENCES_MAX);
  return {
    ...(caps.ownMessageId ? { "Message-ID": `<${id}@${domain}>` } : {}),
    "In-Reply-To": references.at(-1) ?? root,
    References: [root, ...references].join(" "),
  };
}

/** A name that no mail program takes for another address. */
function bareName(name: string): string {
  return name
    .replace(/[@<>"(),:;\\]/g, " ")
    .trim()
    .slice(0, 80);
}

async function mayMailUnproven(
  db: D1Database,
  job: JobId,
  address: string,
  now: number,
): Promise<boolean> {
  const key = await attemptKey("unproven-mail", address);
  return takeAttempt(db, key, UNPROVEN_MAILS, UNPROVEN_WINDOW_MS, now, job);
}
