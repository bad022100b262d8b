import { UNPROVEN_LIMIT } from "../../domain/email/fate.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { publicOrigin } from "../continue/destination.ts";
import { mailContinueLink } from "../continue/make-link.ts";
import { readMailSender, type MailSender } from "../d1/mail-senders.ts";
import { keepLetterhead, readLetterhead } from "../d1/mails.ts";
import type { Letterhead } from "../d1/schema/mails.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { mayMailUnproven } from "./unproven-limit.ts";

/**
 * What a mail says that its job does not know: from whom, where answers go, whether it has a link. The first try decides
 * and every further one says the same, because a provider that drops repeats of a job refuses other words under its key.
 */

export type ConversationMail = Extract<SendEmail["mail"], { template: "answer" | "copy" }>;
export type CodeMail = Extract<SendEmail["mail"], { template: "history-code" }>;

/** Of a mail of a conversation. A refusal is final. */
export async function conversationLetterhead(
  env: Env,
  job: SendEmail & { mail: ConversationMail },
  now: number,
): Promise<Letterhead | { refused: string }> {
  const kept = await readLetterhead(env.DB, job.id);
  if (kept !== null) return kept;
  const { id, to: address, mail } = job;
  const [workspace, sender] = await Promise.all([
    readWorkspace(env.DB, mail.workspace),
    readMailSender(env.DB, mail.workspace),
  ]);
  if (workspace === null) return { refused: "not_found" };
  const replyDomain = replyDomainOf(env, sender);
  if (replyDomain === "") return { refused: "no_reply_domain" };
  if (!isProven(mail) && !(await mayMailUnproven(env.DB, id, address, now)))
    return { refused: UNPROVEN_LIMIT };
  const { conversation } = mail;
  const link = await mailContinueLink(env, { workspace, conversation, address, job: id });
  return keepLetterhead(env.DB, id, {
    from: fromOf(env, sender),
    sender: sender.fromName ?? workspace.name,
    workspaceName: workspace.name,
    replyDomain,
    origin: publicOrigin(env),
    hasLink: link !== null,
  });
}

/** Of a code for somebody who wrote before: from whom they had the answers. */
export async function codeLetterhead(
  env: Env,
  { id, mail }: SendEmail & { mail: CodeMail },
): Promise<Letterhead> {
  const kept = await readLetterhead(env.DB, id);
  if (kept !== null) return kept;
  const sender = await readMailSender(env.DB, mail.workspace);
  return keepLetterhead(env.DB, id, {
    from: fromOf(env, sender),
    sender: sender.fromName ?? mail.workspaceName,
    workspaceName: mail.workspaceName,
    replyDomain: "",
    origin: "",
    hasLink: false,
  });
}

const isProven = (mail: ConversationMail): boolean =>
  mail.template === "copy" ? mail.unprovenOf === undefined : mail.isProven;

/** The workspace's own address once that is proven, else the installation's. */
function fromOf(env: Env, { fromAddress, fromVerifiedAt }: MailSender): string {
  return (fromVerifiedAt === null ? null : fromAddress) ?? env.EMAIL_FROM;
}

/** Where answers come in: the workspace's own domain once that is proven, else the installation's. */
function replyDomainOf(env: Env, { replyDomain, replyVerifiedAt }: MailSender): string {
  return (replyVerifiedAt === null ? null : replyDomain) ?? env.EMAIL_REPLY_DOMAIN;
}
