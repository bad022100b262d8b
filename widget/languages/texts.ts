import { answerTexts, cardTexts, popupTexts } from "./moment-texts.ts";
import type { continuedTexts, elsewhereTexts } from "./elsewhere-texts.ts";
import type { reachTexts } from "./reach-texts.ts";
import type { threadsTexts } from "./threads-texts.ts";
import type { wroteTexts } from "./wrote-texts.ts";

/**
 * Every text of the chat in English. A language is a file beside this one with the same keys and those of
 * `wrote-texts.ts`, `threads-texts.ts`, `elsewhere-texts.ts` and `reach-texts.ts`.
 */
export const english = {
  ...popupTexts,
  ...answerTexts,
  ...cardTexts,
  openChat: "Open chat",
  closeChat: "Close chat",
  /** After the launcher's name when messages wait. */
  unread: "{n} unread",
  onlineNow: "Online now",
  awayNow: "Away now. We answer here when we are back",
  backToday: "Back today at {time}",
  backTomorrow: "Back tomorrow at {time}",
  /** `{day}` is a weekday, or a date when it is more than six days away. */
  backOn: "Back {day} at {time}",
  conversation: "Conversation",
  you: "You",
  sending: "Sending",
  sent: "Sent",
  seen: "Seen",
  notSent: "Not sent. Your text is kept.",
  tryAgain: "Try again",
  offline: "No connection. What you write is kept and sent later.",
  typing: "{name} is typing",
  earlier: "Show earlier messages",
  latest: "New messages",
  closed: "This conversation is closed. Write to open it again.",
  soundOn: "Turn sound on",
  soundOff: "Turn sound off",
  messageFrom: "New message from {name}",
  dismiss: "Dismiss",
  wroteBefore: "I wrote before",
  answersByMail: "Answers by email",
  conversations: "All conversations",
  continueElsewhere: "Continue on another device",
};

export type Texts = typeof english;
/** What a language says: everything of the chat, and of the parts that come later. */
export type AllTexts = Texts &
  typeof wroteTexts &
  typeof threadsTexts &
  typeof elsewhereTexts &
  typeof continuedTexts &
  typeof reachTexts;
export type TextOverrides = Partial<AllTexts>;

/** Fills `{name}` places of a text. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/{(\w+)}/g, (place, name: string) => `${values[name] ?? place}`);
}
