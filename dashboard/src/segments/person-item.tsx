import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { PersonRow } from "../../../protocol/segments-api.ts";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import { countryName, flag } from "../words/places.ts";
import { agoWords, fullTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import peopleStyles from "./people.module.css";
import words from "../page/words.module.css";

type Props = {
  person: PersonRow;
  /** Since when they are in it, where that is known. */
  since?: number;
  onWhy?(): void;
};

/** One person of a list; opens beside it. */
export function PersonItem({ person, since, onWhy }: Props) {
  const now = useNow(60_000);
  const name = nameOf(person);
  return (
    <li className={peopleStyles.person}>
      <Link
        to="."
        search={{ person: person.id }}
        resetScroll={false}
        className={peopleStyles.personLink}
      >
        <Face id={person.id} name={name} size={32} />
        <span className={peopleStyles.personWords}>
          <span className={peopleStyles.personName} dir="auto">
            {name}
          </span>
          <span className={words.quiet}>
            {person.email ?? `Last seen ${agoWords(person.lastSeenAt, { now })}`}
            {person.country !== null && (
              <span title={countryName(person.country)}>
                {" "}
                · <span aria-hidden="true">{flag(person.country)} </span>
                {countryName(person.country)}
              </span>
            )}
          </span>
        </span>
      </Link>
      {since !== undefined && (
        <time
          className={peopleStyles.since}
          dateTime={new Date(since).toISOString()}
          title={fullTime(since, { now })}
        >
          {sinceWords(since, now)}
        </time>
      )}
      {onWhy !== undefined && (
        <Button
          className={peopleStyles.askWhy ?? ""}
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-label={`Why is ${name} in or not?`}
          onClick={onWhy}
        >
          Why?
        </Button>
      )}
    </li>
  );
}

const DAY_MS = 86_400_000;

function sinceWords(since: number, now: number): string {
  const ago = agoWords(since, { now });
  return now - since < DAY_MS ? `Came in ${ago}` : `In since ${ago.replace(/^on /, "")}`;
}
