import { ActionIcon } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconTrash, IconWorld } from "@tabler/icons-react";
import { ORIGINS_MAX } from "../../../../protocol/limits.ts";
import type { WorkspaceSettings } from "../../../../protocol/operator-api.ts";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { settingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { AddLine } from "../add-line.tsx";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { readOrigin } from "./origin-field.ts";

/** Where the widget may run. Changes show at once and are taken back if they are refused. */
export function OriginsCard({ origins }: { origins: string[] }) {
  const { canManage } = useWorkspace();
  const client = useQueryClient();

  const show = (next: string[]): void => {
    client.setQueryData<WorkspaceSettings>(settingsQuery.queryKey, (held) =>
      held ? { ...held, origins: next } : held,
    );
  };
  const change = useMutation({
    mutationFn: api.changeOrigins,
    onMutate: (next) => {
      show(next);
      return origins;
    },
    onError: (error, _next, former) => {
      if (former !== undefined) show(former);
      notifications.show({
        color: "red",
        title: "The sites were not changed",
        message: wordsFor(error),
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  });

  function add(typed: string, clear: () => void): string | null {
    const read = readOrigin(typed, origins);
    if (!read.ok) return read.words;
    change.mutate([...origins, read.origin]);
    clear();
    return null;
  }

  return (
    <Card
      title="Sites where the widget may run"
      words="Other sites cannot use your key. Write https://*.example.com for all subdomains."
    >
      {origins.length === 0 ? (
        <p className={styles.quiet}>
          No site is allowed yet, so the widget shows nowhere. Add yours.
        </p>
      ) : (
        <ul className={styles.list}>
          {origins.map((origin) => (
            <li key={origin} className={styles.item} style={{ minBlockSize: 48 }}>
              <IconWorld size={18} aria-hidden="true" />
              <span className={styles.itemWords}>
                <span title={origin}>{origin}</span>
              </span>
              {canManage && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={`Remove ${origin}`}
                  onClick={() => change.mutate(origins.filter((each) => each !== origin))}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {canManage && (
        <AddLine
          label="Another site"
          placeholder="https://shop.example.com"
          inputMode="url"
          isFull={origins.length >= ORIGINS_MAX}
          add={add}
        />
      )}
    </Card>
  );
}
