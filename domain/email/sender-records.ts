import type { DnsRecord } from "../../protocol/email-api.ts";

/** What DNS has to say before mails go out under a company's own domain, or come in at one. */

export type MailProvider = "cloudflare" | "resend" | "mailbox";

/** A record, and how an answer of DNS is told to be it. */
export type ExpectedRecord = Omit<DnsRecord, "isFound"> & { isRight(answer: string): boolean };

const CLOUDFLARE_ROUTES = [
  "route1.mx.cloudflare.net",
  "route2.mx.cloudflare.net",
  "route3.mx.cloudflare.net",
];

/** Shows that whoever asks for a domain may change its DNS. Another workspace has another value. */
export function ownerRecord(domain: string, token: string): ExpectedRecord {
  const value = `parley-domain=${token}`;
  return {
    what: "owner",
    type: "TXT",
    name: `_parley.${domain}`,
    value,
    isNeeded: true,
    isRight: (answer) => answer.trim() === value,
  };
}

/**
 * What the provider needs to send for a domain. Where the provider makes the value, such as a key, it is null.
 * Cloudflare: developers.cloudflare.com/email-service/configuration/domains/; Resend shows its own in its dashboard.
 */
export function sendingRecords(provider: MailProvider, domain: string): ExpectedRecord[] {
  const isResend = provider === "resend";
  const bounces = `${isResend ? "send" : "cf-bounce"}.${domain}`;
  const permitted = `include:${isResend ? "amazonses.com" : "_spf.mx.cloudflare.net"}`;
  return [
    {
      what: "spf",
      type: "TXT",
      name: bounces,
      value: `v=spf1 ${permitted} ~all`,
      isNeeded: true,
      isRight: (answer) => answer.startsWith("v=spf1 ") && answer.split(" ").includes(permitted),
    },
    {
      what: "dkim",
      type: "TXT",
      name: `${isResend ? "resend" : "cf-bounce"}._domainkey.${domain}`,
      value: null,
      isNeeded: true,
      isRight: (answer) => /(?:^|;)\s*p=[A-Za-z0-9+/]{40,}/.test(answer),
    },
    {
      what: "bounces",
      type: "MX",
      name: bounces,
      value: isResend ? null : (CLOUDFLARE_ROUTES[0] ?? null),
      isNeeded: true,
      isRight: (answer) =>
        isResend
          ? /^feedback-smtp\.[a-z0-9-]+\.amazonses\.com$/.test(answer)
          : CLOUDFLARE_ROUTES.includes(answer),
    },
    {
      what: "dmarc",
      type: "TXT",
      name: `_dmarc.${domain}`,
      value: "v=DMARC1; p=none;",
      isNeeded: false,
      isRight: (answer) => answer.startsWith("v=DMARC1"),
    },
  ];
}

/** Where mails to the reply domain have to go. */
export function receivingRecords(provider: MailProvider, domain: string): ExpectedRecord[] {
  const record = (value: string | null, isRight: (answer: string) => boolean): ExpectedRecord => ({
    what: "mx",
    type: "MX",
    name: domain,
    value,
    // That a mail arrives proves more.
    isNeeded: false,
    isRight,
  });
  if (provider === "resend")
    return [record(null, (answer) => /^inbound-smtp\.[a-z0-9-]+\.amazonaws\.com$/.test(answer))];
  return CLOUDFLARE_ROUTES.map((value) => record(value, (answer) => answer === value));
}
