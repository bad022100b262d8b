import type { SentByTrigger } from "../../../protocol/entries.ts";
import type { Answered } from "./entry-blocks.ts";

/** What a trigger had to do with a message, in words. */

export const variantWords = (name: string): string =>
  /^variant\b/iu.test(name) ? name.replace(/^v/iu, "v") : `variant ${name}`;

/** "Sent by trigger ‘Cart left’". */
export const sentWords = (sent: SentByTrigger): string => `Sent by trigger ‘${sent.triggerName}’`;

/** "Answers the pop-up ‘Cart left’ · variant B"; less where what it answers is not loaded. */
export function answersWords({ sent }: Answered): string {
  if (sent === null) return "Answers an automatic message";
  const kind = sent.content.kind === "popup" ? "pop-up" : "message";
  return `Answers the ${kind} ‘${sent.triggerName}’ · ${variantWords(sent.variantName)}`;
}
