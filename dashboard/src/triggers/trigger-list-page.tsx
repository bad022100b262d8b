import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBolt, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import { Page, RowSkeletons } from "../page/page.tsx";
import type { TriggerSummary } from "../../../protocol/triggers-api.ts";
import { triggersQuery } from "../api/queries.ts";
import { useNames } from "../conditions/use-names.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { ReadyMade } from "./ready-made.tsx";
import { STATUS_LABELS } from "./status.tsx";
import { TriggerRow } from "./trigger-row.tsx";
import styles from "./triggers.module.css";
import words from "../page/words.module.css";

const SHOWN = ["live", "paused", "draft"] as const;

/** Every trigger by its status, what it does and what came of it; and those that are ready to be switched on. */
export function TriggerListPage() {
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery(triggersQuery);
  const [filter, setFilter] = useState<"current" | "archived">("current");
  const all = data?.triggers ?? [];
  const archived = all.filter(({ status }) => status === "archived");
  return (
    <Page
      title="Triggers"
      beside={
        archived.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label="Which triggers"
            value={filter}
            onChange={(value) => setFilter(value === "archived" ? "archived" : "current")}
            data={[
              { value: "current", label: "In use" },
              { value: "archived", label: `Archived (${archived.length})` },
            ]}
          />
        )
      }
      actions={
        canManage && (
          <Button
            component={Link}
            to="/triggers/new"
            size="sm"
            leftSection={<IconPlus size={16} />}
          >
            New trigger
          </Button>
        )
      }
    >
      {data === undefined && error === null && <RowSkeletons label="Loading triggers" />}
      {data === undefined && error !== null && (
        <LoadFailure what="The triggers" error={error} onRetry={refetch} />
      )}
      {data !== undefined && filter === "archived" && archived.length > 0 && (
        <Group title="Archived" triggers={archived} />
      )}
      {data !== undefined && (filter === "current" || archived.length === 0) && (
        <>
          {all.length === archived.length && (
            <div className={styles.nothing}>
              <EmptyState
                icon={<IconBolt size={24} />}
                title="Nothing is sent by itself yet"
                words="A trigger sends a chat message, shows a pop-up or alerts the team at the right moment. Begin with one below, or make your own."
              />
            </div>
          )}
          {SHOWN.map((status) => {
            const triggers = all.filter((trigger) => trigger.status === status);
            if (triggers.length === 0) return null;
            return <Group key={status} title={STATUS_LABELS[status]} triggers={triggers} />;
          })}
          {canManage && <ReadyMade taken={all.map(({ name }) => name)} />}
        </>
      )}
    </Page>
  );
}

function Group({ title, triggers }: { title: string; triggers: readonly TriggerSummary[] }) {
  const names = useNames();
  const id = `triggers-${title.toLowerCase()}`;
  return (
    <section className={styles.group} aria-labelledby={id}>
      <div className={styles.groupHead}>
        <h2 id={id} className={styles.groupTitle}>
          {title}
        </h2>
        {triggers.some(({ version }) => version > 0) && (
          <span className={words.quiet}>Figures of the last 30 days</span>
        )}
      </div>
      <ul className={styles.rows}>
        {triggers.map((trigger) => (
          <TriggerRow key={trigger.id} trigger={trigger} names={names} />
        ))}
      </ul>
    </section>
  );
}
