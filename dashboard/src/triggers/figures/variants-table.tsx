import type { FigureRow, TriggerFigures } from "../../../../protocol/triggers-api.ts";
import { count } from "../../words/names.ts";
import styles from "./figures.module.css";
import type { Behind } from "./figure-people.tsx";
import { amountsWords, pointsWords, rateWords, verdictWords } from "./figure-words.ts";
import { NumberLink } from "./number-link.tsx";
import cards from "../../page/card.module.css";
import words from "../../page/words.module.css";

type Props = { figures: TriggerFigures; onOpen(behind: Behind): void };

const STEPS = ["seen", "clicked", "answered", "closed", "goal"] as const;
const STEP_LABELS: Record<(typeof STEPS)[number], string> = {
  seen: "Seen",
  clicked: "Clicked",
  answered: "Answered",
  closed: "Closed",
  goal: "Goal",
};

/** Variant by variant: counts, and the share of what was sent. */
export function VariantsTable({ figures, onOpen }: Props) {
  const { variants, heldOut, eligible } = figures;
  return (
    <section className={cards.card} aria-labelledby="variants-title">
      <h2 id="variants-title" className={cards.title}>
        What became of it, variant by variant?
      </h2>
      <p className={words.quiet}>
        Its moment came{" "}
        <NumberLink
          count={eligible}
          behind={{ figure: "eligible", title: "Everybody whose moment came" }}
          onOpen={onOpen}
        />{" "}
        {eligible === 1 ? "time" : "times"}, what was left out included. Shares are of what was
        sent.
      </p>
      <div
        className={styles.tableScroller}
        // Wider than a phone: scrolls by itself, by keyboard too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label="Variants"
      >
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Sent</th>
              {STEPS.map((step) => (
                <th key={step} scope="col">
                  {STEP_LABELS[step]}
                </th>
              ))}
              <th scope="col">Revenue</th>
              <th scope="col">Against held out</th>
            </tr>
          </thead>
          <tbody>
            {variants.map((row) => (
              <Row key={row.variant} row={row} onOpen={onOpen} />
            ))}
            <tr>
              <th scope="row">Held out</th>
              <td>
                <NumberLink
                  count={heldOut.deliveries}
                  behind={{ figure: "held_out", title: "Held out" }}
                  onOpen={onOpen}
                />
              </td>
              <td colSpan={4}>
                <span className={styles.none}>saw nothing</span>
              </td>
              <td>
                <NumberLink
                  count={heldOut.goalPeople}
                  behind={{ figure: "goal_held_out", title: "Held out, reached the goal" }}
                  onOpen={onOpen}
                />
                <span className={styles.rate}>{rateWords(heldOut.goalPeople, heldOut.people)}</span>
              </td>
              <td className="numbers">
                {heldOut.revenue.length === 0 ? "–" : amountsWords(heldOut.revenue)}
              </td>
              <td>
                <span className={styles.none}>the comparison</span>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ row, onOpen }: { row: FigureRow; onOpen(behind: Behind): void }) {
  const { variant, name, effect } = row;
  return (
    <tr>
      <th scope="row" dir="auto">
        {name}
      </th>
      <td>
        <NumberLink
          count={row.sent}
          behind={{ figure: "sent", variant, title: `${name}, sent` }}
          onOpen={onOpen}
        />
        <span className={styles.rate}>
          {row.people === row.sent ? "" : count(row.people, "person", "people")}
        </span>
      </td>
      {STEPS.map((step) => (
        <td key={step}>
          <NumberLink
            count={row[step]}
            behind={{ figure: step, variant, title: `${name}, ${STEP_LABELS[step].toLowerCase()}` }}
            onOpen={onOpen}
          />
          <span className={styles.rate}>{rateWords(row[step], row.sent)}</span>
        </td>
      ))}
      <td className="numbers">{row.revenue.length === 0 ? "–" : amountsWords(row.revenue)}</td>
      <td>
        {effect === null ? (
          <span className={styles.none}>–</span>
        ) : (
          <>
            {effect.verdict === "too_early" ? null : `${pointsWords(effect.difference)} points`}
            <span className={styles.rate}>{verdictWords(effect)}</span>
          </>
        )}
      </td>
    </tr>
  );
}
