import type { ConversationSummary } from "./conversation-frames.ts";
import type { OperatorEntry } from "./entries.ts";
import type {
  ConversationId,
  InvitationId,
  JobId,
  SegmentId,
  VisitorId,
  WorkspaceId,
} from "./ids.ts";
import type { PersonCard } from "./person.ts";
import type { Delivery } from "./triggers.ts";

/** Jobs on the queues. Delivery is at least once: every consumer is idempotent. */

/**
 * A conversation's state for D1, with the entries after the confirmed cursor.
 * Confirmed back to the object with (`from`, `through`, `version`) once the rows are written.
 */
export type ProjectConversation = {
  type: "ProjectConversation";
  workspace: WorkspaceId;
  conversation: ConversationId;
  summary: ConversationSummary;
  /** The entries carry every number from `from` to `through`; none when `from > through`. */
  from: number;
  through: number;
  entries: OperatorEntry[];
};

/** A visitor's state for D1. */
export type ProjectVisitor = {
  type: "ProjectVisitor";
  workspace: WorkspaceId;
  visitor: VisitorId;
  person: PersonCard;
  version: number;
};

/** Deliveries that changed, each as it is now. Confirmed back with `version` once the rows are written. */
export type ProjectDeliveries = {
  type: "ProjectDeliveries";
  workspace: WorkspaceId;
  visitor: VisitorId;
  deliveries: (Delivery & { stateVersion: number })[];
  version: number;
};

export type ProjectionJob = ProjectConversation | ProjectVisitor | ProjectDeliveries;

/** Something may fire for this visitor: the object decides everything up to `seq`, once, however often this comes. */
export type EvaluateVisitor = {
  type: "EvaluateVisitor";
  workspace: WorkspaceId;
  visitor: VisitorId;
  /** Number of the newest firing in the visitor's own count. */
  firing: number;
  /** Version of the definitions that it was noticed under. */
  version: number;
};

/** A segment is new or changed: those who may belong to it look at it, a page of visitors at a time. */
export type BackfillSegment = {
  type: "BackfillSegment";
  workspace: WorkspaceId;
  segment: SegmentId;
  version: number;
  /** Visitors after this id. */
  after: string;
};

export type EvaluationJob = EvaluateVisitor | BackfillSegment;

/** A mail to send. `id` is the idempotency key on transports that have one. */
export type SendEmail = {
  type: "SendEmail";
  id: JobId;
  to: string;
  mail:
    | { template: "sign-in-code"; code: string }
    /** For a visitor who says they wrote before. Goes only to an address that is known as somebody's by then. */
    | { template: "history-code"; workspace: WorkspaceId; workspaceName: string; code: string }
    | {
        template: "invitation";
        workspace: WorkspaceId;
        invitation: InvitationId;
        workspaceName: string;
        inviterName: string;
        link: string;
      }
    | ({ template: "answer" } & AnswerMail)
    | ({ template: "copy" } & CopyMail);
};

/** An operator's message that goes out as a mail. */
export type AnswerMail = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  /** `seq` of the message. */
  message: number;
  operatorName: string;
  /** The conversation's subject; not told to an address that has not proven itself. */
  subject: string;
  /** The operator's own subject, in place of an answer to the conversation's. */
  ownSubject?: string;
  text: string;
  /** Whether the address has proven itself. If not, nothing that a visitor typed goes there, and one mail a day. */
  isProven: boolean;
  /** Message-IDs of the mails it answers, oldest first. */
  references: string[];
  /** What it answers. */
  quote: { at: number; text: string } | null;
};

/** What a person has not read in the chat, for the address that is known to be theirs. */
export type CopyMail = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  /** `seq` of the newest message in it. */
  message: number;
  operatorName: string;
  /** The unread messages, oldest first. */
  unread: { author: string; at: number; text: string }[];
  /** Earlier unread ones that did not fit. */
  left: number;
  /** What stands before them; `author` null is the person's own. */
  before: { author: string | null; at: number; text: string }[];
  /**
   * Whose chat the address was typed into, where it has not proven itself: one mail a day, nothing in it that a visitor
   * typed, and a code that proves it to them.
   */
  unprovenOf?: VisitorId;
  /** Who has chosen to get everything by mail: the mail says how that ends. */
  everythingOf?: VisitorId;
  /** Message-IDs of the mails of this conversation, oldest first. */
  references: string[];
};

/** How a mail ended, as far as the transport could say. */
export type SendFate = "sent" | "failed" | "unknown";

/** It did not leave: its address is not proven and has had its mail of the day. Another mail takes it along. */
export type HeldFate = "held";

/**
 * What a provider says later of a mail that it took. `dropped`: it gave up before any mail server was asked.
 * `complained`: the person called it spam.
 */
export type ProviderFate = "delayed" | "dropped" | "delivered" | "bounced" | "complained";

export type MailFate = SendFate | HeldFate | ProviderFate;
