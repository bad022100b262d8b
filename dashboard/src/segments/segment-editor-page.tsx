import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { IconArrowLeft, IconLock } from "@tabler/icons-react";
import { isId } from "../../../protocol/ids.ts";
import { wordsFor } from "../api/failure.ts";
import { segmentsQuery } from "../api/queries.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { PersonDrawer } from "../person/person-drawer.tsx";
import { SegmentForm } from "./segment-form.tsx";
import { RowSkeletons } from "./segments-frame.tsx";
import styles from "./segments.module.css";

/** Makes a segment, or changes the one that the address names. */
export function SegmentEditorPage() {
  const { canManage } = useWorkspace();
  const { segment: id } = useParams({ strict: false });
  const { person } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(segmentsQuery);
  const saved = id === undefined ? null : data?.segments.find((segment) => segment.id === id);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={id === undefined ? "Back to the segments" : "Back to the segment"}
          renderRoot={(rest) =>
            id === undefined ? (
              <Link to="/segments" {...rest} />
            ) : (
              <Link to="/segments/$segment" params={{ segment: id }} {...rest} />
            )
          }
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <h1 className={styles.title}>{id === undefined ? "New segment" : "Change segment"}</h1>
      </header>
      <div className={styles.scroller}>
        {!canManage && (
          <p className={styles.locked}>
            <IconLock size={16} aria-hidden="true" />
            Only owners and admins can change segments. You can try conditions here.
          </p>
        )}
        {saved !== undefined && <SegmentForm key={saved?.id ?? "new"} saved={saved} />}
        {saved === undefined && data === undefined && error === null && (
          <RowSkeletons label="Loading the segment" />
        )}
        {saved === undefined && data === undefined && error !== null && (
          <EmptyState title="The segment could not be loaded" words={wordsFor(error)}>
            <Button variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          </EmptyState>
        )}
        {saved === undefined && data !== undefined && (
          <EmptyState
            title="This segment is not here any more"
            words="Somebody may have deleted it."
          >
            <Button component={Link} to="/segments" variant="default">
              See all segments
            </Button>
          </EmptyState>
        )}
      </div>
      <PersonDrawer
        visitor={isId("vis", person) ? person : null}
        onClose={() => void navigate({ to: ".", search: {}, resetScroll: false })}
      />
    </div>
  );
}
