import { REFERENCES_MAX } from "../../domain/email/limits.ts";
import { replyAddress } from "../../domain/email/reply-address.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { readMailSender, type MailSender } from "../d1/mail-senders.ts";
import { openMailThread } from "../d1/mail-threads.ts";
import { mailContinueLink } from "../continue/make-link.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { answerCode } from "./answer-code.ts";
import { composeMail, type OutboundMail } from "./mail.ts";
import { renderFirstAnswer } from "./first-answer.ts";
import { stopLink } from "./stop-everything.ts";
import { renderMail, type RenderedMail, type Ways } from "./templates.ts";
import type { TransportCaps } from "./transport.ts";
import { mayMailUnproven, UNPROVEN_LIMIT } from "./unproven-limit.ts";

type ConversationMail = Extract<SendEmail["mail"], { template: "answer" | "copy" }>;

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
  const isProven =
    job.mail.template === "copy" ? job.mail.unprovenOf === undefined : job.mail.isProven;
  const [row, sender] = await Promise.all([
    readWorkspace(env.DB, workspace),
    readMailSender(env.DB, workspace),
  ]);
  if (row === null) return { refused: "not_found" };
  const domain = replyDomainOf(env, sender);
  if (domain === "") return { refused: "no_reply_domain" };
  if (!isProven && !(await mayMailUnproven(env.DB, job.id, job.to, now)))
    return { refused: UNPROVEN_LIMIT };
  const right = { workspace, conversation, address: job.to };
  const link = await mailContinueLink(env, {
    workspace: row,
    conversation,
    address: job.to,
    job: job.id,
  });
  if (job.mail.template === "copy" || job.mail.ownSubject !== undefined)
    await openMailThread(env.DB, workspace, conversation, job.to, now);
  const visitor = job.mail.template === "copy" ? job.mail.everythingOf : undefined;
  const stop =
    visitor === undefined ? null : await stopLink(env, { workspace, visitor, address: job.to });
  return composeMail({
    from: fromOf(env, sender),
    fromName: `${bareName(operatorName)} (${bareName(sender.fromName ?? row.name)})`,
    to: job.to,
    replyTo: await replyAddress(env.PARLEY_SECRET, right, domain),
    ...(await words(env, job, row.name, { link, stop }, now)),
    isByHand: !isCopy,
    headers: { ...threading(job, domain, caps), ...(stop === null ? {} : oneClick(stop)) },
  });
}

async function words(
  env: Env,
  { id, to: address, mail }: SendEmail & { mail: ConversationMail },
  workspaceName: string,
  ways: Ways,
  now: number,
): Promise<RenderedMail> {
  if (mail.template !== "copy" || mail.unprovenOf === undefined) return renderMail(mail, ways);
  const whose = { workspace: mail.workspace, visitor: mail.unprovenOf, address };
  const code = await answerCode(env, id, whose, now);
  return renderFirstAnswer(mail, { workspaceName, code, link: ways.link });
}

/** RFC 2369 and RFC 8058: mail programs show a button, and their servers press it. */
const oneClick = (stop: string): Record<string, string> => ({
  "List-Unsubscribe": `<${stop}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

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
