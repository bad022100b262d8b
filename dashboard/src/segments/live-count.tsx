import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Condition } from "../../../protocol/conditions.ts";
import type { PersonRow } from "../../../protocol/segments-api.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { flawOf } from "../conditions/flaws.ts";
import { peopleCountWords, shareWords } from "./count-words.ts";
import { PersonItem } from "./person-item.tsx";
import peopleStyles from "./people.module.css";
import whyStyles from "./why.module.css";
import styles from "./segments.module.css";
import cards from "../page/card.module.css";
import words from "../page/words.module.css";

/** How long nothing is changed before it is counted again. */
const PAUSE_MS = 450;

type Props = { condition: Condition; onWhy(person: PersonRow): void };

/** Who would be in it now: how many, and some of them. */
export function LiveCount({ condition, onWhy }: Props) {
  const [settled] = useDebouncedValue(condition, PAUSE_MS);
  const flaw = flawOf(condition);
  const isSettled = settled === condition;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["segment-preview", JSON.stringify(settled)],
    queryFn: () => api.previewSegment(settled),
    enabled: flawOf(settled) === null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const isBusy = flaw === null && (!isSettled || isFetching);

  return (
    <section className={cards.card} aria-labelledby="count-title">
      <h2 id="count-title" className={cards.title}>
        Who matches now
      </h2>
      <div role="status" aria-busy={isBusy} data-busy={isBusy} className={styles.count}>
        {flaw !== null && <p className={words.quiet}>Counted when every condition is complete.</p>}
        {flaw === null && error !== null && (
          <div className={whyStyles.whyFailure}>
            <p>{wordsFor(error)}</p>
            <Button size="xs" variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          </div>
        )}
        {flaw === null && error === null && data === undefined && (
          <span className={styles.countSkeleton} />
        )}
        {flaw === null && error === null && data !== undefined && (
          <>
            <p className={styles.countNumber}>{capital(peopleCountWords(data.count))}</p>
            <p className={words.quiet}>
              {isBusy
                ? "Counting again…"
                : data.count.from === data.count.to
                  ? `${shareWords(data.count.to, data.of) ?? "None"} of ${data.of.toLocaleString()} people`
                  : `Of ${data.of.toLocaleString()} people. The exact number is known once it is saved.`}
            </p>
          </>
        )}
      </div>
      {flaw === null && data !== undefined && data.sample.length > 0 && (
        <ul className={peopleStyles.people} aria-label="Some of them">
          {data.sample.map((person) => (
            <PersonItem key={person.id} person={person} onWhy={() => onWhy(person)} />
          ))}
        </ul>
      )}
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
