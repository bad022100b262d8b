import { emailSettingsInput } from "../../../../protocol/email-api.ts";

export type SenderFields = {
  fromName: string;
  fromAddress: string;
  replyDomain: string;
  copyAfterMinutes: number;
  askAfterMinutes: number | null;
  originalsDays: number;
};
type Sender = {
  fromName: string | null;
  fromAddress: string | null;
  replyDomain: string | null;
  copyAfterMinutes: number;
  askAfterMinutes: number | null;
  originalsDays: number;
};
export type SenderReading =
  | { ok: true; sender: Sender }
  | { ok: false; field: keyof typeof WORDS; words: string };

const WORDS: Record<
  Exclude<keyof SenderFields, "copyAfterMinutes" | "askAfterMinutes" | "originalsDays">,
  string
> = {
  fromName: "At most 80 characters",
  fromAddress: "One email address, such as hello@example.com",
  replyDomain: "A domain without anything around it, such as reply.example.com",
};

/** What was typed, as it is saved; an empty field is what the installation has. */
export function readSender(typed: SenderFields): SenderReading {
  const orNull = (text: string): string | null => text.trim() || null;
  const parsed = emailSettingsInput.safeParse({
    fromName: orNull(typed.fromName),
    fromAddress: orNull(typed.fromAddress),
    replyDomain: orNull(typed.replyDomain),
    copyAfterMinutes: typed.copyAfterMinutes,
    askAfterMinutes: typed.askAfterMinutes,
    originalsDays: typed.originalsDays,
  });
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path[0];
    const field = name === "fromName" || name === "fromAddress" ? name : "replyDomain";
    return { ok: false, field, words: WORDS[field] };
  }
  const { fromAddress, replyDomain } = parsed.data;
  if (replyDomain !== null && fromAddress?.endsWith(`@${replyDomain}`) === true)
    return {
      ok: false,
      field: "replyDomain",
      words: "Every mail to your own domain would come here. Take a subdomain of it.",
    };
  return { ok: true, sender: parsed.data };
}
