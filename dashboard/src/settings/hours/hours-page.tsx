import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { OpeningHours } from "../../../../protocol/settings.ts";
import { api } from "../../api/client.ts";
import { settingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { Card, ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";
import { DAYS, everyDay, problemOf, withDay, zones } from "./week.ts";

export function HoursPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page
      title="Opening hours"
      words="When nobody is online, the chat says when somebody is back. Nothing is ever closed."
    >
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <ManagersOnly />
          <HoursForm key={JSON.stringify(data.hours)} saved={data.hours} />
        </>
      )}
    </Page>
  );
}

function HoursForm({ saved }: { saved: OpeningHours | null }) {
  const { canManage } = useWorkspace();
  const [hours, setHours] = useState(saved);
  const saving = useSaving({
    save: (next: OpeningHours | null) => api.changeWorkspace({ hours: next }),
    keys: [settingsQuery.queryKey],
    what: "The opening hours are",
  });
  const isChanged = JSON.stringify(hours) !== JSON.stringify(saved);
  const problem = hours === null ? null : problemOf(hours);

  return (
    <Card
      title="The week"
      foot={
        canManage && (
          <Button
            disabled={!isChanged || problem !== null}
            loading={saving.isPending}
            onClick={() => saving.mutate(hours)}
          >
            Save
          </Button>
        )
      }
    >
      <Switch
        label="We have opening hours"
        description="Without them the chat only says whether somebody is there."
        checked={hours !== null}
        disabled={!canManage}
        onChange={(event) =>
          setHours(event.currentTarget.checked ? (saved ?? everyDay(browserZone())) : null)
        }
      />
      {hours !== null && (
        <>
          <Select
            label="Time zone"
            searchable
            allowDeselect={false}
            nothingFoundMessage="There is no such zone"
            disabled={!canManage}
            data={zones(hours.timeZone)}
            value={hours.timeZone}
            onChange={(timeZone) => timeZone !== null && setHours({ ...hours, timeZone })}
          />
          <div>
            {DAYS.map((day, index) => {
              const span = hours.week[index] ?? null;
              return (
                <div key={day} className={styles.day}>
                  <Switch
                    label={day}
                    checked={span !== null}
                    disabled={!canManage}
                    onChange={(event) =>
                      setHours(
                        withDay(
                          hours,
                          index,
                          event.currentTarget.checked ? { from: "09:00", to: "18:00" } : null,
                        ),
                      )
                    }
                  />
                  {span === null ? (
                    <span className={styles.quiet}>Closed</span>
                  ) : (
                    <div className={styles.times}>
                      <TextInput
                        type="time"
                        aria-label={`${day}, from`}
                        disabled={!canManage}
                        value={span.from}
                        onChange={(event) =>
                          setHours(
                            withDay(hours, index, { ...span, from: event.currentTarget.value }),
                          )
                        }
                      />
                      <span>to</span>
                      <TextInput
                        type="time"
                        aria-label={`${day}, to`}
                        disabled={!canManage}
                        value={span.to}
                        onChange={(event) =>
                          setHours(
                            withDay(hours, index, { ...span, to: event.currentTarget.value }),
                          )
                        }
                      />
                    </div>
                  )}
                </div>
              );
            })}
          </div>
          {problem !== null && (
            <p className={styles.bad} role="alert">
              {problem}
            </p>
          )}
        </>
      )}
    </Card>
  );
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
