import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { sessionsQuery } from "../../api/queries.ts";
import { fullTime, momentWords } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";

/** Where one is signed in. */
export function SessionsCard() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const now = useNow(20_000);
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: api.endSession,
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onError: (failure) =>
      notifications.show({
        color: "red",
        title: "Still signed in there",
        message: wordsFor(failure),
      }),
  });

  return (
    <Card
      title="Where you are signed in"
      words="Sign out what you do not recognise. It ends at once."
    >
      {error !== null && data === undefined ? (
        <div className={styles.row}>
          <span>{wordsFor(error)}</span>
          <Button variant="default" size="xs" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : (
        <ul className={styles.list}>
          {(data?.sessions ?? []).map((session) => (
            <li key={session.id} className={styles.item}>
              <IconDeviceDesktop size={20} aria-hidden="true" />
              <span className={styles.itemWords}>
                <span>{session.browser}</span>
                <span title={fullTime(session.lastUsedAt, { now })}>
                  Since {momentWords(session.createdAt, { now })}, last used{" "}
                  {momentWords(session.lastUsedAt, { now })}
                </span>
              </span>
              {session.isThis ? (
                <span className={styles.tag} data-tone="good">
                  This one
                </span>
              ) : (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Sign out ${session.browser}`}
                  loading={end.isPending && end.variables === session.id}
                  onClick={() => end.mutate(session.id)}
                >
                  Sign out
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
