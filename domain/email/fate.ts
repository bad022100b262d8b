import type { MailFate, ProviderFate } from "../../protocol/jobs.ts";
import type { JobId } from "../../protocol/ids.ts";

/** What a provider tells of one mail that it took, in one shape for all providers. */
export type MailEvent = {
  /** `report`: a mail server told us by mail. */
  provider: "cloudflare" | "resend" | "report";
  /** The same for the same event, however often it comes. */
  id: string;
  /** How the provider names the mail; null where only `job` tells. */
  providerId: string | null;
  /** Where the provider hands back what it was given with the mail. */
  job: JobId | null;
  fate: ProviderFate;
  /** The address will not take mail later either. */
  isHard: boolean;
  /** In the mail server's words; null when it gave none. */
  reason: string | null;
  at: number;
};

/** Why a mail does not leave: its address is not proven and has had its mail of the day. */
export const UNPROVEN_LIMIT = "unproven_limit";

/** Events come late, twice and in any order: what weighs more stays. */
const WEIGHT: Readonly<Record<"queued" | MailFate, number>> = {
  queued: 0,
  held: 1,
  failed: 1,
  unknown: 1,
  sent: 2,
  delayed: 3,
  dropped: 4,
  delivered: 5,
  bounced: 6,
  complained: 7,
};

/** Whether something told of a mail changes what is known of it. */
export function isFateNews(known: "queued" | MailFate, told: MailFate): boolean {
  return WEIGHT[told] > WEIGHT[known];
}

/** Whether a person may send it again: it did not arrive, or may not have, or was not wanted. */
export function canMailAgain(fate: MailFate): boolean {
  return !["sent", "held", "delayed", "delivered"].includes(fate);
}

/** Whether its address gets no more mails. A mailbox that is full today is none of these. */
export function suppressionOf({ fate, isHard }: MailEvent): "bounced" | "complained" | null {
  if (fate === "complained") return fate;
  return fate === "bounced" && isHard ? fate : null;
}
