import { Button } from "@mantine/core";
import { IconCheck, IconMessagePlus } from "@tabler/icons-react";
import type { Alert } from "../../../protocol/inbox-frames.ts";
import { Face } from "../theme/face.tsx";
import { LinkedText } from "../theme/linked-text.tsx";
import { nameOf } from "../words/names.ts";
import { agoWords, fullTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./alerts.module.css";

type Props = {
  alert: Alert;
  isWriting?: boolean;
  onWrite(): void;
  onDone(): void;
  /** Shows everything about the person. */
  onOpen(): void;
};

/** Who it is about, what the trigger says, and the two things to do. */
export function AlertCard({ alert, isWriting = false, onWrite, onDone, onOpen }: Props) {
  const now = useNow(20_000);
  const name = nameOf(alert.visitor);
  return (
    <div className={styles.card}>
      <Face id={alert.visitor.id} name={name} size={32} />
      <div className={styles.body}>
        <p className={styles.who}>
          <button type="button" className={styles.name} dir="auto" title={name} onClick={onOpen}>
            {name}
          </button>
          <time dateTime={new Date(alert.at).toISOString()} title={fullTime(alert.at, { now })}>
            {agoWords(alert.at, { now })}
          </time>
        </p>
        <p className={styles.words} dir="auto">
          <LinkedText text={alert.text} />
        </p>
        <p className={styles.trigger} dir="auto" title={alert.triggerName}>
          Trigger ‘{alert.triggerName}’
        </p>
        <div className={styles.actions}>
          <Button
            size="compact-sm"
            leftSection={<IconMessagePlus size={14} aria-hidden="true" />}
            loading={isWriting}
            aria-label={`Write to ${name}`}
            onClick={onWrite}
          >
            Write
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconCheck size={14} aria-hidden="true" />}
            aria-label={`Done with ${name}`}
            title="Takes it away for everybody"
            onClick={onDone}
          >
            Done
          </Button>
        </div>
      </div>
    </div>
  );
}
