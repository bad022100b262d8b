import * as z from "zod";
import { readRecipient } from "../../domain/email/reply-address.ts";
import type { Env } from "../env.ts";
import { receiveEmail } from "./inbound.ts";

/** Mails that Resend takes in: resend.com/docs/dashboard/receiving/introduction. Its webhook names a mail, no more. */

const TIMEOUT_MS = 20_000;
/** Addresses of one mail that are looked at. */
const RECIPIENTS_MAX = 50;

const received = z.object({ raw: z.object({ download_url: z.url({ protocol: /^https$/ }) }) });

/**
 * Asks for a mail as it came and takes it once for each of our addresses, as if our own mail server had brought it;
 * but nobody we trust has said whose it is, so it is never verified. Throws while it cannot be had.
 */
export async function takeReceivedMail(
  env: Env,
  { id, from, recipients }: { id: string; from: string; recipients: string[] },
  fetcher: typeof fetch,
): Promise<void> {
  const addresses = recipients.flatMap(
    (text) => /[^\s<>@]+@[^\s<>@]+/.exec(text.toLowerCase()) ?? [],
  );
  // Whose domain it is says the inbound path; what is none of our addresses by its form is not worth a download.
  const ours = [...new Set(addresses)].filter((address) => readRecipient(address) !== null);
  for (const to of ours.slice(0, RECIPIENTS_MAX)) {
    const mail = await download(env.RESEND_API_KEY ?? "", id, fetcher);
    await receiveEmail(
      {
        from: from === "" ? "unknown" : from,
        to,
        raw: mail,
        rawSize: 0,
        // The provider has taken it already: nothing can be sent back.
        setReject: (reason) => console.log("a received mail is left out", id, reason),
      },
      env,
      { isJudged: false },
    );
  }
}

async function download(
  apiKey: string,
  id: string,
  fetcher: typeof fetch,
): Promise<ReadableStream<Uint8Array>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const about = await fetcher(`https://api.resend.com/emails/receiving/${id}`, {
    signal,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  if (!about.ok) throw new Error(`Resend answered ${about.status}`);
  const { raw } = received.parse(await about.json());
  const answer = await fetcher(raw.download_url, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`the mail's file: ${answer.status}`);
  return answer.body;
}
