import { Button } from "@mantine/core";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";
import { agoWords, fullTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import styles from "./editor.module.css";
import cards from "../../page/card.module.css";
import words from "../../page/words.module.css";

type Props = {
  detail: TriggerDetail;
  /** Puts an older version into the form. */
  onTake: ((definition: TriggerDefinition) => void) | undefined;
};

/** What was published when, and by whom. */
export function Versions({ detail, onTake }: Props) {
  const now = useNow(60_000);
  return (
    <section className={cards.card} aria-labelledby="versions-title">
      <h2 id="versions-title" className={cards.title}>
        Versions
      </h2>
      <ul className={styles.versions}>
        {detail.versions.map(({ version, definition, publishedAt, by }) => (
          <li key={version} className={styles.version}>
            <span>
              <strong>Version {version}</strong>
              {version === detail.version && detail.status === "live" && " · live now"}
              <span className={words.quiet}>
                {" "}
                published{" "}
                <time
                  dateTime={new Date(publishedAt).toISOString()}
                  title={fullTime(publishedAt, { now })}
                >
                  {agoWords(publishedAt, { now })}
                </time>
                {by !== "" && ` by ${by}`}
              </span>
            </span>
            {onTake !== undefined &&
              JSON.stringify(definition) !== JSON.stringify(detail.draft) && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  aria-label={`Put version ${version} into the form`}
                  onClick={() => onTake(definition)}
                >
                  Take up again
                </Button>
              )}
          </li>
        ))}
      </ul>
    </section>
  );
}
