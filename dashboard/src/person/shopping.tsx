import { IconPhotoOff } from "@tabler/icons-react";
import { useState } from "react";
import type { CartItem, PersonCard } from "../../../protocol/person.ts";
import { safeHref, safePicture } from "../words/links.ts";
import { money } from "../words/money.ts";
import { count } from "../words/names.ts";
import { agoWords, fullTime, relativeTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./person.module.css";
import { Section } from "./section.tsx";

/** What they look for, want and bought. */
export function Shopping({ person }: { person: PersonCard }) {
  return (
    <>
      <Searches person={person} />
      <CartPart person={person} />
      {person.wishlist.length > 0 && (
        <Section title="Wish-list" aside={count(person.wishlist.length, "product")}>
          <ul className={styles.plain}>
            {person.wishlist.map((wish) => (
              <li key={wish.productId} className={styles.wish}>
                <ProductName name={wish.name} url={wish.url} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {person.orders.count > 0 && <Orders orders={person.orders} />}
    </>
  );
}

function Searches({ person }: { person: PersonCard }) {
  const now = useNow(20_000);
  if (person.searches.length === 0) return null;
  const newest = [...person.searches].sort((a, b) => b.at - a.at);
  return (
    <Section title="Searched for">
      <ul className={styles.plain}>
        {newest.map((search) => (
          <li
            key={`${search.at}.${search.query}`}
            className={styles.search}
            data-miss={search.results === 0}
          >
            <span className={styles.query} dir="auto" title={search.query}>
              {search.query}
            </span>
            {search.results === 0 ? (
              <span className={styles.miss}>Found nothing</span>
            ) : (
              search.results !== null && (
                <span className={styles.quietInline}>{count(search.results, "result")}</span>
              )
            )}
            <time
              className={styles.quietInline}
              dateTime={new Date(search.at).toISOString()}
              title={fullTime(search.at, { now })}
            >
              {relativeTime(search.at, { now })}
            </time>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function CartPart({ person: { cart } }: { person: PersonCard }) {
  const now = useNow(20_000);
  if (cart === null || cart.items.length === 0) return null;
  return (
    <Section
      title="Cart"
      aside={
        <span title={fullTime(cart.changedAt, { now })}>
          Changed {agoWords(cart.changedAt, { now })}
        </span>
      }
    >
      <ul className={styles.plain}>
        {cart.items.map((item) => (
          <li key={item.productId} className={styles.cartItem}>
            <Thumbnail item={item} />
            <span className={styles.cartName}>
              <ProductName name={item.name} url={item.url} />
              {item.quantity !== 1 && (
                <span className={styles.quietInline}>{item.quantity} pieces</span>
              )}
            </span>
            {item.priceMinor !== null && (
              <span className="numbers">
                {money(item.priceMinor * item.quantity, cart.currency)}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.total}>
        <span>Total</span>
        <span className="numbers">{money(cart.totalMinor, cart.currency)}</span>
      </div>
    </Section>
  );
}

function Thumbnail({ item }: { item: CartItem }) {
  const [isBroken, setIsBroken] = useState(false);
  const source = safePicture(item.imageUrl, location.hostname);
  return (
    <span className={styles.thumbnail} aria-hidden="true">
      {source === null || isBroken ? (
        <IconPhotoOff size={16} />
      ) : (
        <img
          src={source}
          alt=""
          width={36}
          height={36}
          loading="lazy"
          referrerPolicy="no-referrer"
          onError={() => setIsBroken(true)}
        />
      )}
    </span>
  );
}

function ProductName({ name, url }: { name: string; url: string | null }) {
  const href = safeHref(url);
  return href === null ? (
    <span className={styles.productName} dir="auto" title={name}>
      {name}
    </span>
  ) : (
    <a
      className={styles.productName}
      dir="auto"
      title={name}
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      {name}
    </a>
  );
}

function Orders({ orders }: { orders: PersonCard["orders"] }) {
  const now = useNow(20_000);
  return (
    <Section
      title="Orders"
      aside={
        orders.lastAt === null ? undefined : (
          <span title={fullTime(orders.lastAt, { now })}>
            Last {agoWords(orders.lastAt, { now })}
          </span>
        )
      }
    >
      <div className={styles.total}>
        <span>{count(orders.count, "order")}</span>
        <span className="numbers">
          {orders.totals.map((total) => money(total.amountMinor, total.currency)).join(" + ")}
        </span>
      </div>
    </Section>
  );
}
