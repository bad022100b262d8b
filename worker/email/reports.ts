import { latin1, type SplitMail } from "../../domain/email/headers.ts";
import { readReport, REPORT_READ_MAX_BYTES } from "../../domain/email/report.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { isId, type ConversationId, type WorkspaceId } from "../../protocol/ids.ts";
import { findMail } from "../d1/mails.ts";
import type { Env } from "../env.ts";
import { takeMailEvent } from "./events.ts";
import { cleanLine } from "./mail.ts";

/** How long after a mail left a report about it is believed: mail servers try for five days (RFC 5321 section 4.5.4.1). */
export const REPORT_AGE_MAX_MS = 14 * 24 * 3_600_000;

/** Where a report came to. */
type Arrival = {
  workspace: WorkspaceId;
  /** The conversation whose reply address it came to; null for the workspace's own address. */
  conversation: ConversationId | null;
  /** The same for the same mail. */
  key: string;
};

/**
 * Takes a mail server's report as what becomes of a mail, if it sends one back that we sent: by its Message-ID, out of
 * this conversation, lately. Anything else changes nothing: anybody can write a report. An address is held back only
 * where the report names it. May be done again.
 */
export async function takeReport(
  env: Env,
  { workspace, conversation, key }: Arrival,
  bytes: Uint8Array,
  { headers, bodyAt }: SplitMail,
): Promise<void> {
  const body = latin1(bytes.subarray(bodyAt, bodyAt + REPORT_READ_MAX_BYTES));
  const report = readReport(headers, body);
  if (report === null) return;
  const { fate, isHard, recipients } = report;
  for (const returned of report.returned) {
    const [local = ""] = returned.split("@");
    const mail = await findMail(env.DB, workspace, {
      job: isId("job", local) ? local : null,
      providerId: returned,
    });
    if (mail === null || now() - mail.startedAt > REPORT_AGE_MAX_MS) continue;
    if (conversation !== null && mail.conversation !== conversation) continue;
    // Complaints name nobody where a provider keeps that to itself, and never somebody else.
    if (fate === "complained" && recipients.length > 0 && !recipients.includes(mail.address))
      continue;
    const isNamed = recipients.includes(mail.address);
    const reason = cleanLine(report.reason ?? "");
    await takeMailEvent(env, {
      provider: "report",
      id: key,
      providerId: null,
      job: mail.job,
      fate,
      isHard: isHard && isNamed,
      reason: reason === "" ? null : reason,
      at: now(),
    });
    return;
  }
}
