import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { PersonInAddress } from "../person/person-in-address.tsx";
import { LoadFailure } from "../page/load-failure.tsx";
import { BackLink, Page, RowSkeletons } from "../page/page.tsx";
import type { SegmentSummary } from "../../../protocol/segments-api.ts";
import { segmentsQuery } from "../api/queries.ts";
import { conditionSentence } from "../conditions/sentence.ts";
import { useNames } from "../conditions/use-names.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { count } from "../words/names.ts";
import { DeleteSegment } from "./delete-segment.tsx";
import { Members } from "./members.tsx";
import { WhyCard, type Asked } from "./why-card.tsx";
import styles from "./segments.module.css";
import cards from "../page/card.module.css";
import words from "../page/words.module.css";

/** One segment: what it means, who is in it, and why somebody is or is not. */
export function SegmentPage() {
  const { segment: id } = useParams({ strict: false });
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery(segmentsQuery);
  const segment = data?.segments.find((each) => each.id === id);
  return (
    <>
      <Page
        title={segment?.name ?? "Segment"}
        back={
          <BackLink
            label="Back to the segments"
            renderRoot={(rest) => <Link to="/segments" {...rest} />}
          />
        }
        beside={
          segment !== undefined &&
          segment.stage !== null && <span className={styles.stage}>Stage {segment.stage}</span>
        }
        actions={
          segment !== undefined &&
          canManage && (
            <>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconPencil size={16} />}
                renderRoot={(rest) => (
                  <Link to="/segments/$segment/edit" params={{ segment: segment.id }} {...rest} />
                )}
              >
                Change
              </Button>
              <DeleteSegment segment={segment} />
            </>
          )
        }
      >
        {segment !== undefined && <Segment key={segment.id} segment={segment} />}
        {data === undefined && error === null && <RowSkeletons label="Loading the segment" />}
        {data === undefined && error !== null && (
          <LoadFailure what="The segment" error={error} onRetry={refetch} />
        )}
        {data !== undefined && segment === undefined && (
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

function Segment({ segment }: { segment: SegmentSummary }) {
  const names = useNames();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <div className={styles.split}>
      <div className={styles.meaning}>
        <section className={cards.card} aria-label="What it means">
          {segment.description !== "" && (
            <p className={styles.description} dir="auto">
              {segment.description}
            </p>
          )}
          <p className={styles.sentence} dir="auto">
            {conditionSentence(segment.condition, names)}.
          </p>
          {segment.usedBy.length > 0 && (
            <p className={words.quiet}>Used by {segment.usedBy.join(", ")}.</p>
          )}
        </section>
      </div>
      <aside className={styles.side}>
        <WhyCard condition={segment.condition} asked={asked} onAsk={setAsked} />
      </aside>
      <section className={cards.card} aria-labelledby="people-title">
        <h2 id="people-title" className={cards.title}>
          {count(segment.people, "person", "people")} in it now
        </h2>
        <Members segment={segment.id} onWhy={setAsked} />
      </section>
    </div>
  );
}
