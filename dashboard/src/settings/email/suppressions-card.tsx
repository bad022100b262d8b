import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconMailOff } from "@tabler/icons-react";
import { api } from "../../api/client.ts";
import { suppressionsQuery } from "../../api/queries.ts";
import { parseEmails } from "../../words/addresses.ts";
import { fullTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { AddLine } from "../add-line.tsx";
import { Card, PageFailure } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";
import { suppressionWords } from "./suppression-words.ts";

/** Addresses that get no mails: what came back for good, what was called spam, and what somebody put here. */
export function SuppressionsCard() {
  const { data, error, refetch } = useQuery(suppressionsQuery);
  const now = useNow(60_000);
  const keys = [suppressionsQuery.queryKey];
  const lift = useSaving({ save: api.liftSuppression, keys, what: "The list is" });
  const add = useSaving({ save: api.suppress, keys, what: "The list is" });

  function addTyped(typed: string, clear: () => void): string | null {
    const { emails, rest } = parseEmails(typed);
    const [email, ...others] = emails;
    if (email === undefined || others.length > 0 || rest.length > 0)
      return "One email address, such as ada@example.com";
    add.mutate(email, { onSuccess: clear });
    return null;
  }

  const list = data?.suppressions ?? [];
  return (
    <Card
      title="Addresses that get no mails"
      words="Mails to these came back, or were reported as spam. What you send there is held back and shown as not sent."
    >
      {error !== null && data === undefined && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && list.length === 0 && <p className={styles.quiet}>None so far.</p>}
      {list.length > 0 && (
        <ul className={styles.list}>
          {list.map((one) => (
            <li key={one.address} className={styles.item} data-wraps="true">
              <IconMailOff size={18} aria-hidden="true" />
              <span className={styles.itemWords}>
                <span title={one.address}>{one.address}</span>
                <span
                  className={styles.quiet}
                  title={[fullTime(one.at, { now }), one.reason].filter(Boolean).join(": ")}
                >
                  {suppressionWords(one, now)}
                </span>
              </span>
              <Button
                variant="default"
                size="xs"
                aria-label={`Allow mails to ${one.address}`}
                loading={lift.isPending && lift.variables === one.address}
                onClick={() => lift.mutate(one.address)}
              >
                Allow mails
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AddLine
        label="Another address"
        placeholder="ada@example.com"
        inputMode="email"
        isFull={false}
        add={addTyped}
      />
    </Card>
  );
}
