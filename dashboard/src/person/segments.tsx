import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { PersonCard } from "../../../protocol/person.ts";
import { segmentsQuery } from "../api/queries.ts";
import { count } from "../words/names.ts";
import { fullTime, relativeTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./person.module.css";
import { Section } from "./section.tsx";

const DAY_MS = 86_400_000;

/** The saved segments that they are in now, the newest first. */
export function Segments({ segments }: { segments: PersonCard["segments"] }) {
  const now = useNow(20_000);
  const { data } = useQuery({
    ...segmentsQuery,
    enabled: segments.length > 0,
    refetchInterval: false,
    staleTime: 60_000,
  });
  if (segments.length === 0) return null;
  const names = new Map(data?.segments.map(({ id, name }) => [id, name]));
  const newest = [...segments].sort((a, b) => b.since - a.since);
  return (
    <Section title="Segments" aside={count(segments.length, "segment")}>
      <ul className={styles.plain}>
        {newest.map(({ id, since }) => (
          <li key={id} className={styles.segment}>
            <Link to="/segments/$segment" params={{ segment: id }} className={styles.productName}>
              <span dir="auto">
                {names.get(id) ?? (data === undefined ? "…" : "A segment that is gone")}
              </span>
            </Link>
            <time
              className={styles.quietInline}
              dateTime={new Date(since).toISOString()}
              title={`In it since ${fullTime(since, { now })}`}
            >
              {sinceWords(since, now)}
            </time>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** "just now", "for 20 min", "since Tue", "since 12 Mar". */
function sinceWords(since: number, now: number): string {
  const words = relativeTime(since, { now });
  if (words === "now") return "just now";
  return now - since < DAY_MS ? `for ${words}` : `since ${words}`;
}
