import { Button, NumberInput, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MessageCap } from "../../../../protocol/triggers.ts";
import { PERIOD_MAX_MS } from "../../../../protocol/limits.ts";
import { api } from "../../api/client.ts";
import { settingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { MsSpanField } from "../../triggers/editor/ms-span-field.tsx";
import { Card, ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";

const FIRST_CAP: MessageCap = { messages: 3, ms: 86_400_000 };
const MESSAGES_MAX = 100;

/** What holds for all triggers together. */
export function AutomaticPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title="Automatic messages" words="What holds for all triggers together.">
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <ManagersOnly />
          <CapForm key={JSON.stringify(data.cap)} saved={data.cap} />
        </>
      )}
    </Page>
  );
}

function CapForm({ saved }: { saved: MessageCap | null }) {
  const { canManage } = useWorkspace();
  const [cap, setCap] = useState(saved);
  const saving = useSaving({
    save: (next: MessageCap | null) => api.changeWorkspace({ cap: next }),
    keys: [settingsQuery.queryKey],
    what: "The cap is",
  });
  const isChanged = JSON.stringify(cap) !== JSON.stringify(saved);
  const problem = cap === null ? null : problemOf(cap);
  return (
    <Card
      title="How much one person gets"
      words="Over all triggers: pop-ups and chat messages together. What comes beyond it is left out, and the figures say so. Alerts to the team do not count."
      foot={
        canManage && (
          <Button
            disabled={!isChanged || problem !== null}
            loading={saving.isPending}
            onClick={() => saving.mutate(cap)}
          >
            Save
          </Button>
        )
      }
    >
      <Switch
        label="There is a limit"
        description="Without it everybody gets as many as are due."
        checked={cap !== null}
        disabled={!canManage}
        onChange={(event) => setCap(event.currentTarget.checked ? (saved ?? FIRST_CAP) : null)}
      />
      {cap !== null && (
        <fieldset className={styles.plainFieldset} disabled={!canManage}>
          <legend className={styles.label}>At most</legend>
          <div className={styles.times}>
            <NumberInput
              aria-label="Messages"
              w={72}
              hideControls
              allowDecimal={false}
              allowNegative={false}
              value={Number.isFinite(cap.messages) ? cap.messages : ""}
              onChange={(next) =>
                setCap({ ...cap, messages: next === "" ? Number.NaN : Number(next) })
              }
            />
            <span>{cap.messages === 1 ? "message" : "messages"} per person in</span>
            <MsSpanField label="Period" ms={cap.ms} onChange={(ms) => setCap({ ...cap, ms })} />
          </div>
          {problem !== null && (
            <p className={styles.bad} role="alert">
              {problem}
            </p>
          )}
        </fieldset>
      )}
    </Card>
  );
}

function problemOf({ messages, ms }: MessageCap): string | null {
  if (!Number.isInteger(messages) || messages < 1 || messages > MESSAGES_MAX)
    return `From 1 to ${MESSAGES_MAX} messages.`;
  return Number.isInteger(ms) && ms >= 60_000 && ms <= PERIOD_MAX_MS
    ? null
    : "The period is from 1 minute to 366 days.";
}
