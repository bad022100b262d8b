import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconChartPie, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import { RowSkeletons } from "../page/page.tsx";
import type { SegmentSummary } from "../../../protocol/segments-api.ts";
import { segmentsQuery } from "../api/queries.ts";
import { conditionSentence } from "../conditions/sentence.ts";
import type { Names } from "../conditions/names.ts";
import { useNames } from "../conditions/use-names.ts";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { count } from "../words/names.ts";
import { SegmentsFrame } from "./segments-frame.tsx";
import styles from "./segments.module.css";
import words from "../page/words.module.css";

/** From this many on the list can be searched. */
const SEARCHED_FROM = 8;

/** Every saved segment: what it means, and how many people are in it now. */
export function SegmentListPage() {
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery(segmentsQuery);
  const names = useNames();
  const [typed, setTyped] = useState("");
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);

  const all = data?.segments ?? [];
  const wanted = typed.trim().toLocaleLowerCase();
  const shown = all.filter(({ name, description }) =>
    `${name} ${description}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <SegmentsFrame>
      {data === undefined && error === null && <RowSkeletons label="Loading segments" />}
      {data === undefined && error !== null && (
        <LoadFailure what="The segments" error={error} onRetry={refetch} />
      )}
      {data !== undefined && all.length === 0 && (
        <EmptyState
          icon={<IconChartPie size={24} />}
          title="No segments yet"
          words="A segment is everybody for whom a condition holds, such as “looked at a kettle twice and did not buy”. It keeps itself up to date."
        >
          {canManage && (
            <Button component={Link} to="/segments/new">
              Make the first segment
            </Button>
          )}
        </EmptyState>
      )}
      {all.length >= SEARCHED_FROM && (
        <TextInput
          className={styles.search}
          aria-label="Find a segment"
          placeholder="Find a segment"
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {all.length > 0 && shown.length === 0 && (
        <EmptyState title="Nothing is called that" words="Names and descriptions are searched." />
      )}
      {shown.length > 0 && (
        <ul className={styles.rows} aria-label="Segments" ref={list}>
          {shown.map((segment) => (
            <SegmentRow key={segment.id} segment={segment} names={names} />
          ))}
        </ul>
      )}
    </SegmentsFrame>
  );
}

function SegmentRow({ segment, names }: { segment: SegmentSummary; names: Names }) {
  const { usedBy } = segment;
  return (
    <li>
      <Link
        to="/segments/$segment"
        params={{ segment: segment.id }}
        className={styles.row}
        data-row
      >
        <span className={styles.rowWords}>
          <span className={styles.rowName}>
            <span dir="auto">{segment.name}</span>
            {segment.stage !== null && <span className={styles.stage}>Stage {segment.stage}</span>}
          </span>
          {segment.description !== "" && (
            <span className={styles.rowDescription} dir="auto">
              {segment.description}
            </span>
          )}
          <span className={styles.rowSentence} dir="auto">
            {conditionSentence(segment.condition, names)}
          </span>
        </span>
        <span className={styles.rowFacts}>
          <span className={styles.rowCount}>
            <strong className="numbers">{segment.people.toLocaleString()}</strong>{" "}
            {segment.people === 1 ? "person" : "people"}
          </span>
          {usedBy.length > 0 && (
            <span className={words.quiet} title={usedBy.join(", ")}>
              Used by {usedBy.length === 1 ? usedBy[0] : count(usedBy.length, "rule")}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

/** J and K move through the rows, as in the Inbox; Enter opens the focused one, as on any link. */
function useRowKeys(list: React.RefObject<HTMLUListElement | null>): void {
  function step(by: 1 | -1): boolean {
    const rows = [...(list.current?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
    if (rows.length === 0) return false;
    const from = rows.findIndex((row) => row === document.activeElement);
    const next = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return true;
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) });
}
