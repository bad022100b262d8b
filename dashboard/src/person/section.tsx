import { useId, type ReactNode } from "react";
import styles from "./person.module.css";

/** A titled part of the person. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h3 id={id} className={styles.sectionTitle}>
          {title}
        </h3>
        {aside !== undefined && <span className={styles.sectionAside}>{aside}</span>}
      </div>
      {children}
    </section>
  );
}

/** One fact: what, and its value. */
export function Fact({
  name,
  children,
  title,
}: {
  name: string;
  children: ReactNode;
  title?: string | undefined;
}) {
  return (
    <div className={styles.fact}>
      <dt title={name}>{name}</dt>
      <dd title={title}>{children}</dd>
    </div>
  );
}
