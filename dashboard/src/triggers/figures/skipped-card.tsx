import type { TriggerFigures } from "../../../../protocol/triggers-api.ts";
import { skipWords } from "../../person/skip-words.ts";
import styles from "./figures.module.css";
import type { Behind } from "./figure-people.tsx";
import { NumberLink } from "./number-link.tsx";
import cards from "../../page/card.module.css";
import words from "../../page/words.module.css";

type Props = { skipped: TriggerFigures["skipped"]; onOpen(behind: Behind): void };

/** Who was sent nothing, and why. */
export function SkippedCard({ skipped, onOpen }: Props) {
  const most = Math.max(1, ...skipped.map(({ count }) => count));
  return (
    <section className={cards.card} aria-labelledby="skipped-title">
      <h2 id="skipped-title" className={cards.title}>
        Why was somebody sent nothing?
      </h2>
      {skipped.length === 0 ? (
        <p className={words.quiet}>Nobody was left out in these days.</p>
      ) : (
        <ul className={styles.reasons}>
          {skipped.map(({ reason, count }) => {
            const words = skipWords(reason, null);
            const title = words.charAt(0).toUpperCase() + words.slice(1);
            return (
              <li key={reason} className={styles.reason}>
                <span>{title}</span>
                <span className={styles.bar} aria-hidden="true">
                  <span style={{ inlineSize: `${(100 * count) / most}%` }} />
                </span>
                <NumberLink
                  count={count}
                  behind={{ figure: "skipped", reason, title }}
                  onOpen={onOpen}
                />
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
