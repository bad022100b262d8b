import { Button } from "@mantine/core";
import {
  IconArrowsJoin,
  IconBolt,
  IconDoorEnter,
  IconEye,
  IconFile,
  IconHeart,
  IconMessageCircle,
  IconReceipt,
  IconSearch,
  IconShoppingCart,
  IconSend,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { wordsFor } from "../api/failure.ts";
import { clockTime, dayWords, fullTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./person.module.css";
import { Section } from "./section.tsx";
import { byDay, type TimelineLine } from "./timeline-items.ts";
import { timelineWords, type TimelineWords } from "./timeline-words.ts";

const ICONS = {
  page: IconFile,
  search: IconSearch,
  cart: IconShoppingCart,
  heart: IconHeart,
  order: IconReceipt,
  person: IconUser,
  joined: IconArrowsJoin,
  session: IconDoorEnter,
  message: IconMessageCircle,
  product: IconEye,
  automatic: IconSend,
  segment: IconUsersGroup,
  event: IconBolt,
} satisfies Record<TimelineWords["icon"], typeof IconFile>;

/** `mark`: whose it is, where that of several is shown. */
type Line = TimelineLine & { mark?: ReactNode };
type Props = { query: Omit<UseInfiniteQueryResult, "data">; lines: readonly Line[] };

/** What they did, newest first. */
export function Timeline({ query, lines }: Props) {
  const now = useNow(20_000);
  return (
    <Section title="Timeline">
      {query.isError && lines.length === 0 && (
        <div className={styles.timelineState}>
          <p>The timeline could not be loaded. {wordsFor(query.error)}</p>
          <Button variant="default" size="xs" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {query.isPending && (
        <div role="status" aria-label="Loading the timeline" className={styles.timelineSkeleton}>
          {[70, 50, 62, 44].map((width) => (
            <span key={width} className={styles.skeletonLine} style={{ inlineSize: `${width}%` }} />
          ))}
        </div>
      )}
      {query.isSuccess && lines.length === 0 && (
        <p className={styles.quiet}>
          Nothing yet. Pages, searches and orders appear here as they happen.
        </p>
      )}
      {byDay(lines, { now }).map((day) => (
        <div key={day.day} className={styles.timelineDay}>
          <h4 className={styles.timelineDayName}>{dayWords(day.at, { now })}</h4>
          <ol className={styles.plain}>
            {day.lines.map((line) => (
              <Entry key={line.key} line={line} now={now} />
            ))}
          </ol>
        </div>
      ))}
      {query.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </Section>
  );
}

function Entry({ line: { item, mark }, now }: { line: Line; now: number }) {
  const words = timelineWords(item);
  const Icon = ICONS[words.icon];
  return (
    <li className={styles.timelineItem} data-kind={words.icon} data-miss={words.isMiss}>
      <span className={styles.timelineIcon} aria-hidden="true">
        <Icon size={14} />
      </span>
      <span className={styles.timelineWords}>
        <span className={styles.timelineTitle} dir="auto" title={words.title}>
          {words.title}
        </span>
        {words.detail !== null && (
          <span className={styles.timelineDetail} dir="auto" title={words.detail}>
            {words.detail}
          </span>
        )}
      </span>
      <span className={styles.timelineTime}>
        {mark}
        <time dateTime={new Date(item.at).toISOString()} title={fullTime(item.at, { now })}>
          {clockTime(item.at, { now })}
        </time>
      </span>
    </li>
  );
}
