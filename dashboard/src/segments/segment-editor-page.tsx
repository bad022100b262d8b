import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { PersonInAddress } from "../person/person-in-address.tsx";
import { LoadFailure } from "../page/load-failure.tsx";
import { BackLink, Locked, Page, RowSkeletons } from "../page/page.tsx";
import { segmentsQuery } from "../api/queries.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { SegmentForm } from "./segment-form.tsx";

/** Makes a segment, or changes the one that the address names. */
export function SegmentEditorPage() {
  const { canManage } = useWorkspace();
  const { segment: id } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(segmentsQuery);
  const saved = id === undefined ? null : data?.segments.find((segment) => segment.id === id);
  return (
    <>
      <Page
        title={id === undefined ? "New segment" : "Change segment"}
        back={
          <BackLink
            label={id === undefined ? "Back to the segments" : "Back to the segment"}
            renderRoot={(rest) =>
              id === undefined ? (
                <Link to="/segments" {...rest} />
              ) : (
                <Link to="/segments/$segment" params={{ segment: id }} {...rest} />
              )
            }
          />
        }
      >
        {!canManage && (
          <Locked>Only owners and admins can change segments. You can try conditions here.</Locked>
        )}
        {saved !== undefined && <SegmentForm key={saved?.id ?? "new"} saved={saved} />}
        {saved === undefined && data === undefined && error === null && (
          <RowSkeletons label="Loading the segment" />
        )}
        {saved === undefined && data === undefined && error !== null && (
          <LoadFailure what="The segment" error={error} onRetry={refetch} />
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
      </Page>
      <PersonInAddress />
    </>
  );
}
