import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWorkspace } from "../shell/workspace.ts";
import styles from "./segments.module.css";

/** The head that the list and the funnel share. */
export function SegmentsFrame({ children }: { children: ReactNode }) {
  const { canManage } = useWorkspace();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>Segments</h1>
        <nav className={styles.tabs} aria-label="Segments">
          <Link to="/segments" className={styles.tab} activeOptions={{ exact: true }}>
            All
          </Link>
          <Link to="/segments/funnel" className={styles.tab}>
            Funnel
          </Link>
        </nav>
        {canManage && (
          <Button
            component={Link}
            to="/segments/new"
            size="sm"
            className={styles.headAction ?? ""}
            leftSection={<IconPlus size={16} />}
          >
            New segment
          </Button>
        )}
      </header>
      <div className={styles.scroller}>{children}</div>
    </div>
  );
}

export function RowSkeletons({ label }: { label: string }) {
  return (
    <div className={styles.skeletons} role="status" aria-label={label} aria-busy="true">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className={styles.skeleton} style={{ opacity: 1 - index * 0.14 }} />
      ))}
    </div>
  );
}
