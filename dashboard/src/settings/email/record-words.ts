import type { DnsRecord, EmailSettings, SenderFlaw } from "../../../../protocol/email-api.ts";

/** Plain words about records of DNS. */

export const RECORD_WORDS: Readonly<Record<DnsRecord["what"], string>> = {
  owner: "Shows that the domain is yours",
  spf: "Lets the mail provider send for you (SPF)",
  dkim: "The key that signs your mails (DKIM)",
  bounces: "Where mails that come back go",
  dmarc: "What becomes of forged mails (DMARC)",
  mx: "Brings answers to us",
};

const PROVIDERS: Readonly<Record<EmailSettings["provider"], string>> = {
  cloudflare: "Cloudflare",
  resend: "Resend",
  mailbox: "the development mailbox",
};

/** Who makes a record whose value cannot be told here. */
export function valueWords({ value }: DnsRecord, provider: EmailSettings["provider"]): string {
  return value ?? `This value is shown by ${PROVIDERS[provider]}.`;
}

/** Why the workspace's own address is not used. */
export function flawWords(flaw: SenderFlaw, provider: EmailSettings["provider"]): string {
  const name = PROVIDERS[provider];
  switch (flaw) {
    case "records_missing":
      return "Not used yet: records are missing.";
    case "not_asked":
      return "Not used yet: the domain could not be looked up. Check again in a moment.";
    case "unknown_to_provider":
      return `Not used yet: whoever runs this installation has to add the domain at ${name}.`;
    case "waits_for_provider":
      return `Not used yet: ${name} has not verified the domain.`;
    case "refused":
      return `Not used any more: ${name} did not take a mail from this address.`;
  }
}
