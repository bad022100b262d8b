import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { PersonInAddress } from "../../person/person-in-address.tsx";
import { BackToTriggers } from "../back-to-triggers.tsx";
import { LoadFailure } from "../../page/load-failure.tsx";
import { Page, RowSkeletons } from "../../page/page.tsx";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import type { FigureScope } from "../../api/client.ts";
import { figuresQuery, triggerQuery } from "../../api/queries.ts";
import { EmptyState } from "../../theme/empty-state.tsx";
import { StatusBadge } from "../status.tsx";
import styles from "./figures.module.css";
import { DaysChart } from "./days-chart.tsx";
import { EffectCard } from "./effect-card.tsx";
import { FigurePeople, type Behind } from "./figure-people.tsx";
import { SkippedCard } from "./skipped-card.tsx";
import { VariantsTable } from "./variants-table.tsx";

const DAYS = [
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "366", label: "Last year" },
];

/** What came of a trigger: whether it helped, variant by variant, what was left out, day by day. */
export function FiguresPage() {
  const { trigger: id = "" } = useParams({ strict: false });
  const trigger = useQuery(triggerQuery(id));
  const [scope, setScope] = useState<FigureScope>({ days: 30, version: null });
  const [behind, setBehind] = useState<Behind | null>(null);
  const detail = trigger.data;
  return (
    <>
      <Page
        title={detail?.draft.name ?? "Trigger"}
        back={<BackToTriggers />}
        beside={detail !== undefined && <StatusBadge status={detail.status} />}
        actions={
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPencil size={16} />}
            renderRoot={(rest) => (
              <Link to="/triggers/$trigger" params={{ trigger: id }} {...rest} />
            )}
          >
            Open trigger
          </Button>
        }
      >
        <div className={styles.figures}>
          {detail !== undefined && <Filters detail={detail} scope={scope} onChange={setScope} />}
          {trigger.error !== null && detail === undefined ? (
            <LoadFailure what="The trigger" error={trigger.error} onRetry={trigger.refetch} />
          ) : (
            <Figures id={id} scope={scope} detail={detail} onOpen={setBehind} />
          )}
        </div>
      </Page>
      <FigurePeople trigger={id} scope={scope} behind={behind} onClose={() => setBehind(null)} />
      <PersonInAddress />
    </>
  );
}

type FiltersProps = {
  detail: TriggerDetail;
  scope: FigureScope;
  onChange(scope: FigureScope): void;
};

function Filters({ detail, scope, onChange }: FiltersProps) {
  return (
    <div className={styles.filters}>
      <NativeSelect
        aria-label="Days"
        data={DAYS}
        value={String(scope.days)}
        onChange={(event) => onChange({ ...scope, days: Number(event.currentTarget.value) })}
      />
      {detail.versions.length > 1 && (
        <NativeSelect
          aria-label="Version"
          data={[
            { value: "", label: "All versions" },
            ...detail.versions.map(({ version }) => ({
              value: String(version),
              label: `Version ${version}`,
            })),
          ]}
          value={scope.version === null ? "" : String(scope.version)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange({ ...scope, version: value === "" ? null : Number(value) });
          }}
        />
      )}
    </div>
  );
}

type FiguresProps = {
  id: string;
  scope: FigureScope;
  detail: TriggerDetail | undefined;
  onOpen(behind: Behind): void;
};

function Figures({ id, scope, detail, onOpen }: FiguresProps) {
  const { data, error, refetch } = useQuery(figuresQuery(id, scope));
  if (data === undefined || detail === undefined) {
    if (error === null) return <RowSkeletons label="Loading the figures" />;
    return <LoadFailure what="The figures" error={error} onRetry={refetch} />;
  }
  const goal =
    detail.versions.find(({ version }) => version === (scope.version ?? detail.version))?.definition
      .goal ?? detail.draft.goal;
  if (data.eligible === 0 && data.skipped.length === 0) {
    return (
      <EmptyState
        title={detail.version === 0 ? "This trigger has never been live" : "Nothing yet"}
        words={
          detail.version === 0
            ? "Once it is published, everything that it sends, holds out and leaves out is counted here."
            : "Nobody came to this trigger’s moment in these days. Try more days."
        }
      />
    );
  }
  return (
    <>
      <EffectCard figures={data} hasGoal={goal !== null} onOpen={onOpen} />
      <VariantsTable figures={data} onOpen={onOpen} />
      <DaysChart days={data.days} timeZone={data.timeZone} />
      <SkippedCard skipped={data.skipped} onOpen={onOpen} />
    </>
  );
}
