import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { IconChartBar } from "@tabler/icons-react";
import { BackToTriggers } from "./back-to-triggers.tsx";
import { LoadFailure } from "../page/load-failure.tsx";
import { Locked, Page, RowSkeletons } from "../page/page.tsx";
import { READY_MADE_TRIGGERS } from "../../../domain/triggers/ready-made.ts";
import { triggerQuery } from "../api/queries.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { emptyTrigger } from "./edits.ts";
import { StatusActions } from "./editor/status-actions.tsx";
import { TriggerForm } from "./editor/trigger-form.tsx";
import { StatusBadge } from "./status.tsx";

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
    <Page
      title={id === undefined ? "New trigger" : (data?.draft.name ?? "Trigger")}
      back={<BackToTriggers />}
      beside={data !== undefined && <StatusBadge status={data.status} />}
      actions={
        data !== undefined && (
          <>
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
          </>
        )
      }
    >
      {!canManage && <Locked>Only owners and admins can change triggers.</Locked>}
      {data?.status === "archived" && (
        <Locked>Archived. Take it out of the archive to change it.</Locked>
      )}
      {id === undefined && <TriggerForm key={from ?? "new"} saved={null} start={startFrom(from)} />}
      {id !== undefined && data !== undefined && (
        <TriggerForm key={data.id} saved={data} start={data.draft} />
      )}
      {id !== undefined && data === undefined && error === null && (
        <RowSkeletons label="Loading the trigger" />
      )}
      {id !== undefined && data === undefined && error !== null && (
        <LoadFailure what="The trigger" error={error} onRetry={refetch} />
      )}
    </Page>
  );
}

const startFrom = (from: string | undefined) =>
  READY_MADE_TRIGGERS.find(({ key }) => key === from)?.definition ?? emptyTrigger();
