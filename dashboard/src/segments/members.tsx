import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconUsers } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import { RowSkeletons } from "../page/page.tsx";
import type { PersonRow } from "../../../protocol/segments-api.ts";
import { api } from "../api/client.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { PersonItem } from "./person-item.tsx";
import peopleStyles from "./people.module.css";

/** The people of a segment, page by page. */
export function Members({ segment, onWhy }: { segment: string; onWhy(person: PersonRow): void }) {
  const query = useInfiniteQuery({
    queryKey: ["segment-people", segment],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.segmentPeople(segment, pageParam),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 10_000,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (data === undefined) {
    if (error === null) return <RowSkeletons label="Loading people" isInCard />;
    return <LoadFailure what="The people" error={error} onRetry={refetch} />;
  }
  const seen = new Set<string>();
  const people = data.pages
    .flatMap((page) => page.people)
    .filter(({ id }) => !seen.has(id) && seen.add(id));
  if (people.length === 0) {
    return (
      <EmptyState
        icon={<IconUsers size={24} />}
        title="Nobody is in it right now"
        words="Whoever comes to match the conditions appears here by themselves."
      />
    );
  }
  return (
    <ul className={peopleStyles.people} aria-label="People">
      {people.map((person) => (
        <PersonItem
          key={person.id}
          person={person}
          since={person.since}
          onWhy={() => onWhy(person)}
        />
      ))}
      {hasNextPage && (
        <MorePeople
          isLoading={isFetchingNextPage}
          hasFailed={error !== null}
          onSeen={() => {
            if (!isFetchingNextPage) void fetchNextPage();
          }}
        />
      )}
    </ul>
  );
}

type MoreProps = { onSeen(): void; isLoading: boolean; hasFailed: boolean };

/** Loads the next page when it comes into view; a button for those who do not scroll, and after a failure. */
function MorePeople({ onSeen, isLoading, hasFailed }: MoreProps) {
  const end = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    seen.current = hasFailed ? () => {} : onSeen;
  });
  useEffect(() => {
    if (end.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) seen.current();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, []);
  return (
    <li ref={end} className={peopleStyles.more}>
      <Button variant="subtle" size="compact-sm" color="gray" loading={isLoading} onClick={onSeen}>
        {hasFailed ? "Not loaded. Try again" : "Show more"}
      </Button>
    </li>
  );
}
