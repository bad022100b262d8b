import { Button, VisuallyHidden } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { PersonLinks } from "../../../../protocol/linking.ts";
import type { PersonCard } from "../../../../protocol/person.ts";
import { wordsFor } from "../../api/failure.ts";
import { nameOf } from "../../words/names.ts";
import { Conversations } from "./conversations.tsx";
import { LinkChanges } from "./link-changes.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { LinkedPeople } from "./linked-people.tsx";
import styles from "./linking.module.css";
import { Mark } from "./mark.tsx";
import { Suggestions } from "./suggestions.tsx";
import { useLinkActions } from "./use-link-actions.ts";
import type { Together } from "./use-together.ts";

type Props = {
  person: PersonCard;
  links: UseQueryResult<PersonLinks>;
  together: Together;
};

/** Who else this may be, and who operators say it is. */
export function Linking({ person, links, together }: Props) {
  const block = useRef<HTMLDivElement>(null);
  const [isLooking, setIsLooking] = useState(false);
  const [said, setSaid] = useState("");
  const actions = useLinkActions((what) => {
    setSaid(what);
    // What was pressed is gone by now.
    block.current?.focus();
  });
  const { data } = links;
  return (
    <div ref={block} tabIndex={-1} className={styles.block} role="group" aria-label="Same person">
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {data === undefined && links.isError && (
        <div className={styles.failure}>
          <p>Whether this may be somebody you know could not be loaded. {wordsFor(links.error)}</p>
          <Button variant="default" size="xs" onClick={() => void links.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {data !== undefined && (
        <>
          <Suggestions
            visitor={person.id}
            suggestions={data.suggestions}
            hasMore={data.hasMore}
            actions={actions}
          />
          <LinkedPeople links={data} cards={[person, ...together.cards]} actions={actions} />
          <div className={styles.byHand}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              leftSection={<IconLink size={16} />}
              onClick={() => setIsLooking(true)}
            >
              Link with another visitor
            </Button>
            <LinkChanges changes={data.changes} />
          </div>
          {data.people.length > 1 && (
            <>
              <Conversations people={data.people} query={together.conversations} />
              <p className={styles.alone}>
                Below, up to the timeline, is <Mark letter="A" name={nameOf(person)} /> alone.
              </p>
            </>
          )}
        </>
      )}
      {isLooking && (
        <LinkDialog
          visitor={person.id}
          name={nameOf(person)}
          linked={data?.people.map(({ id }) => id) ?? []}
          actions={actions}
          onClose={() => setIsLooking(false)}
        />
      )}
    </div>
  );
}
