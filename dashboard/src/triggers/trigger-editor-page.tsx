import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { IconArrowLeft, IconChartBar, IconLock } from "@tabler/icons-react";
import { READY_MADE_TRIGGERS } from "../../../domain/triggers/ready-made.ts";
import { wordsFor } from "../api/failure.ts";
import { triggerQuery } from "../api/queries.ts";
import { RowSkeletons } from "../segments/segments-frame.tsx";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { emptyTrigger } from "./edits.ts";
import { StatusActions } from "./editor/status-actions.tsx";
import { TriggerForm } from "./editor/trigger-form.tsx";
import { StatusBadge } from "./status.tsx";
import styles from "./triggers.module.css";

/** Makes a trigger, or shows and changes the one that the address names. */
export function TriggerEditorPage() {
  const { canManage } = useWorkspace();
  const { trigger: id } = useParams({ strict: false });
  const { from } = useSearch({ strict: false });
  const { data, error, refetch } = useQuery({
    ...triggerQuery(id ?? ""),
    enabled: id !== undefined,
  });
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Back to the triggers"
          renderRoot={(rest) => <Link to="/triggers" {...rest} />}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <h1 className={styles.title} dir="auto">
          {id === undefined ? "New trigger" : (data?.draft.name ?? "Trigger")}
        </h1>
        {data !== undefined && <StatusBadge status={data.status} />}
        {data !== undefined && (
          <div className={styles.headAction}>
            {data.version > 0 && (
              <Button
                size="sm"
                variant="default"
                leftSection={<IconChartBar size={16} />}
                renderRoot={(rest) => (
                  <Link to="/triggers/$trigger/figures" params={{ trigger: data.id }} {...rest} />
                )}
              >
                Figures
              </Button>
            )}
            {canManage && <StatusActions trigger={data} />}
          </div>
        )}
      </header>
      <div className={styles.scroller}>
        {!canManage && (
          <p className={styles.locked}>
            <IconLock size={16} aria-hidden="true" />
            Only owners and admins can change triggers.
          </p>
        )}
        {data?.status === "archived" && (
          <p className={styles.locked}>
            <IconLock size={16} aria-hidden="true" />
            Archived. Take it out of the archive to change it.
          </p>
        )}
        {id === undefined && (
          <TriggerForm key={from ?? "new"} saved={null} start={startFrom(from)} />
        )}
        {id !== undefined && data !== undefined && (
          <TriggerForm key={data.id} saved={data} start={data.draft} />
        )}
        {id !== undefined && data === undefined && error === null && (
          <RowSkeletons label="Loading the trigger" />
        )}
        {id !== undefined && data === undefined && error !== null && (
          <EmptyState title="The trigger could not be loaded" words={wordsFor(error)}>
            <Button variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          </EmptyState>
        )}
      </div>
    </div>
  );
}

const startFrom = (from: string | undefined) =>
  READY_MADE_TRIGGERS.find(({ key }) => key === from)?.definition ?? emptyTrigger();
