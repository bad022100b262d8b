import { UNPROVEN_LIMIT } from "../../domain/email/fate.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import type { SendEmail, SendFate } from "../../protocol/jobs.ts";
import { CODE_LIFETIME_MS } from "../../protocol/limits.ts";
import { recordDeadLetter } from "../d1/dead-letters.ts";
import { setInvitationMail } from "../d1/invitations.ts";
import { abandonMail, endMail, releaseMail, startMail, type MailSubject } from "../d1/mails.ts";
import { distrustSender } from "../d1/mail-senders.ts";
import { isKnownAddress } from "../d1/proven-addresses.ts";
import { isSuppressed } from "../d1/suppressions.ts";
import { composeAnswer, composeHistoryCode } from "../email/answers.ts";
import { chooseTransport } from "../email/choose-transport.ts";
import { takeWaitingEvents } from "../email/events.ts";
import { composeMail, MailFlaw, type OutboundMail } from "../email/mail.ts";
import { renderMail } from "../email/templates.ts";
import { unprovenMailFrom } from "../email/unproven-limit.ts";
import { SENDER_REFUSALS, type EmailTransport, type SendOutcome } from "../email/transport.ts";
import type { Env } from "../env.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** How long a transport may take to answer. */
const SEND_TIMEOUT_MS = 15_000;
/** A try that began less than this ago may be under way still, by another copy of the job. */
const UNDER_WAY_MS = 2 * SEND_TIMEOUT_MS;
/** The longest delay that a queue takes. */
const DELAY_MAX_SECONDS = 24 * 3_600;

/**
 * Sends mails. A mail whose fate is unknown is sent again only by a transport that drops repeats; otherwise
 * it stays unknown, for a person to decide.
 */
export async function consumeEmails(
  batch: MessageBatch<SendEmail>,
  env: Env,
  transport: () => EmailTransport = () => chooseTransport(env),
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        const next = await deliver(message, env, transport());
        if (next === "done") message.ack();
        else
          message.retry({
            delaySeconds: Math.min(DELAY_MAX_SECONDS, Math.ceil(next.afterMs / 1_000)),
          });
      } catch (error) {
        console.error(
          "mail postponed",
          message.body?.mail?.template,
          message.attempts,
          String(error),
        );
        message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      }
    }),
  );
}

async function deliver(
  message: Message<SendEmail>,
  env: Env,
  transport: EmailTransport,
): Promise<"done" | { afterMs: number }> {
  const job = message.body;
  if (await isForNobody(env, job)) return "done";
  const start = await startMail(env.DB, job.id, subjectOf(job), now());
  if (!start.may && start.state !== "sending") {
    await tell(env, job, fateOf(start.state), start.code);
    if (start.state === "accepted") await takeWaitingEvents(env, job.id);
    return "done";
  }
  const isAnotherCopy =
    !start.may && message.attempts === 1 && now() - start.triedAt < UNDER_WAY_MS;
  if (isAnotherCopy) return { afterMs: UNDER_WAY_MS };
  const maySendAgain =
    transport.caps.idempotency !== null &&
    now() - start.startedAt < transport.caps.idempotency.windowMs;
  if (!start.may && !maySendAgain)
    return settle(env, job, { state: "unknown", cause: "interrupted" });

  const mail = await prepare(message, env, transport, start.may);
  // What was handed over once may have arrived, whatever keeps it from being handed over again.
  if ("refused" in mail && !start.may)
    return settle(env, job, { state: "unknown", cause: mail.refused });
  const outcome: SendOutcome =
    "refused" in mail
      ? { state: "rejected", permanent: true, code: mail.refused }
      : await transport.send(mail, job.id, AbortSignal.timeout(SEND_TIMEOUT_MS));
  if (outcome.state === "rejected" && SENDER_REFUSALS.has(outcome.code)) await distrust(env, job);
  if (outcome.state === "unknown" && maySendAgain) {
    return { afterMs: retryDelaySeconds(message.attempts) * 1_000 };
  }
  if (outcome.state === "rejected" && !outcome.permanent) {
    // After a try that nobody answered it still may have been sent.
    if (start.may) await endMail(env.DB, job.id, { state: "waiting", code: outcome.code }, now());
    return {
      afterMs: Math.max(outcome.retryAfterMs ?? 0, retryDelaySeconds(message.attempts) * 1_000),
    };
  }
  return settle(env, job, outcome);
}

/** Whether a code would go to an address that nobody is known at. Nothing is kept of it, and whoever asked is not told. */
async function isForNobody(env: Env, { to, mail }: SendEmail): Promise<boolean> {
  return mail.template === "history-code" && !(await isKnownAddress(env.DB, mail.workspace, to));
}

/** The next mail goes out from the installation's address; this one only if a person sends it again. */
async function distrust(env: Env, { mail }: SendEmail): Promise<void> {
  if (mail.template !== "sign-in-code" && mail.template !== "invitation")
    await distrustSender(env.DB, mail.workspace);
}

/** The mail as it is handed over, or why it is not. What fails here has sent nothing, and says so. */
async function prepare(
  message: Message<SendEmail>,
  env: Env,
  transport: EmailTransport,
  isFirst: boolean,
): Promise<OutboundMail | { refused: string }> {
  try {
    const refused = await refusalOf(message, env);
    return refused === null ? await compose(env, transport, message.body) : { refused };
  } catch (error) {
    if (isFirst) await releaseMail(env.DB, message.body.id, "postponed", now());
    throw error;
  }
}

