import { asId, type ConversationId, type VisitorId, type WorkspaceId } from "./ids.ts";
import { PRESENCE_SHARDS } from "./limits.ts";

/** Names of Durable Objects: the workspace is part of every name, so no id reaches into another. */

export const visitorName = (workspace: WorkspaceId, visitor: VisitorId): string =>
  `${workspace}:${visitor}`;
export const conversationName = (workspace: WorkspaceId, conversation: ConversationId): string =>
  `${workspace}:${conversation}`;
export const inboxName = (workspace: WorkspaceId): string => workspace;

/** The presence shard of a visitor: a hash, so that one busy workspace spreads over its shards. */
export function presenceName(workspace: WorkspaceId, visitor: VisitorId): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < visitor.length; i++) {
    hash = Math.imul(hash ^ visitor.charCodeAt(i), 0x01000193);
  }
  return presenceShardName(workspace, (hash >>> 0) % PRESENCE_SHARDS);
}
export const presenceShardName = (workspace: WorkspaceId, shard: number): string =>
  `${workspace}:presence:${shard}`;

export const throttleName = (workspace: WorkspaceId, network: string): string =>
  `${workspace}:network:${network}`;

export function parseVisitorName(name: string): { workspace: WorkspaceId; visitor: VisitorId } {
  const [workspace = "", visitor = ""] = name.split(":");
  return { workspace: asId("wsp", workspace), visitor: asId("vis", visitor) };
}
export function parseConversationName(name: string): {
  workspace: WorkspaceId;
  conversation: ConversationId;
} {
  const [workspace = "", conversation = ""] = name.split(":");
  return { workspace: asId("wsp", workspace), conversation: asId("cnv", conversation) };
}
export function parseWorkspaceOf(name: string): WorkspaceId {
  return asId("wsp", name.split(":")[0] ?? "");
}
