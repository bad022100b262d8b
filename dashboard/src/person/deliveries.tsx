import { Button, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { VisitorId } from "../../../protocol/ids.ts";
import type { Delivery } from "../../../protocol/triggers.ts";
import { wordsFor } from "../api/failure.ts";
import { deliveriesQuery } from "../api/queries.ts";
import { variantWords } from "../inbox/sent-words.ts";
import { count } from "../words/names.ts";
import { fullTime, relativeTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import { ACTION_WORDS, deliveryWords } from "./delivery-words.ts";
import styles from "./person.module.css";
import { Section } from "./section.tsx";

const FEW = 5;

/** Something that was sent to the person; an alert goes to the team. */
const isMessage = ({ state, action }: Delivery): boolean => state === "sent" && action !== "alert";

/** What triggers decided about them: what they got, and why they got nothing. */
export function Deliveries({ visitor }: { visitor: VisitorId }) {
  const query = useQuery(deliveriesQuery(visitor));
  const [isWhole, setIsWhole] = useState(false);
  const deliveries = query.data?.deliveries ?? [];
  const shown = isWhole ? deliveries : deliveries.slice(0, FEW);
  return (
    <Section
      title="Messages by triggers"
      aside={
        deliveries.length === 0
          ? undefined
          : `${count(deliveries.filter(isMessage).length, "message")} sent`
      }
    >
      {query.isPending && (
        <div role="status" aria-label="Loading messages by triggers">
          <span className={styles.skeletonLine} style={{ inlineSize: "70%" }} />
          <span className={styles.skeletonLine} style={{ inlineSize: "50%" }} />
        </div>
      )}
      {query.isError && deliveries.length === 0 && (
        <div className={styles.timelineState}>
          <p>They could not be loaded. {wordsFor(query.error)}</p>
          <Button variant="default" size="xs" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {query.isSuccess && deliveries.length === 0 && (
        <p className={styles.quiet}>
          No trigger has decided anything about them yet. What they get, and why they get something
          or not, will be here.
        </p>
      )}
      {shown.length > 0 && (
        <ul className={styles.plain}>
          {shown.map((delivery) => (
            <DeliveryLine key={delivery.id} delivery={delivery} others={deliveries} />
          ))}
        </ul>
      )}
      {deliveries.length > FEW && (
        <UnstyledButton
          className={styles.more}
          onClick={() => setIsWhole(!isWhole)}
          aria-expanded={isWhole}
        >
          {isWhole ? "Show fewer" : `Show all ${deliveries.length}`}
        </UnstyledButton>
      )}
    </Section>
  );
}

function DeliveryLine({ delivery, others }: { delivery: Delivery; others: readonly Delivery[] }) {
  const now = useNow(20_000);
  const { tone, text } = deliveryWords(delivery, others, { now });
  const what = [
    ACTION_WORDS[delivery.action],
    delivery.variantName === null ? null : variantWords(delivery.variantName),
    delivery.code === null ? null : `code ${delivery.code}`,
  ].filter((part) => part !== null);
  return (
    <li className={styles.delivery} data-state={delivery.state}>
      <span className={styles.deliveryHead}>
        <Link
          to="/triggers/$trigger/figures"
          params={{ trigger: delivery.trigger }}
          className={styles.productName}
          title={`${delivery.name}, version ${delivery.version}`}
        >
          <span dir="auto">{delivery.name}</span>
        </Link>
        <time
          className={styles.quietInline}
          dateTime={new Date(delivery.decidedAt).toISOString()}
          title={`Decided ${fullTime(delivery.decidedAt, { now })}`}
        >
          {relativeTime(delivery.decidedAt, { now })}
        </time>
      </span>
      <span className={styles.deliveryFate} data-tone={tone}>
        {text}
      </span>
      {delivery.state === "sent" && <span className={styles.quiet}>{what.join(" · ")}</span>}
    </li>
  );
}
