import {
  useInfiniteQuery,
  useQueries,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { isId, type VisitorId } from "../../../../protocol/ids.ts";
import type { TogetherTimeline } from "../../../../protocol/linking.ts";
import type { PersonCard, TimelineItem, ToWatcher } from "../../../../protocol/person.ts";
import { socketPath } from "../../api/acting-operator.ts";
import { api } from "../../api/client.ts";
import { linksKey, meQuery, personQuery } from "../../api/queries.ts";
import { openLink } from "../../live/link.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { withNewLines } from "./together-items.ts";

type TimelineData = InfiniteData<TogetherTimeline, string | null>;

const timelineKey = (visitor: VisitorId) => [...linksKey(visitor), "timeline"];
const conversationsKey = (visitor: VisitorId) => [...linksKey(visitor), "conversations"];

/** Those who are linked with a visitor, and the timeline of all of them, live while the caller is on the screen. */
export function useTogether(visitor: VisitorId, others: readonly VisitorId[]) {
  const operatorId = useWorkspace().operator.id;
  const client = useQueryClient();
  const isTogether = others.length > 0;
  const cards = useQueries({ queries: others.map((id) => personQuery(id)) });
  const timeline = useInfiniteQuery({
    queryKey: timelineKey(visitor),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.togetherTimeline(visitor, pageParam),
    getNextPageParam: (page) => page.nextCursor,
    enabled: isTogether,
    staleTime: 10_000,
  });
  const conversations = useInfiniteQuery({
    queryKey: conversationsKey(visitor),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.togetherConversations(visitor, pageParam),
    getNextPageParam: (page) => page.nextCursor,
    enabled: isTogether,
    staleTime: 10_000,
  });

  // As text, because the list is another one with every answer.
  const watched = others.join(" ");
  useEffect(() => {
    const ids = watched.split(" ").filter((id) => isId("vis", id));
    const links = ids.map((other) => {
      let hellos = 0;
      return openLink<ToWatcher, never>({
        path: socketPath(`/api/visitors/${other}/socket`, operatorId),
        onFrame(frame) {
          if (frame.t === "timeline") return addLines(client, visitor, other, frame.items);
          client.setQueryData<PersonCard>(personQuery(other).queryKey, (held) =>
            held === undefined || frame.person.version >= held.version ? frame.person : held,
          );
          if (frame.t === "hello" && hellos++ > 0)
            void client.invalidateQueries({ queryKey: linksKey(visitor) });
        },
        onState: () => {},
        onRefused: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
      });
    });
    return () => {
      for (const link of links) link.close();
    };
  }, [client, visitor, watched, operatorId]);

  return { cards: cards.flatMap(({ data }) => data ?? []), timeline, conversations };
}

/** Takes in what one of those has just done who are shown together with a visitor. */
export function addLines(
  client: QueryClient,
  visitor: VisitorId,
  from: VisitorId,
  items: readonly TimelineItem[],
): void {
  client.setQueryData<TimelineData>(timelineKey(visitor), (held) => {
    const first = held?.pages[0];
    if (held === undefined || first === undefined) return held;
    const pages = [
      { ...first, items: withNewLines(first.items, from, items) },
      ...held.pages.slice(1),
    ];
    return { ...held, pages };
  });
  if (items.some(({ type }) => type === "conversation"))
    void client.invalidateQueries({ queryKey: conversationsKey(visitor) });
}

export type Together = ReturnType<typeof useTogether>;
