import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

type Props = {
  icon?: ReactNode;
  title?: string;
  words?: ReactNode;
  level?: 1 | 2;
  children?: ReactNode;
};

/** What will be here, and the one next step. */
export function EmptyState({ icon, title, words, level = 2, children }: Props) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={styles.state}>
      {icon !== undefined && (
        <div className={styles.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      {title !== undefined && <Heading className={styles.title}>{title}</Heading>}
      {words !== undefined && <p className={styles.words}>{words}</p>}
      {children}
    </div>
  );
}
