import type { ReactNode } from "react";
import styles from "./figures.module.css";
import type { Behind } from "./figure-people.tsx";

type Props = {
  count: number;
  behind: Behind;
  onOpen(behind: Behind): void;
  children?: ReactNode;
};

/** A number that opens the people behind it; nobody stands behind a zero. */
export function NumberLink({ count, behind, onOpen, children }: Props) {
  const shown = children ?? count.toLocaleString();
  if (count === 0) return <span className="numbers">{shown}</span>;
  return (
    <button
      type="button"
      className={styles.number}
      title={`${behind.title}: see the people`}
      onClick={() => onOpen(behind)}
    >
      {shown}
    </button>
  );
}
