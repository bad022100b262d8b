import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { READY_MADE_TRIGGERS } from "../../../domain/triggers/ready-made.ts";
import styles from "./triggers.module.css";
import { useSwitchOn } from "./use-trigger-status.ts";

/** Triggers that are ready to be switched on; those whose name is taken are not offered again. */
export function ReadyMade({ taken }: { taken: readonly string[] }) {
  const switching = useSwitchOn();
  const offered = READY_MADE_TRIGGERS.filter(({ definition }) => !taken.includes(definition.name));
  if (offered.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby="ready-made">
      <div className={styles.groupHead}>
        <h2 id="ready-made" className={styles.groupTitle}>
          Ready-made
        </h2>
      </div>
      <ul className={styles.cards}>
        {offered.map(({ key, stage, sentence, definition }) => (
          <li key={key} className={styles.readyMade}>
            <span className={styles.stage}>{stage}</span>
            <h3 className={styles.readyMadeName}>{definition.name}</h3>
            <p className={styles.readyMadeWords}>{sentence}</p>
            <div className={styles.readyMadeActions}>
              <Button
                size="xs"
                aria-label={`Switch on: ${definition.name}`}
                loading={switching.isPending && switching.variables === definition}
                disabled={switching.isPending}
                onClick={() => switching.mutate(definition)}
              >
                Switch on
              </Button>
              <Button
                size="xs"
                variant="default"
                aria-label={`Use as a start: ${definition.name}`}
                renderRoot={(rest) => <Link to="/triggers/new" search={{ from: key }} {...rest} />}
              >
                Use as a start
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
