import * as z from "zod";
import type { ContactRoute } from "./contact.ts";
import type { OperatorEntry, VisibleEntry } from "./entries.ts";
import type { ErrorCode } from "./errors.ts";
import { streamId } from "./facts.ts";
import type { ConversationId, OperatorId, VisitorId } from "./ids.ts";
import { MESSAGE_TEXT_MAX, SUBJECT_MAX } from "./limits.ts";
import type { OperatorCard } from "./operators.ts";

/** Frames of the socket to one conversation, for visitors and operators. See docs/protocol.md. */

const id = z.string().min(1).max(64);
const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const n = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const text = z
  .string()
  .max(MESSAGE_TEXT_MAX)
  .refine((value) => value.trim() !== "", "empty");

const resume = z.object({ t: z.literal("resume"), id, after: seq });
const message = z.object({ t: z.literal("message"), id, stream: streamId, n, text });
/** `mail`: it also goes out as a mail, to the address that `hello` named, under this subject. */
const operatorMessage = message.extend({
  mail: z.strictObject({ subject: z.string().trim().min(1).max(SUBJECT_MAX) }).optional(),
});
const note = z.object({ t: z.literal("note"), id, stream: streamId, n, text });
const typing = z.object({ t: z.literal("typing"), id: id.optional(), on: z.boolean() });
const read = z.object({ t: z.literal("read"), id, through: seq });

export const visitorCommand = z.discriminatedUnion("t", [resume, message, typing, read]);
export type VisitorCommand = z.infer<typeof visitorCommand>;
export const operatorCommand = z.discriminatedUnion("t", [
  resume,
  operatorMessage,
  note,
  typing,
  read,
]);
export type OperatorCommand = z.infer<typeof operatorCommand>;

/** How far each side has read: visible numbers for the visitor's frames, `seq` for the operators'. */
export type ReadMarks = { visitor: number; team: number };

export type ConversationStatus = "open" | "closed";

export type Ack = {
  t: "ack";
  id: string;
  /** The number that the message was given, on the sender's own numbering. */
  seq?: number;
  at?: number;
};
export type Refusal = { t: "error"; id?: string; code: ErrorCode; message: string };

/** What the visitor's chat panel receives. */
export type ToVisitor =
  | Ack
  | Refusal
  | {
      t: "hello";
      conversation: ConversationId;
      status: ConversationStatus;
      through: number;
      marks: ReadMarks;
    }
  /** The answer to `resume`. `more`: ask again with the last number. After `more: false` live entries follow. */
  | { t: "entries"; id: string; entries: VisibleEntry[]; more: boolean }
  | { t: "entry"; entry: VisibleEntry }
  | { t: "typing"; on: boolean; operator: OperatorCard }
  | { t: "marks"; marks: ReadMarks }
  | { t: "status"; status: ConversationStatus };

/** What an operator's conversation view receives. */
export type ToOperator =
  | Ack
  | Refusal
  | {
      t: "hello";
      summary: ConversationSummary;
      through: number;
      marks: ReadMarks;
      /** Where a mail of this person's own would go, if an address is known to be theirs. */
      mailTo: string | null;
      /** How long an answer stays unread before it goes by mail by itself; null where none does. */
      copyAfterMs: number | null;
    }
  | { t: "entries"; id: string; entries: OperatorEntry[]; more: boolean }
  | { t: "entry"; entry: OperatorEntry }
  | { t: "typing"; on: boolean; operator: OperatorCard | null }
  | { t: "marks"; marks: ReadMarks }
  | { t: "summary"; summary: ConversationSummary };

export type VisitorLabel = {
  id: VisitorId;
  /** The claimed or proven name, or null: then `placeholder` is shown. */
  name: string | null;
  placeholder: string;
  email: string | null;
  /** Where they are answered by mail; only conversations are told. */
  contact?: ContactRoute | undefined;
};

/** A conversation as the operators' list shows it. */
export type ConversationSummary = {
  id: ConversationId;
  visitor: VisitorLabel;
  status: ConversationStatus;
  assignee: OperatorCard | null;
  /** Last number of the operators' log, and of the visitor's. */
  seq: number;
  visibleSeq: number;
  last: { author: Author; text: string; at: number } | null;
  /** When the oldest unanswered message of the visitor arrived; null when nobody waits. */
  waitingSince: number | null;
  /** Visitor's messages that no operator has read. */
  unread: number;
  createdAt: number;
  /** Where the conversation is by email: whom answers go to, and its subject. */
  mail?: { address: string; subject: string; isProven: boolean } | undefined;
  /** Time of the last entry; lists sort by it. */
  lastAt: number;
  /** Grows with every change; an older summary never replaces a newer one. */
  version: number;
};

type Author = { kind: "visitor" } | { kind: "operator"; id: OperatorId; name: string };
