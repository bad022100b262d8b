import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Page } from "../page/page.tsx";
import { useWorkspace } from "../shell/workspace.ts";
import styles from "./segments.module.css";

/** The head that the list and the funnel share. */
export function SegmentsFrame({ children }: { children: ReactNode }) {
  const { canManage } = useWorkspace();
  return (
    <Page
      title="Segments"
      beside={
        <nav className={styles.tabs} aria-label="Segments">
          <Link to="/segments" className={styles.tab} activeOptions={{ exact: true }}>
            All
          </Link>
          <Link to="/segments/funnel" className={styles.tab}>
            Funnel
          </Link>
        </nav>
      }
      actions={
        canManage && (
          <Button
            component={Link}
            to="/segments/new"
            size="sm"
            leftSection={<IconPlus size={16} />}
          >
            New segment
          </Button>
        )
      }
    >
      {children}
    </Page>
  );
}
