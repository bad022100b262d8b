import { Button, Drawer } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadFailure } from "../../page/load-failure.tsx";
import { RowSkeletons } from "../../page/page.tsx";
import type { FigurePeople as Page } from "../../../../protocol/triggers-api.ts";
import { api, type FigureChoice, type FigureScope } from "../../api/client.ts";
import { deliveryWords } from "../../person/delivery-words.ts";
import { EmptyState } from "../../theme/empty-state.tsx";
import { Face } from "../../theme/face.tsx";
import { useNarrow } from "../../theme/use-narrow.ts";
import { nameOf } from "../../words/names.ts";
import { agoWords, fullTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import styles from "./figures.module.css";
import words from "../../page/words.module.css";

/** A number and what it is called. */
export type Behind = FigureChoice & { title: string };

type Props = { trigger: string; scope: FigureScope; behind: Behind | null; onClose(): void };

/** The people behind one number, newest first. */
export function FigurePeople({ trigger, scope, behind, onClose }: Props) {
  const isNarrow = useNarrow();
  return (
    <Drawer
      opened={behind !== null}
      onClose={onClose}
      position="right"
      size={isNarrow ? "100%" : 460}
      title={behind?.title ?? ""}
      overlayProps={{ backgroundOpacity: 0.2 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {behind !== null && <People trigger={trigger} scope={scope} behind={behind} />}
    </Drawer>
  );
}

function People({
  trigger,
  scope,
  behind,
}: Omit<Props, "onClose" | "behind"> & { behind: Behind }) {
  const { title: _title, ...choice } = behind;
  const query = useInfiniteQuery({
    queryKey: ["figure-people", trigger, scope, choice],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.figurePeople(trigger, scope, choice, pageParam),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 10_000,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (data === undefined) {
    if (error === null) return <RowSkeletons label="Loading people" />;
    return <LoadFailure what="The people" error={error} onRetry={refetch} />;
  }
  const rows = data.pages.flatMap((page) => page.people);
  if (rows.length === 0) return <EmptyState title="Nobody" words="The number has changed since." />;
  return (
    <>
      <ul className={styles.people}>
        {rows.map((row) => (
          <Person key={row.delivery.id} row={row} />
        ))}
      </ul>
      {hasNextPage && (
        <div className={styles.more}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {error === null ? "Show more" : "Not loaded. Try again"}
          </Button>
        </div>
      )}
    </>
  );
}

function Person({ row }: { row: Page["people"][number] }) {
  const now = useNow(60_000);
  const { delivery } = row;
  const name = nameOf(row);
  const fate = deliveryWords(delivery, [delivery], { now });
  return (
    <li className={styles.person}>
      <Link to="/visitors/$visitor" params={{ visitor: row.id }} className={styles.personLink}>
        <Face id={row.id} name={name} size={32} />
        <span className={styles.personWords}>
          <span className={styles.personName} dir="auto">
            {name}
          </span>
          <span>{fate.text}</span>
          <span className={words.quiet}>
            {delivery.variantName !== null && `${delivery.variantName} · `}version{" "}
            {delivery.version} ·{" "}
            <time
              dateTime={new Date(delivery.decidedAt).toISOString()}
              title={fullTime(delivery.decidedAt, { now })}
            >
              {agoWords(delivery.decidedAt, { now })}
            </time>
          </span>
        </span>
      </Link>
    </li>
  );
}
