import { ActionIcon, Button, Tooltip, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconArrowLeft,
  IconCheck,
  IconLayoutSidebarRightCollapse,
  IconLayoutSidebarRightExpand,
  IconMail,
  IconRotate,
} from "@tabler/icons-react";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import { Face } from "../theme/face.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import { nameOf } from "../words/names.ts";
import { AssignControl } from "./assign-control.tsx";
import styles from "./conversation-view.module.css";
import type { Assignment } from "./use-actions.ts";

type Props = {
  summary: ConversationSummary | null;
  isAssigning: boolean;
  onAssigning(isOpen: boolean): void;
  onAssign(assignment: Assignment): Promise<unknown>;
  onToggleStatus(): void;
  isPersonShown: boolean;
  onTogglePerson(): void;
};

export function ConversationHeader(props: Props) {
  const { summary, onToggleStatus, isPersonShown, onTogglePerson } = props;
  const isNarrow = useNarrow();
  const name = summary === null ? "" : nameOf(summary.visitor);
  const isClosed = summary?.status === "closed";
  const StatusIcon = isClosed ? IconRotate : IconCheck;
  const statusWords = isClosed ? "Reopen" : "Close";
  const personWords = isPersonShown ? "Hide the person" : "Show the person";

  return (
    <header className={styles.header}>
      {isNarrow && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Back to the list"
          renderRoot={(rest) => <Link to="/inbox" search={true} {...rest} />}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
      )}
      <div className={styles.heading}>
        {summary !== null && !isNarrow && <Face id={summary.visitor.id} name={name} size={32} />}
        <h1 className={styles.title} dir="auto" title={name}>
          {isNarrow && summary !== null ? (
            <UnstyledButton fz="inherit" fw="inherit" onClick={onTogglePerson}>
              {name}
            </UnstyledButton>
          ) : (
            name
          )}
        </h1>
        {isClosed && <span className={styles.closed}>Closed</span>}
        {summary?.mail !== undefined && !isNarrow && (
          <span className={styles.mail} title={`By email: ${summary.mail.subject}`}>
            <IconMail size={14} aria-label="By email" />
            <span dir="auto">{summary.mail.subject}</span>
          </span>
        )}
      </div>
      {summary !== null && (
        <>
          <AssignControl
            assignee={summary.assignee}
            isOpen={props.isAssigning}
            onOpen={props.onAssigning}
            onAssign={props.onAssign}
          />
          {isNarrow ? (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={statusWords}
              onClick={onToggleStatus}
            >
              <StatusIcon size={20} />
            </ActionIcon>
          ) : (
            <Button
              variant="default"
              size="xs"
              leftSection={<StatusIcon size={16} aria-hidden="true" />}
              onClick={onToggleStatus}
              aria-keyshortcuts="e"
            >
              {statusWords}
            </Button>
          )}
          <Tooltip label={personWords}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={isNarrow ? "About this person" : personWords}
              aria-pressed={isNarrow ? undefined : isPersonShown}
              onClick={onTogglePerson}
            >
              {isPersonShown ? (
                <IconLayoutSidebarRightCollapse size={20} />
              ) : (
                <IconLayoutSidebarRightExpand size={20} />
              )}
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </header>
  );
}
