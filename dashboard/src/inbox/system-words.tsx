import {
  IconArrowRight,
  IconCheck,
  IconLock,
  IconMailOff,
  IconRotate,
  IconUserCheck,
} from "@tabler/icons-react";
import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { LinkedText } from "../theme/linked-text.tsx";
import { nameOf } from "../words/names.ts";
import { clockTime, fullTime } from "../words/times.ts";
import { changeWords } from "./change-words.ts";
import type { SystemLine } from "./entry-blocks.ts";
import styles from "./message-log.module.css";

type Props = {
  entry: SystemLine["entry"];
  visitor: VisitorLabel | null;
  me: OperatorCard;
  now: number;
};

/** A line that says what changed, and the words that came with it. */
export function SystemWords({ entry, visitor, me, now }: Props) {
  const timeOf = (at: number): string => clockTime(at, { now });
  const visitorName = visitor === null ? "The visitor" : nameOf(visitor);
  return (
    <div className={styles.system}>
      <p className={styles.systemLine}>
        <ChangeIcon entry={entry} />
        <span dir="auto">{changeWords(entry, me.id, visitorName, timeOf)}</span>
        <time dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at, { now })}>
          {timeOf(entry.at)}
        </time>
      </p>
      {entry.type === "assigned" && entry.note !== null && entry.note !== "" && (
        <div className={styles.transferNote}>
          <div className={styles.transferText} dir="auto">
            <LinkedText text={entry.note} />
          </div>
          <div className={styles.noteWords}>
            <IconLock size={12} aria-hidden="true" />
            Only your team sees this
          </div>
        </div>
      )}
    </div>
  );
}

function ChangeIcon({ entry }: Pick<Props, "entry">) {
  const look = { size: 14, "aria-hidden": true } as const;
  switch (entry.type) {
    case "closed":
      return <IconCheck {...look} />;
    case "reopened":
      return <IconRotate {...look} />;
    case "braked":
      return <IconMailOff {...look} />;
    case "assigned":
      return entry.to !== null && entry.to.id !== entry.by.id ? (
        <IconArrowRight {...look} />
      ) : (
        <IconUserCheck {...look} />
      );
  }
}
