import type { JobId } from "../../protocol/ids.ts";
import { formatMailbox } from "./mail.ts";
import type { EmailTransport } from "./transport.ts";

/** The development mailbox: mails go no further than R2, where `/dev/mailbox` shows them. */

export type StoredMail = {
  job: JobId;
  /** As the header shows it. */
  from: string;
  to: string;
  /** Where an answer goes; null when nobody reads one. */
  replyTo: string | null;
  headers: Record<string, string>;
  subject: string;
  text: string;
  html: string;
  at: number;
};

const PREFIX = "dev/mailbox/";

export function mailboxTransport(files: R2Bucket, now: () => number): EmailTransport {
  return {
    caps: {
      // The job is the key: a second try overwrites the first.
      idempotency: { windowMs: Number.MAX_SAFE_INTEGER },
      headers: "any",
      ownMessageId: true,
      maxBytes: 5 * 1024 * 1024,
      maxHeaderBytes: 16 * 1024,
    },
    async send(mail, job) {
      const { to, replyTo, subject, text, html } = mail;
      const from = formatMailbox(mail.from);
      const headers = { ...mail.headers };
      const stored = { job, from, to, replyTo, headers, subject, text, html, at: now() };
      try {
        await files.put(keyOf(job), JSON.stringify(stored satisfies StoredMail));
        return { state: "accepted", providerId: job };
      } catch (error) {
        return { state: "unknown", cause: error instanceof Error ? error.name : "unknown" };
      }
    },
  };
}

/** One mail of the mailbox; null when there is none. */
export async function readStoredMail(files: R2Bucket, job: JobId): Promise<StoredMail | null> {
  const object = await files.get(keyOf(job));
  return object === null ? null : object.json<StoredMail>();
}

const keyOf = (job: JobId): string => `${PREFIX}${job}.json`;

/** The newest mails first; ids of jobs sort by time. */
export async function listMails(files: R2Bucket, limit: number): Promise<StoredMail[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await files.list({ prefix: PREFIX, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...page.objects.map((object) => object.key));
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  const newest = keys.toSorted().reverse().slice(0, limit);
  const mails = await Promise.all(
    newest.map((key) => files.get(key).then((object) => object?.json<StoredMail>())),
  );
  return mails.filter((mail) => mail !== undefined);
}
