import type { OperatorEntry } from "../../protocol/entries.ts";
import {
  asId,
  type ConversationId,
  type OperatorId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import type { ProjectConversation, ProjectVisitor } from "../../protocol/jobs.ts";

/** Projection jobs as objects make them, for tests that need no object. */

export const OPERATOR = { id: asId("opr", "opr_1"), name: "Olivia", title: "Owner", photo: null };

export function conversationJob(
  workspace: WorkspaceId,
  conversation: ConversationId,
  change: Partial<{
    version: number;
    from: number;
    entries: OperatorEntry[];
    status: "open" | "closed";
    assignee: OperatorId | null;
    unread: number;
    lastAt: number;
  }> = {},
): ProjectConversation {
  const { version = 1, from = 1, entries = [message(1)], lastAt = 1_000 } = change;
  const through = from + entries.length - 1;
  return {
    type: "ProjectConversation",
    workspace,
    conversation,
    from,
    through,
    entries,
    summary: {
      id: conversation,
      visitor: { id: asId("vis", "vis_1"), name: null, placeholder: "Amber Otter", email: null },
      status: change.status ?? "open",
      assignee: change.assignee ? { ...OPERATOR, id: change.assignee } : null,
      seq: through,
      visibleSeq: through,
      last: { author: { kind: "visitor" }, text: `version ${version}`, at: lastAt },
      waitingSince: lastAt,
      unread: change.unread ?? 1,
      createdAt: 1,
      lastAt,
      version,
    },
  };
}

export function message(seq: number, text = `message ${seq}`): OperatorEntry {
  return {
    type: "message",
    seq,
    visibleSeq: seq,
    at: seq,
    author: { kind: "visitor" },
    text,
    key: `s:${seq}`,
  };
}

export function visitorJob(
  workspace: WorkspaceId,
  visitor: VisitorId,
  version: number,
  name: string | null = null,
): ProjectVisitor {
  return {
    type: "ProjectVisitor",
    workspace,
    visitor,
    version,
    person: {
      id: visitor,
      name,
      placeholder: "Amber Otter",
      identifiers: [{ kind: "email", value: "ada@example.com", isVerified: false }],
      devices: [],
      properties: [{ key: "plan", value: "gold", at: 1 }],
      firstSeenAt: 1,
      lastSeenAt: 2,
      isOnline: true,
      page: null,
      session: null,
      sessions: 1,
      firstSource: "Direct",
      searches: [],
      cart: null,
      wishlist: [],
      orders: { count: 0, totals: [], lastAt: null },
      events: [],
      conversations: [],
      openConversation: null,
      conversation: null,
      segments: [],
      reactions: [],
      version,
    },
  };
}
