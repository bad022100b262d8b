import { suppressionOf, type MailEvent } from "../../domain/email/fate.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { JobId } from "../../protocol/ids.ts";
import { failInvitationMail } from "../d1/invitations.ts";
import { recordMailEvent, waitingMailEvents, type KnownMail } from "../d1/mail-events.ts";
import { suppress } from "../d1/suppressions.ts";
import type { Env } from "../env.ts";

/**
 * Takes what a provider says of a mail: kept first, then told to whoever waits for it. Everything may be done again,
 * so a failure in the middle is answered by the provider's next try.
 */
export async function takeMailEvent(env: Env, event: MailEvent): Promise<void> {
  const mail = await recordMailEvent(env.DB, event, now());
  if (mail === null) return console.log("an event of a mail that nobody knows", event.provider);
  await holdBack(env, event, mail);
  await tell(env, event, mail);
}

/** What was said of a mail before its provider's answer had come. */
export async function takeWaitingEvents(env: Env, job: JobId): Promise<void> {
  for (const event of await waitingMailEvents(env.DB, job)) await takeMailEvent(env, event);
}

async function holdBack(env: Env, event: MailEvent, { workspace, address }: KnownMail) {
  const why = suppressionOf(event);
  if (why === null || workspace === null) return;
  await suppress(env.DB, workspace, { address, why, reason: event.reason, at: event.at });
}

async function tell(env: Env, { fate, reason }: MailEvent, mail: KnownMail): Promise<void> {
  const { workspace, conversation, message, job } = mail;
  if (workspace !== null && conversation !== null && message !== null)
    return peersOf(env)
      .conversation(workspace, conversation)
      .mailed({ job, message, fate, code: reason });
  if (workspace !== null && (fate === "bounced" || fate === "dropped"))
    await failInvitationMail(env.DB, workspace, job);
}
