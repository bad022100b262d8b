import { IconArrowDown, IconArrowUp, IconEqual, IconHourglass } from "@tabler/icons-react";
import type { Effect, TriggerFigures } from "../../../../protocol/triggers-api.ts";
import { count } from "../../words/names.ts";
import styles from "./figures.module.css";
import type { Behind } from "./figure-people.tsx";
import {
  amountsWords,
  comparisonWords,
  incrementalWords,
  treatedOf,
  verdictWords,
} from "./figure-words.ts";
import { IntervalChart } from "./interval-chart.tsx";
import { NumberLink } from "./number-link.tsx";
import cards from "../../page/card.module.css";
import words from "../../page/words.module.css";

const SIGNS = {
  better: IconArrowUp,
  worse: IconArrowDown,
  unclear: IconEqual,
  too_early: IconHourglass,
} as const;

type Props = { figures: TriggerFigures; hasGoal: boolean; onOpen(behind: Behind): void };

/** The first question of the page: people who were sent it beside those who were not. */
export function EffectCard({ figures, hasGoal, onOpen }: Props) {
  const { effect, incremental, contradicting, heldOut } = figures;
  return (
    <section className={cards.card} aria-labelledby="effect-title">
      <h2 id="effect-title" className={cards.title}>
        Did it help?
      </h2>
      {hasGoal ? (
        <>
          <Verdict effect={effect} />
          <p className={styles.sentence}>{comparisonWords(figures)}</p>
          {effect !== null && effect.verdict !== "too_early" && <IntervalChart effect={effect} />}
          {effect !== null &&
            effect.verdict !== "too_early" &&
            incremental?.map((one) => (
              <p key={one.amount.currency} className={styles.sentence}>
                {incrementalWords(one)}
              </p>
            ))}
          <dl className={styles.sides}>
            <Side
              title="Sent"
              people={treatedOf(figures.variants).people}
              goal={treatedOf(figures.variants).goalPeople}
              worth={amountsWords(sumRevenue(figures))}
              figures={["sent", "goal"]}
              onOpen={onOpen}
            />
            <Side
              title="Held out"
              people={heldOut.people}
              goal={heldOut.goalPeople}
              worth={amountsWords(heldOut.revenue)}
              figures={["held_out", "goal_held_out"]}
              onOpen={onOpen}
            />
          </dl>
          {contradicting > 0 && (
            <p className={words.quiet}>
              {count(contradicting, "person was", "people were")} both sent it and held out, and{" "}
              {contradicting === 1 ? "is" : "are"} not compared.
            </p>
          )}
        </>
      ) : (
        <p className={styles.sentence}>
          This trigger has no goal, so nobody can tell. Give it one, such as a completed order
          within a week.
        </p>
      )}
    </section>
  );
}

function Verdict({ effect }: { effect: Effect | null }) {
  const Sign = effect === null ? IconEqual : SIGNS[effect.verdict];
  return (
    <p className={styles.verdict} data-verdict={effect?.verdict ?? "none"}>
      <Sign size={20} aria-hidden="true" />
      {verdictWords(effect)}
    </p>
  );
}

type SideProps = {
  title: string;
  people: number;
  goal: number;
  worth: string;
  figures: [Behind["figure"], Behind["figure"]];
  onOpen(behind: Behind): void;
};

function Side({ title, people, goal, worth, figures: [all, reached], onOpen }: SideProps) {
  return (
    <div className={styles.side}>
      <dt>{title}</dt>
      <dd>
        <NumberLink count={people} behind={{ figure: all, title }} onOpen={onOpen}>
          {count(people, "person", "people")}
        </NumberLink>
        ,{" "}
        <NumberLink
          count={goal}
          behind={{ figure: reached, title: `${title}, reached the goal` }}
          onOpen={onOpen}
        >
          {goal.toLocaleString()} reached the goal
        </NumberLink>
        , worth {worth}
      </dd>
    </div>
  );
}

function sumRevenue({ variants }: TriggerFigures) {
  const sums = new Map<string, number>();
  for (const { amountMinor, currency } of variants.flatMap(({ revenue }) => revenue))
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
}
