import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import type { PersonLinks } from "../../../../protocol/linking.ts";
import type { PersonRow } from "../../../../protocol/segments-api.ts";
import type { PersonCard } from "../../../../protocol/person.ts";
import { Face } from "../../theme/face.tsx";
import { money } from "../../words/money.ts";
import { count, nameOf } from "../../words/names.ts";
import { agoWords, fullTime } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { Section } from "../section.tsx";
import styles from "./linking.module.css";
import { Mark } from "./mark.tsx";
import { lettersOf, linksAt, ordersOf } from "./together-items.ts";
import type { LinkActions } from "./use-link-actions.ts";

type Props = {
  links: PersonLinks;
  /** Of those who have answered. */
  cards: readonly PersonCard[];
  actions: LinkActions;
};

/** Who is linked by hand, what each of them is known by, and what they bought together. */
export function LinkedPeople({ links, cards, actions }: Props) {
  const { people } = links;
  if (people.length < 2) return null;
  const together = ordersOf(cards);
  return (
    <Section title="Linked by hand" aside={count(people.length, "visitor")}>
      <p className={styles.note}>
        Only your team sees them together. Their devices know nothing of it.
      </p>
      <ul className={styles.list} aria-label="Linked visitors">
        {people.map((person) => (
          <Linked
            key={person.id}
            person={person}
            card={cards.find(({ id }) => id === person.id)}
            links={links}
            actions={actions}
          />
        ))}
      </ul>
      {together.count > 0 && cards.length === people.length && (
        <p className={styles.sum}>
          <span>Together: {count(together.count, "order")}</span>
          <span className="numbers">
            {together.totals
              .map(({ amountMinor, currency }) => money(amountMinor, currency))
              .join(" + ")}
          </span>
        </p>
      )}
    </Section>
  );
}

function Linked({
  person,
  card,
  links: { people, links },
  actions: { undo, isBusy },
}: {
  person: PersonRow;
  card: PersonCard | undefined;
  links: PersonLinks;
  actions: LinkActions;
}) {
  const now = useNow(60_000);
  const letters = lettersOf(people);
  const name = nameOf(card ?? person);
  const isThis = people[0]?.id === person.id;
  return (
    <li className={styles.linked}>
      <Mark letter={letters.get(person.id) ?? ""} />
      <Face id={person.id} name={name} size={32} isOnline={card?.isOnline === true} />
      <span className={styles.words}>
        {isThis ? (
          <span className={styles.name} dir="auto" title={name}>
            {name}
          </span>
        ) : (
          <Link
            to="/visitors/$visitor"
            params={{ visitor: person.id }}
            className={styles.name}
            dir="auto"
            title={name}
          >
            {name}
          </Link>
        )}
        {!isThis && card !== undefined && <Contacts card={card} />}
        {card !== undefined && <span className={styles.reason}>{figures(card, now)}</span>}
        {linksAt(person.id, people, links).map((link) => {
          const from = link.one === person.id ? link.other : link.one;
          const with_ = people[0]?.id === from ? "" : ` with ${letters.get(from) ?? "somebody"}`;
          const pair = { one: link.one, other: link.other };
          return (
            <span key={`${link.one}.${link.other}`} className={styles.by}>
              <span title={fullTime(link.at, { now })}>
                Linked{with_} by {link.by ?? "a former colleague"} {agoWords(link.at, { now })}
              </span>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`Undo the link with ${name}`}
                loading={
                  undo.isPending &&
                  undo.variables.one === pair.one &&
                  undo.variables.other === pair.other
                }
                disabled={isBusy}
                onClick={() => undo.mutate(pair)}
              >
                Undo
              </Button>
            </span>
          );
        })}
      </span>
    </li>
  );
}

function Contacts({ card }: { card: PersonCard }) {
  return card.identifiers.map(({ kind, value, isVerified }) => (
    <span key={`${kind}.${value}`} className={styles.contact}>
      <span className={styles.contactValue} dir="auto" title={value}>
        {value}
      </span>
      {isVerified ? (
        <span className={styles.verified}>
          <IconRosetteDiscountCheck size={14} aria-hidden="true" /> Verified
        </span>
      ) : (
        <span className={styles.claimed}>Claimed</span>
      )}
    </span>
  ));
}

function figures({ isOnline, lastSeenAt, sessions, orders }: PersonCard, now: number): string {
  return [
    isOnline ? "On the site now" : `Last seen ${agoWords(lastSeenAt, { now })}`,
    sessions > 0 ? count(sessions, "visit") : null,
    orders.count > 0
      ? `${count(orders.count, "order")}, ${orders.totals.map((total) => money(total.amountMinor, total.currency)).join(" + ")}`
      : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
