import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import {
  CartWords,
  LastSearch,
  PageWords,
  Place,
  TimeHere,
  type BoardProps,
} from "./board-cells.tsx";
import styles from "./visitors.module.css";

/** The board on phones. */
export function BoardCards({ present, onWrite, writingTo }: BoardProps) {
  return (
    <ul className={styles.cards}>
      {present.map((visitor) => {
        const name = nameOf(visitor);
        return (
          <li key={visitor.id} className={styles.card}>
            <div className={styles.cardHead}>
              <Link to="/visitors/$visitor" params={{ visitor: visitor.id }} className={styles.who}>
                <Face id={visitor.id} name={name} size={36} />
                <span className={styles.two}>
                  <span dir="auto" title={name}>
                    {name}
                  </span>
                  <span className={styles.quiet}>
                    <TimeHere since={visitor.since} /> here, from {visitor.source}
                  </span>
                </span>
              </Link>
              <Button
                size="xs"
                variant="default"
                aria-label={`Write to ${name}`}
                loading={writingTo === visitor.id}
                onClick={() => onWrite(visitor.id)}
              >
                Write
              </Button>
            </div>
            <dl className={styles.cardFacts}>
              <div>
                <dt>Page</dt>
                <dd>
                  <PageWords page={visitor.page} />
                </dd>
              </div>
              {visitor.lastSearch !== null && (
                <div>
                  <dt>Last search</dt>
                  <dd>
                    <LastSearch lastSearch={visitor.lastSearch} />
                  </dd>
                </div>
              )}
              {visitor.cart !== null && visitor.cart.items > 0 && (
                <div>
                  <dt>Cart</dt>
                  <dd>
                    <CartWords cart={visitor.cart} />
                  </dd>
                </div>
              )}
              <div>
                <dt>Device</dt>
                <dd>
                  <Place country={visitor.country} device={visitor.device} />
                </dd>
              </div>
            </dl>
          </li>
        );
      })}
    </ul>
  );
}
