import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { IconArrowLeft, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { isId } from "../../../protocol/ids.ts";
import type { SegmentSummary } from "../../../protocol/operator-api.ts";
import { wordsFor } from "../api/failure.ts";
import { segmentsQuery } from "../api/queries.ts";
import { conditionSentence } from "../conditions/sentence.ts";
import { useNames } from "../conditions/use-names.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { count } from "../words/names.ts";
import { DeleteSegment } from "./delete-segment.tsx";
import { Members } from "./members.tsx";
import { PersonDrawer } from "../person/person-drawer.tsx";
import { RowSkeletons } from "./segments-frame.tsx";
import { WhyCard, type Asked } from "./why-card.tsx";
import styles from "./segments.module.css";

/** One segment: what it means, who is in it, and why somebody is or is not. */
export function SegmentPage() {
  const { segment: id } = useParams({ strict: false });
  const { person } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery(segmentsQuery);
  const segment = data?.segments.find((each) => each.id === id);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Back to the segments"
          renderRoot={(rest) => <Link to="/segments" {...rest} />}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <h1 className={styles.title} dir="auto">
          {segment?.name ?? "Segment"}
        </h1>
        {segment !== undefined && segment.stage !== null && (
          <span className={styles.stage}>Stage {segment.stage}</span>
        )}
        {segment !== undefined && canManage && (
          <div className={styles.headAction}>
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
          </div>
        )}
      </header>
      <div className={styles.scroller}>
        {segment !== undefined && <Segment key={segment.id} segment={segment} />}
        {data === undefined && error === null && <RowSkeletons label="Loading the segment" />}
        {data === undefined && error !== null && (
          <EmptyState title="The segment could not be loaded" words={wordsFor(error)}>
            <Button variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          </EmptyState>
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
      </div>
      <PersonDrawer
        visitor={isId("vis", person) ? person : null}
        onClose={() => void navigate({ to: ".", search: {}, resetScroll: false })}
      />
    </div>
  );
}

function Segment({ segment }: { segment: SegmentSummary }) {
  const names = useNames();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <div className={styles.split}>
      <div className={styles.meaning}>
        <section className={styles.card} aria-label="What it means">
          {segment.description !== "" && (
            <p className={styles.description} dir="auto">
              {segment.description}
            </p>
          )}
          <p className={styles.sentence} dir="auto">
            {conditionSentence(segment.condition, names)}.
          </p>
          {segment.usedBy.length > 0 && (
            <p className={styles.quiet}>Used by {segment.usedBy.join(", ")}.</p>
          )}
        </section>
      </div>
      <aside className={styles.side}>
        <WhyCard condition={segment.condition} asked={asked} onAsk={setAsked} />
      </aside>
      <section className={styles.card} aria-labelledby="people-title">
        <h2 id="people-title" className={styles.cardTitle}>
          {count(segment.people, "person", "people")} in it now
        </h2>
        <Members segment={segment.id} onWhy={setAsked} />
      </section>
    </div>
  );
}
