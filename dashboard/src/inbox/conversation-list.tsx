import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { IconInbox, IconMoodSmile } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import type { ConversationId } from "../../../protocol/ids.ts";
import type { OnlineOperator } from "../../../protocol/inbox-frames.ts";
import type { ConversationFilter, Who } from "../api/client.ts";
import { countsQuery } from "../api/queries.ts";
import { AlertsBell } from "../attention/alerts-bell.tsx";
import { NotificationOffer } from "../attention/notification-offer.tsx";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./conversation-list.module.css";
import { ConversationRow } from "./conversation-row.tsx";
import { useConversationList } from "./use-conversation-list.ts";

const TABS: readonly { who: Who; label: string; count: "open" | "mine" | "unassigned" }[] = [
  { who: "all", label: "All", count: "open" },
  { who: "mine", label: "Mine", count: "mine" },
  { who: "unassigned", label: "Unassigned", count: "unassigned" },
];

/** The live list with its filters. */
export function ConversationList({ selected }: { selected: ConversationId | null }) {
  const search = useSearch({ strict: false });
  const filter: ConversationFilter = { status: search.status ?? "open", who: search.who ?? "all" };
  const { data: counts } = useQuery(countsQuery);
  const navigate = useNavigate();
  const isNarrow = useNarrow();
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);

  function chooseStatus(value: string): void {
    void navigate({
      to: selected === null ? "/inbox" : "/inbox/$conversation",
      params: selected === null ? {} : { conversation: selected },
      search: { who: search.who, status: value === "closed" ? "closed" : undefined },
    });
  }

  return (
    <div className={styles.pane}>
      <header className={styles.header}>
        <h1 className={styles.title}>Inbox</h1>
        <SegmentedControl
          size="xs"
          aria-label="Status"
          value={filter.status}
          onChange={chooseStatus}
          data={[
            { value: "open", label: "Open" },
            { value: "closed", label: "Closed" },
          ]}
        />
        {isNarrow && <AlertsBell />}
      </header>
      <nav className={styles.tabs} aria-label="Whose">
        {TABS.map(({ who, label, count }) => (
          <Link
            key={who}
            to={selected === null ? "/inbox" : "/inbox/$conversation"}
            params={selected === null ? {} : { conversation: selected }}
            search={{ status: search.status, who: who === "all" ? undefined : who }}
            className={styles.tab}
            activeOptions={{ exact: true }}
          >
            {label}
            {filter.status === "open" && counts !== undefined && (
              <span className={styles.count}>{counts[count] > 99 ? "99+" : counts[count]}</span>
            )}
          </Link>
        ))}
      </nav>
      <Rows
        key={`${filter.status}.${filter.who}`}
        filter={filter}
        selected={selected}
        listRef={list}
      />
      <NotificationOffer />
    </div>
  );
}

const NOBODY: readonly OnlineOperator[] = [];

type RowsProps = {
  filter: ConversationFilter;
  selected: ConversationId | null;
  listRef: React.RefObject<HTMLUListElement | null>;
};

function Rows({ filter, selected, listRef }: RowsProps) {
  const { live, operator } = useWorkspace();
  const { rows, isLoading, error, retry, hasMore, isLoadingMore, loadMore } =
    useConversationList(filter);
  const looking = useStore(live.looking, (value) => value);
  const operators = useStore(live.operators, (value) => value);
  const now = useNow(20_000);
  const lookersOf = (id: ConversationId): readonly OnlineOperator[] => {
    const ids = (looking[id] ?? []).filter((each) => each !== operator.id);
    return ids.length === 0 ? NOBODY : operators.filter((each) => ids.includes(each.id));
  };

  if (isLoading && rows.length === 0) return <RowSkeletons />;
  if (error !== null && rows.length === 0) {
    return <LoadFailure what="The list" error={error} onRetry={retry} />;
  }
  if (rows.length === 0) return <NoRows filter={filter} />;
  return (
    <ul className={styles.rows} ref={listRef} aria-label="Conversations">
      {rows.map((summary) => (
        <ConversationRow
          key={summary.id}
          summary={summary}
          isSelected={summary.id === selected}
          isMine={summary.assignee?.id === operator.id}
          lookers={lookersOf(summary.id)}
          now={now}
          me={operator.id}
        />
      ))}
      {hasMore && <MoreRows onSeen={loadMore} isLoading={isLoadingMore} />}
    </ul>
  );
}

/** Loads the next page when it comes into view; a button for those who do not scroll. */
function MoreRows({ onSeen, isLoading }: { onSeen(): void; isLoading: boolean }) {
  const end = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    seen.current = onSeen;
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
    <li ref={end} className={styles.more}>
      <Button variant="subtle" size="compact-sm" color="gray" loading={isLoading} onClick={onSeen}>
        Show more
      </Button>
    </li>
  );
}

function NoRows({ filter }: { filter: ConversationFilter }) {
  if (filter.status === "closed") {
    return (
      <EmptyState
        icon={<IconInbox size={24} />}
        title="Nothing is closed"
        words="Conversations that you close are kept here."
      />
    );
  }
  if (filter.who !== "all") {
    return (
      <EmptyState
        icon={<IconMoodSmile size={24} />}
        title={filter.who === "mine" ? "Nothing is yours" : "Everything has somebody"}
        words={
          filter.who === "mine"
            ? "Conversations that you take, or get from a colleague, are here."
            : "New conversations are here until somebody takes them."
        }
      />
    );
  }
  return (
    <EmptyState
      icon={<IconInbox size={24} />}
      title="No open conversations"
      words="When somebody writes on your site, it is here at once."
    >
      <Button component={Link} to="/settings/install" variant="default">
        Put the chat on your site
      </Button>
    </EmptyState>
  );
}

function RowSkeletons() {
  return (
    <div className={styles.rows} aria-busy="true" aria-label="Loading conversations" role="status">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={styles.skeleton} style={{ opacity: 1 - index * 0.1 }}>
          <span className={styles.skeletonFace} />
          <span
            className={styles.skeletonLine}
            style={{ inlineSize: `${40 + ((index * 37) % 30)}%` }}
          />
          <span
            className={styles.skeletonLine}
            style={{ inlineSize: `${55 + ((index * 23) % 35)}%` }}
          />
        </div>
      ))}
    </div>
  );
}

/** J and K move the focus through the rows; Enter opens the focused one, as on any link. */
function useRowKeys(list: React.RefObject<HTMLUListElement | null>): void {
  function step(by: 1 | -1): boolean {
    const rows = [...(list.current?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
    if (rows.length === 0) return false;
    const focused = rows.findIndex((row) => row === document.activeElement);
    const from =
      focused >= 0 ? focused : rows.findIndex((row) => row.dataset["selected"] === "true");
    const next = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return true;
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) });
}
