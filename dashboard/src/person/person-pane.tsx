import type { ReactNode } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import type { VisitorId } from "../../../protocol/ids.ts";
import { Deliveries } from "./deliveries.tsx";
import { Devices } from "./devices.tsx";
import { Identity } from "./identity.tsx";
import { PersonSkeleton } from "./person-skeleton.tsx";
import { Properties } from "./properties.tsx";
import { Segments } from "./segments.tsx";
import { Shopping } from "./shopping.tsx";
import { Timeline } from "./timeline.tsx";
import { usePerson } from "./use-person.ts";
import { Visit } from "./visit.tsx";
import styles from "./person.module.css";

/** Everything that is known of one person, live. `action` stands under the name. */
export function PersonPane({ visitor, action }: { visitor: VisitorId; action?: ReactNode }) {
  const { person, timeline } = usePerson(visitor);
  if (person.data === undefined) {
    if (!person.isError) return <PersonSkeleton />;
    return <LoadFailure what="This person" error={person.error} onRetry={person.refetch} />;
  }
  return (
    <div className={styles.person}>
      <Identity person={person.data} action={action} />
      <Shopping person={person.data} />
      <Segments segments={person.data.segments} />
      <Deliveries visitor={visitor} />
      <Visit person={person.data} />
      <Devices person={person.data} />
      <Properties properties={person.data.properties} />
      <Timeline query={timeline} />
    </div>
  );
}
