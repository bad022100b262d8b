import { QueryClient, queryOptions, type QueryClientConfig } from "@tanstack/react-query";
import { api, type FigureScope } from "./client.ts";
import { RequestFailure } from "./failure.ts";

/** What is kept of the server's answers, and for how long it is taken as fresh. */

const MINUTE_MS = 60_000;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: api.me,
  staleTime: 5 * MINUTE_MS,
});
export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: api.colleagues,
  staleTime: 0,
});
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: api.settings,
  staleTime: MINUTE_MS,
  // Forms begin anew when what is saved has changed; coming back to the window must not do that.
  refetchOnWindowFocus: false,
});
export const identityQuery = queryOptions({
  queryKey: ["identity"],
  queryFn: api.identity,
  staleTime: 0,
  refetchOnWindowFocus: false,
});
export const emailSettingsQuery = queryOptions({
  queryKey: ["settings", "email"],
  queryFn: api.emailSettings,
  staleTime: MINUTE_MS,
  refetchOnWindowFocus: false,
});
export const suppressionsQuery = queryOptions({
  queryKey: ["suppressions"],
  queryFn: api.suppressions,
  staleTime: 0,
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: api.sessions,
  staleTime: 0,
});
export const countsQuery = queryOptions({
  queryKey: ["counts"],
  queryFn: api.counts,
  staleTime: 10_000,
  refetchInterval: MINUTE_MS,
});
export const personQuery = (id: string) =>
  queryOptions({ queryKey: ["person", id], queryFn: () => api.person(id), staleTime: 10_000 });
/** Begins every key of what is shown of a visitor and whoever is linked with it. */
export const linksKey = (visitor: string) => ["links", visitor];
export const linksQuery = (visitor: string) =>
  queryOptions({
    queryKey: [...linksKey(visitor), "people"],
    queryFn: () => api.links(visitor),
    staleTime: 10_000,
    // D1 hears later than the card of what somebody claims, and no frame tells of it.
    refetchInterval: MINUTE_MS,
  });
export const foundPeopleQuery = (typed: string) =>
  queryOptions({
    queryKey: ["people-found", typed],
    queryFn: () => api.findPeople(typed),
    enabled: typed !== "",
    staleTime: 5_000,
  });
export const deliveriesQuery = (visitor: string) =>
  queryOptions({
    queryKey: ["deliveries", visitor],
    queryFn: () => api.deliveries(visitor),
    staleTime: 5_000,
  });

export const segmentsQuery = queryOptions({
  queryKey: ["segments"],
  queryFn: api.segments,
  staleTime: 5_000,
  refetchInterval: 30_000,
});
export const funnelQuery = queryOptions({
  queryKey: ["funnel"],
  queryFn: api.funnel,
  staleTime: 5_000,
  refetchInterval: 30_000,
});
export const catalogueQuery = queryOptions({
  queryKey: ["catalogue"],
  queryFn: api.catalogue,
  staleTime: MINUTE_MS,
});
export const catalogueEventQuery = (name: string) =>
  queryOptions({
    queryKey: ["catalogue", name],
    queryFn: () => api.catalogueEvent(name),
    staleTime: MINUTE_MS,
  });

export const triggersQuery = queryOptions({
  queryKey: ["triggers"],
  queryFn: api.triggers,
  staleTime: 5_000,
  refetchInterval: 30_000,
});
export const triggerQuery = (id: string) =>
  queryOptions({
    queryKey: ["trigger", id],
    queryFn: () => api.trigger(id),
    staleTime: 5_000,
    refetchOnWindowFocus: false,
  });
export const figuresQuery = (id: string, scope: FigureScope) =>
  queryOptions({
    queryKey: ["figures", id, scope],
    queryFn: () => api.figures(id, scope),
    staleTime: 5_000,
    refetchInterval: 30_000,
  });

/** Answers that another try will not change. */
const isFinal = (error: unknown): boolean =>
  error instanceof RequestFailure && error.status >= 400 && error.status < 500;

export const createQueryClient = (
  caches: Pick<QueryClientConfig, "queryCache" | "mutationCache">,
): QueryClient =>
  new QueryClient({
    ...caches,
    defaultOptions: {
      queries: {
        retry: (failures, error) => !isFinal(error) && failures < 2,
        retryDelay: (failures) => 400 * 2 ** failures,
        staleTime: 15_000,
      },
    },
  });
