import type { LinkChange } from "../../../../protocol/linking.ts";
import { nameOf } from "../../words/names.ts";
import { fullTime, relativeTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import styles from "./linking.module.css";

/** What operators have done about them and others, the newest first. */
export function LinkChanges({ changes }: { changes: readonly LinkChange[] }) {
  const now = useNow(60_000);
  if (changes.length === 0) return null;
  return (
    <details className={styles.changes}>
      <summary>What was linked before</summary>
      <ul className={styles.list}>
        {changes.map(({ other, what, by, at }) => (
          <li key={`${other.id}.${what}.${at}`} className={styles.change}>
            <span dir="auto">
              {by ?? "A former colleague"} {WORDS[what]} {nameOf(other)}
            </span>
            <time dateTime={new Date(at).toISOString()} title={fullTime(at, { now })}>
              {relativeTime(at, { now })}
            </time>
          </li>
        ))}
      </ul>
    </details>
  );
}

const WORDS = {
  linked: "linked them with",
  undone: "undid the link with",
  dismissed: "said that they are not",
} as const;
