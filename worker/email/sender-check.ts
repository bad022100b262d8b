import {
  ownerRecord,
  receivingRecords,
  sendingRecords,
  type ExpectedRecord,
  type MailProvider,
} from "../../domain/email/sender-records.ts";
import { sign } from "../../domain/email/signature.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { DnsRecord, SenderFlaw } from "../../protocol/email-api.ts";
import type { MailSender } from "../d1/mail-senders.ts";
import type { Env } from "../env.ts";
import { dnsOverHttps, type AskDns } from "./dns.ts";
import { resendDomainStatus } from "./resend-domain.ts";

/**
 * Whether a company's own domain may be used. Whose it is says a record that only its owner can set; whether the
 * provider will send for it, the provider's records in DNS and, where it can be asked, the provider itself.
 */

export type SenderSurroundings = {
  provider: MailProvider;
  /** Null in development: whatever is asked for is there. */
  dns: AskDns | null;
  /** What the provider says of a domain; null where it cannot be asked. */
  status: ((domain: string) => Promise<string | null>) | null;
};

export function senderSurroundings(env: Env, fetcher: typeof fetch = fetch): SenderSurroundings {
  const provider = providerOf(env);
  return {
    provider,
    dns: provider === "mailbox" ? null : dnsOverHttps((input, init) => fetcher(input, init)),
    status:
      provider === "resend"
        ? (domain) =>
            resendDomainStatus(env.RESEND_API_KEY ?? "", domain, (input, init) =>
              fetcher(input, init),
            )
        : null,
  };
}

export function providerOf({ EMAIL_TRANSPORT }: Env): MailProvider {
  if (EMAIL_TRANSPORT === "resend") return "resend";
  return EMAIL_TRANSPORT === "mailbox" ? "mailbox" : "cloudflare";
}

/** The records of a workspace's domains, in the order in which they are best set. */
export async function expectedRecords(
  secret: string,
  provider: MailProvider,
  workspace: WorkspaceId,
  { fromAddress, replyDomain }: MailSender,
): Promise<{ from: ExpectedRecord[]; reply: ExpectedRecord[] }> {
  const owner = async (domain: string): Promise<ExpectedRecord> =>
    ownerRecord(domain, await sign(secret, ["domain", workspace, domain]));
  const from = domainOf(fromAddress);
  return {
    from: from === null ? [] : [await owner(from), ...sendingRecords(provider, from)],
    reply:
      replyDomain === null
        ? []
        : [await owner(replyDomain), ...receivingRecords(provider, replyDomain)],
  };
}

export function domainOf(address: string | null): string | null {
  return address === null ? null : address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Asks for each record. Where DNS cannot be asked, nobody knows. */
export async function lookFor(
  dns: SenderSurroundings["dns"],
  records: ExpectedRecord[],
): Promise<DnsRecord[]> {
  return Promise.all(
    records.map(async ({ isRight, ...record }) => {
      if (dns === null) return { ...record, isFound: true };
      const isFound = await dns(record.name, record.type).then(
        (answers) => answers.some((answer) => isRight(answer)),
        () => null,
      );
      return { ...record, isFound };
    }),
  );
}

/** Why mails do not go out under a domain yet; null when they may. */
export async function flawOf(
  { status }: SenderSurroundings,
  domain: string,
  records: readonly DnsRecord[],
): Promise<SenderFlaw | null> {
  const needed = records.filter((record) => record.isNeeded);
  if (needed.some((record) => record.isFound === false)) return "records_missing";
  if (needed.some((record) => record.isFound === null)) return "not_asked";
  if (status === null) return null;
  try {
    const said = await status(domain);
    if (said === null) return "unknown_to_provider";
    return said === "verified" ? null : "waits_for_provider";
  } catch {
    return "not_asked";
  }
}
