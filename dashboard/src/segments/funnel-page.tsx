import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconFilter } from "@tabler/icons-react";
import { LoadFailure } from "../page/load-failure.tsx";
import { RowSkeletons } from "../page/page.tsx";
import { funnelQuery } from "../api/queries.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { count } from "../words/names.ts";
import { shareWords } from "./count-words.ts";
import { SegmentsFrame } from "./segments-frame.tsx";
import funnelStyles from "./funnel.module.css";
import words from "../page/words.module.css";

/** How far people have come: the stages in their order, each with the people who are in it now. */
export function FunnelPage() {
  const { data, error, refetch } = useQuery(funnelQuery);
  return (
    <SegmentsFrame>
      {data === undefined && error === null && <RowSkeletons label="Loading the funnel" />}
      {data === undefined && error !== null && (
        <LoadFailure what="The funnel" error={error} onRetry={refetch} />
      )}
      {data !== undefined && data.stages.length === 0 && (
        <EmptyState
          icon={<IconFilter size={24} />}
          title="There are no stages"
          words="Segments with a stage are shown here in their order, with the people in each."
        >
          <Button component={Link} to="/segments" variant="default">
            See all segments
          </Button>
        </EmptyState>
      )}
      {data !== undefined && data.stages.length > 0 && (
        <section className={funnelStyles.funnel} aria-labelledby="funnel-title">
          <h2 id="funnel-title" className={funnelStyles.funnelTitle}>
            How far have people come?
          </h2>
          <p className={funnelStyles.funnelWords}>
            {data.people === 0
              ? "Nobody has visited the site yet."
              : `Shares are of all ${count(data.people, "person", "people")} who ever visited. Open a stage to see who is in it.`}
          </p>
          <ol className={funnelStyles.stages}>
            {data.stages.map((stage) => (
              <li key={stage.id}>
                <Link
                  to="/segments/$segment"
                  params={{ segment: stage.id }}
                  className={funnelStyles.stageRow}
                >
                  <span className={funnelStyles.stageWords}>
                    <span className={funnelStyles.stageName} dir="auto">
                      {stage.name}
                    </span>
                    {stage.description !== "" && (
                      <span className={words.quiet} dir="auto">
                        {stage.description}
                      </span>
                    )}
                  </span>
                  <span className={funnelStyles.bar} aria-hidden="true">
                    <span style={{ inlineSize: `${widthOf(stage.people, data.people)}%` }} />
                  </span>
                  <span className={funnelStyles.stageCount}>
                    <strong className="numbers">{stage.people.toLocaleString()}</strong>
                    <span className={words.quiet}>
                      {shareWords(stage.people, data.people) ?? "–"}
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        </section>
      )}
    </SegmentsFrame>
  );
}

/** A bar's width in percent; the smallest stage with somebody in it can still be seen. */
const widthOf = (part: number, whole: number): number =>
  part <= 0 || whole <= 0 ? 0 : Math.min(100, Math.max(0.5, (100 * part) / whole));
