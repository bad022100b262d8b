import { Button } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import type { PersonRow } from "../../../../protocol/segments-api.ts";
import { wordsFor } from "../../api/failure.ts";
import { useStore } from "../../live/store.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { nameOf } from "../../words/names.ts";
import { fullTime, relativeTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { Section } from "../section.tsx";
import styles from "./linking.module.css";
import { Mark } from "./mark.tsx";
import { lettersOf } from "./together-items.ts";
import type { Together } from "./use-together.ts";

type Props = { people: readonly PersonRow[]; query: Together["conversations"] };

/** The conversations of all who are linked, the newest first. An answer goes into the one that is opened. */
export function Conversations({ people, query }: Props) {
  const { live } = useWorkspace();
  const known = useStore(live.known, (value) => value);
  const { conversation: shown } = useParams({ strict: false });
  const now = useNow(20_000);
  const letters = lettersOf(people);
  const lines = (query.data?.pages.flatMap((page) => page.conversations) ?? []).map((line) => {
    const held = known.get(line.summary.id)?.summary;
    return held !== undefined && held.version > line.summary.version
      ? { ...line, summary: held }
      : line;
  });
  const newest = [...new Map(lines.map((line) => [line.summary.id, line])).values()].toSorted(
    (one, other) => other.summary.lastAt - one.summary.lastAt,
  );
  return (
    <Section title="Conversations">
      {query.isPending && (
        <div role="status" aria-label="Loading conversations">
          <span className={styles.skeleton} />
          <span className={styles.skeleton} />
        </div>
      )}
      {query.isError && newest.length === 0 && (
        <div>
          <p className={styles.note}>They could not be loaded. {wordsFor(query.error)}</p>
          <Button variant="default" size="xs" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {query.isSuccess && newest.length === 0 && (
        <p className={styles.note}>None of them has written yet.</p>
      )}
      {newest.length > 0 && (
        <ul className={styles.list} aria-label="Conversations of all of them">
          {newest.map(({ visitor, summary }) => (
            <li key={summary.id}>
              <Link
                to="/inbox/$conversation"
                params={{ conversation: summary.id }}
                search={true}
                className={styles.conversation}
                aria-current={summary.id === shown ? "page" : undefined}
              >
                <Mark letter={letters.get(visitor) ?? ""} name={nameOf(summary.visitor)} />
                <span className={styles.last} dir="auto">
                  {summary.last?.text.replace(/\s+/gu, " ") ?? "Nothing written yet"}
                </span>
                {summary.status === "closed" && <span className={styles.claimed}>Closed</span>}
                <time
                  className={styles.claimed}
                  dateTime={new Date(summary.lastAt).toISOString()}
                  title={fullTime(summary.lastAt, { now })}
                >
                  {relativeTime(summary.lastAt, { now })}
                </time>
              </Link>
            </li>
          ))}
        </ul>
      )}
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
