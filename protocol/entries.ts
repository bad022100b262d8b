import type { DeliveryId, TriggerId } from "./ids.ts";
import type { MailFate } from "./jobs.ts";
import type { OperatorCard } from "./operators.ts";
import type { MomentContent } from "./triggers.ts";

/**
 * The parts of a conversation. There are two types on purpose: what goes to a visitor is built from
 * `VisibleEntry`, which cannot hold a note, and is numbered by itself, so that a note is not even a gap.
 */

export type Author = { kind: "visitor" } | { kind: "operator"; operator: OperatorCard };

/** Sender's own number of a message: `<stream>:<n>`; lets a sender find its own optimistic bubble. */
export type EntryKey = string;

type Common = { seq: number; at: number };

/** What a trigger said, as operators see it: which one, which version and variant. */
export type SentByTrigger = {
  delivery: DeliveryId;
  trigger: TriggerId;
  triggerName: string;
  version: number;
  variantName: string;
  content: MomentContent;
};

export type MessageEntry = Common & {
  type: "message";
  visibleSeq: number;
  author: Author;
  text: string;
  key: EntryKey;
  /** Where a trigger wrote this in the operator's name. */
  sent?: SentByTrigger | undefined;
  /** Where the visitor answers something that a trigger sent. */
  answers?: DeliveryId;
  /** Where it came by email. */
  mail?: ReceivedMail | undefined;
  /** Where an operator chose to send it by email too. */
  email?: ChosenEmail | undefined;
  /** Where it stood beside the conversation, as the entry with this number, until an operator took it as the person's. */
  accepted?: { aside: number; by: OperatorCard } | undefined;
};

/** An operator takes an unverified message by mail as the person's own. It proves nothing about anybody. */
export type AcceptedEntry = Common & {
  type: "accepted";
  /** `seq` of the message. */
  message: number;
  by: OperatorCard;
};

export type ChosenEmail = { to: string; subject: string };

/** What operators see of a mail beside its text. */
export type ReceivedMail = {
  from: string;
  /** What the sender calls itself; empty when it says nothing. */
  name: string;
  subject: string;
  /** Whether the sender's own domain vouches for it. */
  isProven: boolean;
  /** Quoted history and signature, taken off the text. */
  folded: string | null;
  attachments: { name: string; type: string; bytes: number }[];
  /** Whether it can be shown as its sender laid it out. */
  hasHtml?: boolean;
  /** Why it could not be read: then the original is all there is. */
  flaw: string | null;
  /** The original says more than is shown here. */
  isCut: boolean;
  /** Name of the original among the workspace's mails. */
  original: string;
};

/** A mail to the conversation's address that is not the visitor's message: only operators ever see it. */
export type AsideEntry = Common & {
  type: "aside";
  why: "stranger" | "automatic" | "bounce" | "unreadable";
  text: string;
  mail: ReceivedMail;
};

/** What became of an operator's message as a mail. The newest for a message counts. */
export type MailedEntry = Common & {
  type: "mailed";
  /** `seq` of the message. */
  message: number;
  state: "queued" | MailFate;
  /** Why it failed or nobody knows; for people who look closely. */
  code: string | null;
  /** Who asked for it to be sent again. */
  by: OperatorCard | null;
  /** Where it went out by itself, because it was not read in the chat: to whom, and how many messages in one mail. */
  copy?: { to: string; messages: number } | undefined;
  /** Where it is held, because its address is not proven and has had its mail of the day: when it goes out. */
  until?: number | undefined;
};

/** More mails came to the conversation than it takes in a short time: further ones are sent back. */
export type BrakedEntry = Common & {
  type: "braked";
  /** When it takes the next one. */
  until: number;
};

export type NoteEntry = Common & { type: "note"; author: Author; text: string; key: EntryKey };
export type AssignedEntry = Common & {
  type: "assigned";
  by: OperatorCard;
  to: OperatorCard | null;
  /** Words for the colleague who takes over; only operators ever see them. */
  note: string | null;
};
export type ClosedEntry = Common & { type: "closed"; by: OperatorCard };
export type ReopenedEntry = Common & { type: "reopened"; by: Author };

/** Everything that operators see, in the order of `seq`, gap-free. */
export type OperatorEntry =
  | MessageEntry
  | NoteEntry
  | AssignedEntry
  | ClosedEntry
  | ReopenedEntry
  | AsideEntry
  | AcceptedEntry
  | MailedEntry
  | BrakedEntry;

/** Everything that the visitor sees, in the order of `seq` (the visible number), gap-free. */
export type VisibleEntry = {
  seq: number;
  at: number;
  type: "message";
  author: Author;
  text: string;
  /** Only on the visitor's own messages. */
  key?: EntryKey;
  /** What a trigger sent: its button, picture and card. Its name and variant stay with the operators. */
  moment?: { delivery: DeliveryId; content: MomentContent };
  /** On the visitor's own: the delivery that it answers. */
  answers?: DeliveryId;
};
