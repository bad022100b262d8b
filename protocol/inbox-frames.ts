import * as z from "zod";
import type { ConversationSummary, VisitorLabel } from "./conversation-frames.ts";
import type { ErrorCode } from "./errors.ts";
import type { ConversationId, DeliveryId, OperatorId, TriggerId, VisitorId } from "./ids.ts";
import type { OperatorCard, OperatorStatus } from "./operators.ts";
import type { PresentVisitor } from "./person.ts";

/** Frames of an operator's socket to the workspace's Inbox. */

const id = z.string().min(1).max(64).optional();

export const inboxCommand = z.discriminatedUnion("t", [
  /** The conversation this tab shows now, so that colleagues see who looks at it. */
  z.object({ t: z.literal("looking"), id, conversation: z.string().max(64).nullable() }),
  /** Whether this tab shows the live board. */
  z.object({ t: z.literal("board"), id, on: z.boolean() }),
  /** An alert was dealt with: it is taken away for everybody. */
  z.object({ t: z.literal("alert-done"), id, alert: z.string().max(64) }),
]);
export type InboxCommand = z.infer<typeof inboxCommand>;

export type OnlineOperator = OperatorCard & { status: OperatorStatus; isConnected: boolean };

/** What a trigger tells the operators about one person. */
export type Alert = {
  /** The delivery's id. */
  id: DeliveryId;
  at: number;
  visitor: VisitorLabel;
  text: string;
  trigger: TriggerId;
  triggerName: string;
};

export type ToInbox =
  | { t: "ack"; id: string }
  | { t: "error"; id?: string; code: ErrorCode; message: string }
  | {
      t: "hello";
      operators: OnlineOperator[];
      looking: Record<ConversationId, OperatorId[]>;
      /** Newest first. */
      alerts: Alert[];
    }
  | { t: "alert"; alert: Alert }
  | { t: "alert-done"; alert: DeliveryId; by: OperatorId }
  | { t: "conversation"; summary: ConversationSummary }
  | { t: "operators"; operators: OnlineOperator[] }
  | { t: "looking"; conversation: ConversationId; operators: OperatorId[] }
  /** Whom these visitors are linked with by hand has changed, or who may be. */
  | { t: "links"; visitors: VisitorId[] }
  /** Changes of the live board; a visitor whose lease has ended is in `gone`. */
  | { t: "visitors"; present: PresentVisitor[]; gone: string[] };