async function compose(
  env: Env,
  { caps }: EmailTransport,
  job: SendEmail,
): Promise<OutboundMail | { refused: string }> {
  const { mail } = job;
  try {
    if (mail.template === "answer" || mail.template === "copy")
      return await composeAnswer(env, { ...job, mail }, caps, now());
    if (mail.template === "history-code") return await composeHistoryCode(env, { ...job, mail });
    return composeMail({ from: env.EMAIL_FROM, to: job.to, ...renderMail(mail) });
  } catch (error) {
    // What composing finds fault with stays wrong; anything else may pass.
    if (error instanceof MailFlaw) return { refused: "bad_address" };
    throw error;
  }
}

async function settle(env: Env, job: SendEmail, outcome: SendOutcome): Promise<"done"> {
  const end =
    outcome.state === "accepted"
      ? { state: outcome.state, providerId: outcome.providerId }
      : { state: outcome.state, code: outcome.state === "unknown" ? outcome.cause : outcome.code };
  if (outcome.state !== "accepted")
    console.error("mail not sent", job.id, end.state, "code" in end && end.code);
  await endMail(env.DB, job.id, end, now());
  await tell(env, job, fateOf(outcome.state), end.state === "accepted" ? null : (end.code ?? null));
  if (outcome.state === "accepted") await takeWaitingEvents(env, job.id);
  return "done";
}

/** What a mail is for, so that what a provider says of it later finds its way. */
function subjectOf({ to, mail }: SendEmail): MailSubject {
  return {
    address: to,
    workspace: mail.template === "sign-in-code" ? null : mail.workspace,
    conversation: "conversation" in mail ? mail.conversation : null,
    message: "message" in mail ? mail.message : null,
  };
}

/** Why a mail does not leave; null when it may. Asked at every try. */
async function refusalOf(
  { body: { to, mail }, timestamp }: Message<SendEmail>,
  env: Env,
): Promise<"stale" | "suppressed" | null> {
  // A code that nobody can use any more is not worth a mail.
  if ("code" in mail && Date.now() - timestamp.getTime() > CODE_LIFETIME_MS) return "stale";
  if (mail.template === "sign-in-code") return null;
  return (await isSuppressed(env.DB, mail.workspace, to)) ? "suppressed" : null;
}

function fateOf(state: SendOutcome["state"]): SendFate {
  return state === "accepted" ? "sent" : state === "rejected" ? "failed" : "unknown";
}

/** Tells whoever waits for it how a mail ended. */
async function tell(env: Env, job: SendEmail, fate: SendFate, code: string | null): Promise<void> {
  const { mail } = job;
  switch (mail.template) {
    case "invitation":
      return setInvitationMail(env.DB, mail.workspace, mail.invitation, job.id, fate);
    case "answer":
      return peersOf(env)
        .conversation(mail.workspace, mail.conversation)
        .mailed({ job: job.id, message: mail.message, fate, code: fate === "sent" ? null : code });
    case "copy":
      return tellOfCopy(env, { ...job, mail }, fate, code);
    case "sign-in-code":
    case "history-code":
  }
}

/** Of an address that has had its mail of the day another mail takes it along; the chat learns where a code went. */
async function tellOfCopy(
  env: Env,
  { id: job, to, mail }: SendEmail & { mail: { template: "copy" } },
  fate: SendFate,
  code: string | null,
): Promise<void> {
  const { workspace, conversation, message, unprovenOf } = mail;
  const object = peersOf(env).conversation(workspace, conversation);
  if (fate === "failed" && code === UNPROVEN_LIMIT) {
    const until = await unprovenMailFrom(env.DB, to, now());
    return object.mailed({ job, message, fate: "held", code, until });
  }
  await object.mailed({ job, message, fate, code: fate === "sent" ? null : code });
  if (fate === "sent" && unprovenOf !== undefined)
    await peersOf(env).visitor(workspace, unprovenOf).noteContactCode(to);
}

/** Keeps mails that every retry failed for, without codes, words and addresses, and tells whoever waits for them. */
export async function consumeDeadEmails(batch: MessageBatch<SendEmail>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const job = message.body;
    try {
      await recordDeadLetter(
        env.DB,
        {
          queue: batch.queue,
          message: message.id,
          workspace: job.mail.template === "sign-in-code" ? null : job.mail.workspace,
          type: job.type,
          body: JSON.stringify({ id: job.id, mail: remembered(job.mail) }),
        },
        now(),
      );
      const { state, code } = await abandonMail(env.DB, job.id, now());
      await tell(env, job, fateOf(state), code === UNPROVEN_LIMIT ? code : "gave_up");
      message.ack();
    } catch (error) {
      console.error("dead mail postponed", message.attempts, String(error));
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    }
  }
}

function remembered(mail: SendEmail["mail"]): object {
  switch (mail.template) {
    case "sign-in-code":
    case "history-code":
      return { template: mail.template };
    case "invitation":
      return mail;
    case "answer":
    case "copy": {
      const { template, conversation, message } = mail;
      return { template, conversation, message };
    }
  }
}
