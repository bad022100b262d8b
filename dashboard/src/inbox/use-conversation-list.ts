import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import { api, type ConversationFilter } from "../api/client.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { selectList } from "./summaries.ts";

export type ConversationRows = {
  rows: readonly ConversationSummary[];
  isLoading: boolean;
  error: unknown;
  retry(): void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore(): void;
};

/** One list: pages are asked for with cursors, rows come from everything this tab knows. */
export function useConversationList(filter: ConversationFilter): ConversationRows {
  const { live, operator } = useWorkspace();
  const { status, who } = filter;
  const query = useInfiniteQuery({
    queryKey: ["conversations", status, who],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const page = await api.conversations({ status, who }, pageParam);
      live.learn(page.conversations);
      return { nextCursor: page.nextCursor, oldestAt: page.conversations.at(-1)?.lastAt ?? null };
    },
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 30_000,
  });
  const known = useStore(live.known, (value) => value);
  const last = query.data?.pages.at(-1);
  const oldestAt = last === undefined || last.nextCursor === null ? null : last.oldestAt;
  const rows = useMemo(
    () => selectList(known, { status, who }, operator.id, oldestAt),
    [known, status, who, operator.id, oldestAt],
  );
  return {
    rows,
    isLoading: query.isPending,
    error: query.data === undefined ? query.error : null,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}
