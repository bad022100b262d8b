import { IconDeviceDesktop, IconDeviceMobile, IconDeviceTablet } from "@tabler/icons-react";
import type { PresentVisitor } from "../../../protocol/person.ts";
import { money } from "../words/money.ts";
import { count } from "../words/names.ts";
import { countryName, flag } from "../words/places.ts";
import { stopwatch } from "../words/times.ts";
import { pathOf } from "../words/links.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./visitors.module.css";

/** The facts of one visitor on the board, for the table and the cards alike. */

export type BoardProps = {
  present: readonly PresentVisitor[];
  onWrite(visitor: PresentVisitor["id"]): void;
  writingTo: PresentVisitor["id"] | null;
};

const DEVICES = {
  desktop: { Icon: IconDeviceDesktop, words: "Computer" },
  phone: { Icon: IconDeviceMobile, words: "Phone" },
  tablet: { Icon: IconDeviceTablet, words: "Tablet" },
} as const;

export function PageWords({ page }: Pick<PresentVisitor, "page">) {
  if (page === null) return <span className={styles.quiet}>Not known</span>;
  const path = pathOf(page.url);
  const title = page.title?.trim() || path;
  return (
    <span className={styles.two} title={page.url}>
      <span dir="auto">{title}</span>
      {title !== path && <span className={styles.quiet}>{path}</span>}
    </span>
  );
}

export function TimeHere({ since }: { since: number }) {
  const now = useNow(1_000);
  return <span className="numbers">{stopwatch(now - since)}</span>;
}

export function Place({ country, device }: Pick<PresentVisitor, "country" | "device">) {
  const { Icon, words } = DEVICES[device];
  return (
    <span className={styles.place}>
      <Icon size={16} aria-label={words} role="img" />
      {country !== null && (
        <span className={styles.ellipsis} title={countryName(country)}>
          <span aria-hidden="true">{flag(country)} </span>
          {countryName(country)}
        </span>
      )}
    </span>
  );
}

export function LastSearch({ lastSearch }: Pick<PresentVisitor, "lastSearch">) {
  if (lastSearch === null) return <span className={styles.quiet}>–</span>;
  return (
    <span className={styles.two} title={lastSearch.query}>
      <span dir="auto">{lastSearch.query}</span>
      {lastSearch.results === 0 ? (
        <span className={styles.miss}>Found nothing</span>
      ) : (
        lastSearch.results !== null && (
          <span className={styles.quiet}>{count(lastSearch.results, "result")}</span>
        )
      )}
    </span>
  );
}

export function CartWords({ cart }: Pick<PresentVisitor, "cart">) {
  if (cart === null || cart.items === 0) return <span className={styles.quiet}>–</span>;
  return (
    <span className={styles.two}>
      <span className="numbers">{money(cart.totalMinor, cart.currency)}</span>
      <span className={styles.quiet}>{count(cart.items, "item")}</span>
    </span>
  );
}
