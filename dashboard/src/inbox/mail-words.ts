import type { AsideEntry, MailedEntry, ReceivedMail } from "../../../protocol/entries.ts";

/** Plain words about mails. */

const OWN_REFUSED =
  "The mail provider does not send from this address. Settings, Email says what is missing; sent again it comes from the installation’s.";

/** Why a message did not arrive, by the code that the mailing gave. */
const REASONS: Readonly<Record<string, string>> = {
  bad_address: "The address cannot be mailed.",
  unproven_limit: "An address that is not verified gets one mail a day. Try again tomorrow.",
  no_reply_domain: "This installation takes no mail.",
  gave_up: "The mail provider could not be reached for hours.",
  suppressed: "Mails to this address are held back: they came back, or are not wanted.",
  E_SENDER_NOT_VERIFIED: OWN_REFUSED,
  E_SENDER_DOMAIN_NOT_AVAILABLE: OWN_REFUSED,
  domain_not_verified: OWN_REFUSED,
  E_RECIPIENT_SUPPRESSED: "The provider does not mail this address any more.",
};

/** @param goesOut When a held mail goes out, in words for the middle of a sentence. */
export function mailedWords({ state, code, copy }: MailedEntry, goesOut = "later"): string {
  if (copy === undefined || state === "held") return fateWords(state, code, goesOut);
  const what =
    copy.messages === 1 ? "Not read in the chat" : `${copy.messages} not read in the chat`;
  return `${what}: ${fateWords(state, code, goesOut).replace(/^./, (first) => first.toLowerCase())}`;
}

function fateWords(state: MailedEntry["state"], code: string | null, goesOut: string): string {
  switch (state) {
    case "queued":
      return "Sending by email";
    case "held":
      return `Not mailed: the address is not proven and gets one mail a day. Goes out ${goesOut} if not read by then.`;
    case "sent":
      return "Sent by email";
    case "failed":
      return ["Not delivered by email.", REASONS[code ?? ""] ?? ""].join(" ").trim();
    case "delayed":
      return "Sent by email. The mail server there takes it later.";
    case "dropped":
      return "Not delivered by email. The mail provider did not send it on.";
    case "delivered":
      return "Delivered by email";
    case "bounced":
      return "Not delivered by email. It came back.";
    case "complained":
      return "Delivered by email, and reported as spam.";
    case "unknown":
      return "Perhaps sent by email: the provider did not say. Sending again may bring a second one.";
  }
}

/** How a mail can be sent again: as it is, against what its address said, or not at all. */
export function mailAgainOf({ state, code }: MailedEntry): "again" | "anyway" | null {
  if (state === "bounced" || state === "complained" || code === "suppressed") return "anyway";
  return state === "failed" || state === "unknown" || state === "dropped" ? "again" : null;
}

/** What makes a mail less than the visitor's own words; null when nothing does. */
export function doubtWords({ isProven }: ReceivedMail): string | null {
  return isProven ? null : "The sender is not verified: anybody could have written this address.";
}

export function asideWords({ why, mail }: AsideEntry): string {
  const who = mail.from === "" ? "somebody unknown" : mail.from;
  switch (why) {
    case "stranger":
      return `Reply from ${who}, not verified`;
    case "automatic":
      return `Automatic reply from ${who}`;
    case "bounce":
      return `A mail server reports (${who})`;
    case "unreadable":
      return "A reply whose sender cannot be told";
  }
}

export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
