import * as z from "zod";
import {
  ASK_AFTER_MAX_MINUTES,
  ASK_AFTER_MINUTES,
  COPY_AFTER_MAX_MINUTES,
  ORIGINALS_MAX_DAYS,
  ORIGINALS_MIN_DAYS,
} from "./limits.ts";
import { emailField, nameField } from "./operator-api.ts";

/** Inputs and answers of `/api/*` about mails: what is sent from where, how it is kept, and where nothing goes any more. */

/** `seq` of a message whose mail did not arrive, or may not have. */
export const mailAgainInput = z.strictObject({
  message: z.number().int().min(1),
  /** Also where mails to the address are held back: from now on they are not. */
  lift: z.boolean().optional(),
});
/** `seq` of a mail that nobody vouches for, to be taken as the person's. */
export const acceptInput = z.strictObject({ seq: z.number().int().min(1) });
/** `seq` of an entry that came by email. */
export const mailQuery = z.strictObject({ seq: z.coerce.number().int().min(1) });
/** `images`: with its pictures from elsewhere. */
export const mailPageQuery = z.strictObject({
  seq: z.coerce.number().int().min(1),
  images: z.enum(["hidden", "shown"]).default("hidden"),
});
/** `index`: the attachment's place in the entry's list, from 0. */
export const attachmentQuery = z.strictObject({
  seq: z.coerce.number().int().min(1),
  index: z.coerce.number().int().min(0).max(1_000),
});

const hostname = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z][a-z0-9-]{1,62}$/);
/** `PUT /api/settings/email`. Null is what the installation has. */
export const emailSettingsInput = z.strictObject({
  /** Stands in brackets behind the operator's name. */
  fromName: nameField.nullable(),
  fromAddress: emailField.nullable(),
  /** A subdomain that is used for nothing else. */
  replyDomain: hostname.nullable(),
  /** How long an answer stays unread in the chat before it goes out as a mail; 0 for never. */
  copyAfterMinutes: z.number().int().min(0).max(COPY_AFTER_MAX_MINUTES),
  /** How long a chat waits for an answer before it asks for an address; null for never. */
  askAfterMinutes: z
    .number()
    .int()
    .min(0)
    .max(ASK_AFTER_MAX_MINUTES)
    .nullable()
    .default(ASK_AFTER_MINUTES),
  /** How many days mails are kept as they came, with their attachments; 0 for as long as their message. */
  originalsDays: z
    .union([z.literal(0), z.number().int().min(ORIGINALS_MIN_DAYS).max(ORIGINALS_MAX_DAYS)])
    .default(0),
});
/** An address that gets no more mails, or gets them again. */
export const suppressionInput = z.strictObject({ address: emailField });

/** One record of DNS. */
export type DnsRecord = {
  /** What it is for: whose the domain is, who may send for it, the key, what comes back, the policy, what comes in. */
  what: "owner" | "spf" | "dkim" | "bounces" | "dmarc" | "mx";
  type: "TXT" | "MX";
  name: string;
  /** Null where the mail provider makes it. */
  value: string | null;
  isNeeded: boolean;
  /** As the last check found it; null where nobody knows. */
  isFound: boolean | null;
};

/** Why a workspace's own address is not used. */
export type SenderFlaw =
  | "records_missing"
  /** DNS or the provider could not be asked. */
  | "not_asked"
  /** Nobody has added the domain to the installation's account at the provider. */
  | "unknown_to_provider"
  | "waits_for_provider"
  /** The provider did not take a mail from it. */
  | "refused";

/** `GET /api/settings/email` */
export type EmailSettings = {
  provider: "cloudflare" | "resend" | "mailbox";
  fromName: string | null;
  /** The installation's address, used while the workspace's own is not. */
  platformFrom: string;
  from: {
    address: string;
    isUsed: boolean;
    flaw: SenderFlaw | null;
    records: DnsRecord[];
  } | null;
  /** Where mails to the workspace arrive; null while it takes none. */
  mailAddress: string | null;
  reply: {
    domain: string;
    isUsed: boolean;
    /** Whether a mail has come to `proofAddress`. */
    hasArrived: boolean;
    proofAddress: string;
    records: DnsRecord[];
  } | null;
  checkedAt: number | null;
  /** 0: never. */
  copyAfterMinutes: number;
  /** Null: never. */
  askAfterMinutes: number | null;
  originalsDays: number;
};

/** `GET /api/suppressions`: addresses that get no mails. */
export type Suppressions = { suppressions: Suppression[] };
export type Suppression = {
  address: string;
  why: "bounced" | "complained" | "by_hand";
  /** In the mail server's words; null when it gave none. */
  reason: string | null;
  /** The operator's name, where somebody put it there by hand. */
  by: string | null;
  at: number;
};
