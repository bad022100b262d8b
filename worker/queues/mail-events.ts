import { now } from "../../durable-objects/runtime/clock.ts";
import { recordDeadLetter } from "../d1/dead-letters.ts";
import { readCloudflareEvent } from "../email/cloudflare-events.ts";
import { takeMailEvent } from "../email/events.ts";
import type { Env } from "../env.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** Takes what Cloudflare says of mails. What is none of it is left out. */
export async function consumeMailEvents(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map((message) =>
      attempt(message, async () => {
        const event = readCloudflareEvent(message.body, now());
        if (event !== null) await takeMailEvent(env, event);
      }),
    ),
  );
}

/** Keeps events that every retry failed for. */
export async function consumeDeadMailEvents(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages)
    await attempt(message, async () => {
      const event = readCloudflareEvent(message.body, now());
      const letter = {
        queue: batch.queue,
        message: message.id,
        workspace: null,
        type: "MailEvent",
        body: JSON.stringify(event),
      };
      await recordDeadLetter(env.DB, letter, now());
    });
}

async function attempt(message: Message, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    console.error("mail event postponed", message.attempts, String(error));
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}
