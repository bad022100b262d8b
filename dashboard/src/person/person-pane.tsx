import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { VisitorId } from "../../../protocol/ids.ts";
import { linksQuery } from "../api/queries.ts";
import { LoadFailure } from "../page/load-failure.tsx";
import { nameOf } from "../words/names.ts";
import { Deliveries } from "./deliveries.tsx";
import { Devices } from "./devices.tsx";
import { Identity } from "./identity.tsx";
import { Linking } from "./linking/linking.tsx";
import { Mark } from "./linking/mark.tsx";
import { lettersOf, togetherKey } from "./linking/together-items.ts";
import { useTogether } from "./linking/use-together.ts";
import { PersonSkeleton } from "./person-skeleton.tsx";
import { Properties } from "./properties.tsx";
import { Segments } from "./segments.tsx";
import { Shopping } from "./shopping.tsx";
import { timelineKey } from "./timeline-items.ts";
import { Timeline } from "./timeline.tsx";
import { usePerson } from "./use-person.ts";
import { Visit } from "./visit.tsx";
import styles from "./person.module.css";

/**
 * Everything that is known of one person, live, with the timeline and conversations of those who are linked by hand.
 * `action` stands under the name.
 */
export function PersonPane({ visitor, action }: { visitor: VisitorId; action?: ReactNode }) {
  const { person, timeline } = usePerson(visitor);
  // Whoever was joined into another one is that one by now.
  const own = person.data?.id ?? visitor;
  const links = useQuery(linksQuery(own));
  const people = links.data?.people ?? [];
  const together = useTogether(
    own,
    people.slice(1).map(({ id }) => id),
  );
  if (person.data === undefined) {
    if (!person.isError) return <PersonSkeleton />;
    return <LoadFailure what="This person" error={person.error} onRetry={person.refetch} />;
  }
  const letters = lettersOf(people);
  const names = new Map(people.map((one) => [one.id, nameOf(one)]));
  return (
    <div className={styles.person}>
      <Identity person={person.data} action={action} />
      <Linking person={person.data} links={links} together={together} />
      <Shopping person={person.data} />
      <Segments segments={person.data.segments} />
      <Deliveries visitor={visitor} />
      <Visit person={person.data} />
      <Devices person={person.data} />
      <Properties properties={person.data.properties} />
      {people.length > 1 ? (
        <Timeline
          query={together.timeline}
          lines={(together.timeline.data?.pages ?? [])
            .flatMap((page) => page.items)
            .map((line) => ({
              key: togetherKey(line),
              item: line.item,
              mark: (
                <Mark
                  letter={letters.get(line.visitor) ?? ""}
                  name={names.get(line.visitor) ?? ""}
                />
              ),
            }))}
        />
      ) : (
        <Timeline
          query={timeline}
          lines={(timeline.data?.pages ?? [])
            .flatMap((page) => page.items)
            .map((item) => ({ key: timelineKey(item), item }))}
        />
      )}
    </div>
  );
}
