import { ActionIcon } from "@mantine/core";
import { IconArrowLeft, IconLock } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import styles from "./page.module.css";

type PageProps = {
  title: string;
  /** Leads to where one comes from. */
  back?: ReactElement;
  /** Stands beside the title: a status, tabs. */
  beside?: ReactNode;
  /** What can be done, at the end of the head. */
  actions?: ReactNode;
  children: ReactNode;
};

/** A page under its head, which stays while the rest scrolls. */
export function Page({ title, back, beside, actions, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        {back}
        <h1 className={styles.title} dir="auto">
          {title}
        </h1>
        {beside}
        {actions !== undefined && actions !== false && (
          <div className={styles.actions}>{actions}</div>
        )}
      </header>
      <div className={styles.scroller}>{children}</div>
    </div>
  );
}

type BackLinkProps = {
  /** Where it leads, for who does not see the arrow. */
  label: string;
  renderRoot(rest: Record<string, unknown>): ReactNode;
};

/** The arrow before a page's title. */
export function BackLink({ label, renderRoot }: BackLinkProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      className={styles.back ?? ""}
      renderRoot={renderRoot}
    >
      <IconArrowLeft size={20} />
    </ActionIcon>
  );
}

/** Why nothing can be changed here. */
export function Locked({ children }: { children: ReactNode }) {
  return (
    <p className={styles.locked}>
      <IconLock size={16} aria-hidden="true" />
      {children}
    </p>
  );
}

/** Rows that are on their way. */
export function RowSkeletons({ label, isInCard = false }: { label: string; isInCard?: boolean }) {
  return (
    <div
      className={styles.skeletons}
      data-in-card={isInCard}
      role="status"
      aria-label={label}
      aria-busy="true"
    >
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className={styles.skeleton} style={{ opacity: 1 - index * 0.14 }} />
      ))}
    </div>
  );
}
