import { Button } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { IconUsers } from "@tabler/icons-react";
import { useEffect } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import { Page, RowSkeletons } from "../page/page.tsx";
import { isId } from "../../../protocol/ids.ts";
import { useStore } from "../live/store.ts";
import { PersonDrawer } from "../person/person-drawer.tsx";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import { count } from "../words/names.ts";
import { BoardCards } from "./board-cards.tsx";
import { inOrder } from "./board-rows.ts";
import { BoardTable } from "./board-table.tsx";
import { useWrite } from "./use-write.ts";
import styles from "./visitors.module.css";

/** Who is on the site now. */
export function VisitorsPage() {
  const { live } = useWorkspace();
  const { rows, total, failure } = useStore(live.board, (board) => board);
  const { visitor: named } = useParams({ strict: false });
  const visitor = isId("vis", named) ? named : null;
  const navigate = useNavigate();
  const write = useWrite();
  const isNarrow = useNarrow();
  useEffect(() => live.watchBoard(), [live]);

  const present = rows === null ? [] : inOrder(rows);
  const Board = isNarrow ? BoardCards : BoardTable;
  return (
    <>
      <Page
        title="Visitors"
        beside={
          rows !== null &&
          total > 0 && (
            <span className={styles.total} role="status">
              <span className={styles.dot} aria-hidden="true" />
              {count(total, "person", "people")} on the site now
            </span>
          )
        }
      >
        {rows === null && failure === null && <RowSkeletons label="Loading visitors" />}
        {rows === null && failure !== null && (
          <LoadFailure what="The board" error={failure} onRetry={live.reloadBoard} />
        )}
        {rows !== null && present.length === 0 && (
          <EmptyState
            icon={<IconUsers size={24} />}
            title="Nobody is on the site right now"
            words="Whoever opens a page with the widget on it appears here at once."
          >
            <Button component={Link} to="/settings/install" variant="default">
              Check the installation
            </Button>
          </EmptyState>
        )}
        {present.length > 0 && (
          <Board
            present={present}
            onWrite={write.mutate}
            writingTo={write.isPending ? write.variables : null}
          />
        )}
        {total > present.length && present.length > 0 && (
          <p className={styles.rest}>
            {present.length} of {total} people are shown.
          </p>
        )}
      </Page>
      <PersonDrawer visitor={visitor} onClose={() => void navigate({ to: "/visitors" })} />
    </>
  );
}
