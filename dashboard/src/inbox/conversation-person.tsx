import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ConversationId } from "../../../protocol/ids.ts";
import { PersonPane } from "../person/person-pane.tsx";
import { PersonSkeleton } from "../person/person-skeleton.tsx";
import styles from "./conversation-view.module.css";
import { useSummary } from "./use-conversation.ts";

/** The person of a conversation, beside it or, on phones, as a page of its own. */
export default function ConversationPerson({
  conversation,
  isPage,
}: {
  conversation: ConversationId;
  isPage: boolean;
}) {
  const { summary } = useSummary(conversation);
  return (
    <>
      {isPage && (
        <header className={styles.header}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Back to the conversation"
            renderRoot={(rest) => (
              <Link to="/inbox/$conversation" params={{ conversation }} search={true} {...rest} />
            )}
          >
            <IconArrowLeft size={20} />
          </ActionIcon>
          <h1 className={styles.title}>Person</h1>
        </header>
      )}
      {summary === null ? (
        <PersonSkeleton />
      ) : (
        <PersonPane key={summary.visitor.id} visitor={summary.visitor.id} />
      )}
    </>
  );
}
