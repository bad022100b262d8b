import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import { api } from "../api/client.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import type { Room } from "./room.ts";

/** What the lists know of a conversation; asked for when none of them has it. */
export function useSummary(id: ConversationId): {
  summary: ConversationSummary | null;
  error: unknown;
} {
  const { live } = useWorkspace();
  const summary = useStore(live.known, (known) => known.get(id)?.summary ?? null);
  const { error } = useQuery({
    queryKey: ["conversation", id],
    queryFn: async () => {
      live.learn([await api.conversation(id)]);
      return null;
    },
    enabled: summary === null,
  });
  return { summary, error: summary === null ? error : null };
}

/** The conversation's room, with its socket open while the caller is on the screen. */
export function useRoom(id: ConversationId): Room {
  const { live } = useWorkspace();
  const room = live.rooms.get(id);
  useEffect(() => room.attach(), [room]);
  return room;
}
