import type { ConversationSummary } from "./conversation-frames.ts";
import type { OperatorEntry } from "./entries.ts";
import type { ConversationId, InvitationId, JobId, VisitorId, WorkspaceId } from "./ids.ts";
import type { PersonCard } from "./person.ts";

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

export type ProjectionJob = ProjectConversation | ProjectVisitor;

/** A mail to send. `id` is the idempotency key on transports that have one. */
export type SendEmail = {
  type: "SendEmail";
  id: JobId;
  to: string;
  mail:
    | { template: "sign-in-code"; code: string }
    | {
        template: "invitation";
        workspace: WorkspaceId;
        invitation: InvitationId;
        workspaceName: string;
        inviterName: string;
        link: string;
      };
};
