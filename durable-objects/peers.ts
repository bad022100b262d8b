import {
  conversationName,
  inboxName,
  presenceName,
  presenceShardName,
  throttleName,
  visitorName,
} from "../protocol/addresses.ts";
import type { ConversationId, VisitorId, WorkspaceId } from "../protocol/ids.ts";
import { PRESENCE_SHARDS } from "../protocol/limits.ts";
import type { ObjectBindings } from "./bindings.ts";
import type {
  ConversationContract,
  InboxContract,
  PresenceContract,
  ThrottleContract,
  VisitorContract,
} from "./contracts.ts";
import { throttleClient } from "./throttle/client.ts";

/**
 * The one module that turns ids into stubs, for the Worker and for objects that speak to their peers.
 * A namespace's generated type would need the classes themselves; the contracts say what is meant instead.
 */
export function peersOf(env: ObjectBindings) {
  return {
    visitor: (workspace: WorkspaceId, id: VisitorId) =>
      env.VISITOR.getByName(visitorName(workspace, id)) as unknown as VisitorContract,
    conversation: (workspace: WorkspaceId, id: ConversationId) =>
      env.CONVERSATION.getByName(
        conversationName(workspace, id),
      ) as unknown as ConversationContract,
    inbox: (workspace: WorkspaceId) =>
      env.INBOX.getByName(inboxName(workspace)) as unknown as InboxContract,
    presence: (workspace: WorkspaceId, id: VisitorId) =>
      env.PRESENCE.getByName(presenceName(workspace, id)) as unknown as PresenceContract,
    throttle: (workspace: WorkspaceId, network: string): ThrottleContract =>
      throttleClient(env.THROTTLE.getByName(throttleName(workspace, network))),
    presenceShards: (workspace: WorkspaceId) =>
      Array.from(
        { length: PRESENCE_SHARDS },
        (_, shard) =>
          env.PRESENCE.getByName(
            presenceShardName(workspace, shard),
          ) as unknown as PresenceContract,
      ),
  };
}

export type Peers = ReturnType<typeof peersOf>;
