import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { newId, type ConversationId, type JobId, type WorkspaceId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { workspaceAddress } from "../../domain/email/reply-address.ts";
import { receiveEmail } from "../email/inbound.ts";
import { keepOriginal } from "../email/originals.ts";
import { mailboxTransport, type StoredMail } from "../email/mailbox.ts";
import type { OutboundMail } from "../email/mail.ts";
import type { EmailTransport, SendOutcome } from "../email/transport.ts";
import { writtenMail } from "../dev/written-mail.ts";
import { consumeDeadEmails, consumeEmails } from "../queues/emails.ts";
import { env } from "./operator-browser.ts";

/** Mails into the product and out of it, without a provider. */

type Written = Omit<Parameters<typeof writtenMail>[0], "at" | "isProven" | "answered"> & {
  isProven?: boolean;
  answered?: StoredMail;
};

/** A mail as it arrives. */
export function written(mail: Written): Uint8Array<ArrayBuffer> {
  return writtenMail({ isProven: true, answered: null, at: Date.now(), ...mail });
}

/** A mail of this text. */
export const rawMail = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new TextEncoder().encode(text));

/** A mail with its text changed. */
export const changed = (
  raw: Uint8Array<ArrayBuffer>,
  change: (text: string) => string,
): Uint8Array<ArrayBuffer> => rawMail(change(new TextDecoder().decode(raw)));

/** A mail with one header more. */
export const withHeader = (raw: Uint8Array<ArrayBuffer>, header: string): Uint8Array<ArrayBuffer> =>
  changed(raw, (text) => text.replace("Subject:", `${header}\r\nSubject:`));

/** Hands a mail to the product; answers with the reason when it is sent back. */
export async function arrive(
  raw: Uint8Array<ArrayBuffer>,
  to: string,
  options: { from?: string; rawSize?: number } = {},
): Promise<string | null> {
  let refusal: string | null = null;
  await receiveEmail(
    {
      from: options.from ?? "bounce@somewhere.example",
      to,
      raw: new Blob([raw]).stream(),
      rawSize: options.rawSize ?? raw.length,
      setReject: (reason) => {
        refusal = reason;
      },
    },
    env,
  );
  return refusal;
}

export const inboxOf = (workspace: WorkspaceId): string =>
  workspaceAddress(workspace, env.EMAIL_REPLY_DOMAIN);

/** An address that no other test writes from. */
export const freshAddress = (): string => `${newId("job", Date.now()).slice(4)}@corp.example`;

/** Puts a mail with an attachment into a conversation as its first entry. */
export async function putMailInto(
  workspace: WorkspaceId,
  conversation: ConversationId,
): Promise<void> {
  const text =
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
  const original = await keepOriginal(env, workspace, rawMail(text), Date.now());
  await peersOf(env)
    .conversation(workspace, conversation)
    .receiveMail({
      key: original,
      aside: null,
      text: "Hello",
      mail: {
        from: freshAddress(),
        name: "",
        subject: "",
        isProven: true,
        folded: null,
        attachments: [{ name: "x", type: "application/octet-stream", bytes: 1 }],
        flaw: null,
        isCut: false,
        original,
      },
      isList: false,
      messageId: null,
    });
}

/** Collects the jobs that are put on the queue from now on; they go no further. */
export function collectJobs(): SendEmail[] {
  const jobs: SendEmail[] = [];
  vi.spyOn(env.EMAILS, "send").mockImplementation(async (job) => {
    jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  return jobs;
}

export type CountingTransport = EmailTransport & {
  sent: { job: JobId; mail: OutboundMail }[];
  /** What it was handed, each time. */
  tries: OutboundMail[];
};

/** A transport that counts what it really sends: a repeated key is sent once if it knows keys. */
export function countingTransport(
  answers: { outcome?: SendOutcome; hasKeys?: boolean } = {},
): CountingTransport {
  const sent: CountingTransport["sent"] = [];
  const tries: OutboundMail[] = [];
  const mailbox = mailboxTransport(env.FILES, Date.now);
  const hasKeys = answers.hasKeys ?? true;
  return {
    sent,
    tries,
    caps: { ...mailbox.caps, idempotency: hasKeys ? mailbox.caps.idempotency : null },
    async send(mail, job, signal) {
      tries.push(mail);
      if (!hasKeys || !sent.some((one) => one.job === job)) sent.push({ job, mail });
      return answers.outcome ?? mailbox.send(mail, job, signal);
    },
  };
}

/** Lets the queue deliver jobs once. Answers how many were done. */
export async function deliverJobs(
  jobs: SendEmail[],
  transport: EmailTransport,
  attempts = 1,
): Promise<number> {
  const batch = batchOf("parley-email", jobs, attempts);
  await consumeEmails(batch, env, () => transport);
  return (await getQueueResult(batch, createExecutionContext())).explicitAcks.length;
}

export async function buryJobs(jobs: SendEmail[]): Promise<void> {
  await consumeDeadEmails(batchOf("parley-email-dead", jobs, 1), env);
}

function batchOf(queue: string, jobs: SendEmail[], attempts: number): MessageBatch<SendEmail> {
  return createMessageBatch<SendEmail>(
    queue,
    jobs.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts, body })),
  );
}
