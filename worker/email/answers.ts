import { REFERENCES_MAX } from "../../domain/email/limits.ts";
import { replyAddress } from "../../domain/email/reply-address.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { mailLink } from "../continue/make-link.ts";
import { openMailThread } from "../d1/mail-threads.ts";
import type { Env } from "../env.ts";
import { answerCode } from "./answer-code.ts";
import { renderFirstAnswer } from "./first-answer.ts";
import {
  codeLetterhead,
  conversationLetterhead,
  type CodeMail,
  type ConversationMail,
} from "./letterhead.ts";
import { composeMail, type OutboundMail } from "./mail.ts";
import { stopLink } from "./stop-everything.ts";
import { renderMail, type RenderedMail, type Ways } from "./templates.ts";
import type { TransportCaps } from "./transport.ts";

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
  const head = await conversationLetterhead(env, job, now);
  if ("refused" in head) return head;
  const { workspace, conversation, operatorName } = job.mail;
  const { origin, replyDomain } = head;
  const right = { workspace, conversation, address: job.to };
  const isCopy = job.mail.template === "copy";
  if (job.mail.template === "copy" || job.mail.ownSubject !== undefined)
    await openMailThread(env.DB, workspace, conversation, job.to, now);
  const link = head.hasLink ? await mailLink(env, origin, job.id) : null;
  const visitor = job.mail.template === "copy" ? job.mail.everythingOf : undefined;
  const stop =
    visitor === undefined
      ? null
      : await stopLink(env, origin, { workspace, visitor, address: job.to });
  return composeMail({
    from: head.from,
    fromName: `${bareName(operatorName)} (${bareName(head.sender)})`,
    to: job.to,
    replyTo: await replyAddress(env.PARLEY_SECRET, right, replyDomain),
    ...(await words(env, job, head.workspaceName, { link, stop }, now)),
    isByHand: !isCopy,
    headers: { ...threading(job, replyDomain, caps), ...(stop === null ? {} : oneClick(stop)) },
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
export async function composeHistoryCode(
  env: Env,
  job: SendEmail & { mail: CodeMail },
): Promise<OutboundMail> {
  const { from, sender } = await codeLetterhead(env, job);
  return composeMail({ from, fromName: bareName(sender), to: job.to, ...renderMail(job.mail) });
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
