import type { ReactNode } from "react";
import { Logo } from "../theme/logo.tsx";
import styles from "./entrance.module.css";

/** The frame of the screens before the dashboard. */
export function Entrance({
  title,
  words,
  children,
  foot,
}: {
  title: string;
  words: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <div className={styles.entrance}>
      <header className={styles.brand}>
        <Logo size={28} />
        <span>Parley</span>
      </header>
      <main className={styles.card}>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.words}>{words}</p>
        {children}
      </main>
      {foot !== undefined && <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}
