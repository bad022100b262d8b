import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import type { ArrivedMail } from "../../durable-objects/contracts.ts";
import type { ConversationId, WorkspaceId } from "../../protocol/ids.ts";
import { CODE_DIGITS } from "../../protocol/limits.ts";
import { hashMailedCode } from "../code-hash.ts";
import { readAnswerCode } from "../d1/history-codes.ts";
import type { Env } from "../env.ts";

/** Numbers of one mail that are held against the code; where there are more, all of them are left out. */
export const NUMBERS_COMPARED_MAX = 500;

const NUMBERS = new RegExp(`(?<!\\d)\\d{${CODE_DIGITS}}(?!\\d)`, "g");

/**
 * A mail to a conversation without the code of our answer that it quotes: whoever typed its address into the chat reads
 * there what it says, and with the code would prove a mailbox that is not theirs.
 */
export async function withoutQuotedCode(
  env: Env,
  thread: { workspace: WorkspaceId; conversation: ConversationId; address: string },
  arrived: ArrivedMail,
): Promise<ArrivedMail> {
  const { text, mail } = arrived;
  const numbers = [...new Set(`${text}\n${mail.folded ?? ""}`.match(NUMBERS))];
  const hidden = new Set(numbers.length === 0 ? [] : await codesAmong(env, thread, numbers));
  if (hidden.size === 0) return arrived;
  const without = (words: string): string =>
    words.replace(NUMBERS, (number) => (hidden.has(number) ? "…" : number));
  return {
    ...arrived,
    text: without(text),
    mail: { ...mail, folded: mail.folded === null ? null : without(mail.folded) },
  };
}

async function codesAmong(
  env: Env,
  { workspace, conversation, address: given }: Parameters<typeof withoutQuotedCode>[1],
  numbers: string[],
): Promise<string[]> {
  const summary = await peersOf(env).conversation(workspace, conversation).summary();
  if (summary === null) return [];
  const whose = { workspace, device: summary.visitor.id };
  const address = normaliseIdentifier("email", given) ?? given;
  const hashed = (number: string) => hashMailedCode(env.PARLEY_SECRET, whose, address, number);
  const { place } = await hashed("");
  const code = await readAnswerCode(env.DB, place);
  if (code === null) return [];
  if (numbers.length > NUMBERS_COMPARED_MAX) return numbers;
  const hashes = await Promise.all(numbers.map(hashed));
  return numbers.filter((_, index) => hashes[index]?.hash === code);
}
