import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";
import { useEffect } from "react";
import type { VisitorId } from "../../../protocol/ids.ts";
import type { TimelinePage } from "../../../protocol/operator-api.ts";
import type { PersonCard, TimelineItem, ToWatcher } from "../../../protocol/person.ts";
import { socketPath } from "../api/acting-operator.ts";
import { api } from "../api/client.ts";
import { deliveriesQuery, meQuery, personQuery } from "../api/queries.ts";
import { openLink } from "../live/link.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { addLines } from "./linking/use-together.ts";
import { withNewItems } from "./timeline-items.ts";

type TimelineData = InfiniteData<TimelinePage, string | null>;

const timelineKey = (visitor: VisitorId) => ["timeline", visitor];

/** One person and their timeline, live while the caller is on the screen. */
export function usePerson(visitor: VisitorId) {
  const operatorId = useWorkspace().operator.id;
  const client = useQueryClient();
  const person = useQuery(personQuery(visitor));
  const timeline = useInfiniteQuery({
    queryKey: timelineKey(visitor),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.timeline(visitor, pageParam),
    getNextPageParam: (page) => page.nextBefore,
    staleTime: 10_000,
  });

  useEffect(() => {
    let hellos = 0;
    function learn(card: PersonCard): void {
      client.setQueryData<PersonCard>(personQuery(visitor).queryKey, (held) =>
        held === undefined || card.version >= held.version ? card : held,
      );
    }
    function addItems(items: readonly TimelineItem[]): void {
      client.setQueryData<TimelineData>(timelineKey(visitor), (held) => {
        const first = held?.pages[0];
        if (held === undefined || first === undefined) return held;
        return {
          ...held,
          pages: [{ ...first, items: withNewItems(first.items, items) }, ...held.pages.slice(1)],
        };
      });
    }
    const askDeliveries = (): void =>
      void client.invalidateQueries({ queryKey: deliveriesQuery(visitor).queryKey });
    const link = openLink<ToWatcher, never>({
      path: socketPath(`/api/visitors/${visitor}/socket`, operatorId),
      onFrame(frame) {
        if (frame.t === "timeline") {
          addItems(frame.items);
          const own = client.getQueryData(personQuery(visitor).queryKey)?.id ?? visitor;
          addLines(client, own, own, frame.items);
          if (frame.items.some(({ type }) => type === "delivery" || type === "reaction"))
            askDeliveries();
          return;
        }
        learn(frame.person);
        if (frame.t === "hello" && hellos++ > 0) {
          void client.invalidateQueries({ queryKey: timelineKey(visitor) });
          askDeliveries();
        }
      },
      onState: () => {},
      onRefused: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
    });
    return link.close;
  }, [client, visitor, operatorId]);

  return { person, timeline };
}
