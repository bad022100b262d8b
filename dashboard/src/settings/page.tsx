import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconArrowLeft, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import { useWorkspace } from "../shell/workspace.ts";
import { useNarrow } from "../theme/use-narrow.ts";
import styles from "./settings.module.css";

type PageProps = { title: string; words?: ReactNode; isWide?: boolean; children: ReactNode };

/** The frame of one page of the settings. */
export function Page({ title, words, isWide = false, children }: PageProps) {
  const isNarrow = useNarrow();
  return (
    <div className={styles.page} data-wide={isWide}>
      <header className={styles.pageHead}>
        {isNarrow && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Back to the settings"
            renderRoot={(rest) => <Link to="/settings" {...rest} />}
          >
            <IconArrowLeft size={20} />
          </ActionIcon>
        )}
        <div>
          <h1 className={styles.pageTitle}>{title}</h1>
          {words !== undefined && <p className={styles.pageWords}>{words}</p>}
        </div>
      </header>
      {children}
    </div>
  );
}

type CardProps = { title: string; words?: ReactNode; children: ReactNode; foot?: ReactNode };

/** A titled group of fields, with its own way to save. */
export function Card({ title, words, children, foot }: CardProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.cardBody}>
        <h2 className={styles.cardTitle}>{title}</h2>
        {words !== undefined && <p className={styles.cardWords}>{words}</p>}
        {children}
      </div>
      {foot !== undefined && <div className={styles.cardFoot}>{foot}</div>}
    </section>
  );
}

/** Says why nothing can be changed here, to those for whom it is so. */
export function ManagersOnly() {
  const { canManage } = useWorkspace();
  if (canManage) return null;
  return (
    <p className={styles.locked}>
      <IconLock size={16} aria-hidden="true" />
      Only owners and admins can change this.
    </p>
  );
}

export function PageSkeleton() {
  return (
    <div className={styles.skeletons} role="status" aria-label="Loading" aria-busy="true">
      <span className={styles.skeleton} style={{ blockSize: 180 }} />
      <span className={styles.skeleton} style={{ blockSize: 120 }} />
    </div>
  );
}

export function PageFailure({ error, retry }: { error: unknown; retry(): void }) {
  return <LoadFailure what="This" error={error} onRetry={retry} />;
}
