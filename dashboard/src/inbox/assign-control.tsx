import {
  Button,
  FocusTrap,
  Popover,
  Textarea,
  UnstyledButton,
  VisuallyHidden,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { colleaguesQuery } from "../api/queries.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { Face } from "../theme/face.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import styles from "./conversation-view.module.css";
import type { Assignment } from "./use-actions.ts";

type Props = {
  assignee: OperatorCard | null;
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
  onAssign(assignment: Assignment): Promise<unknown>;
};

/** Who has the conversation; opens the list of everybody who could. */
export function AssignControl({ assignee, isOpen, onOpen, onAssign }: Props) {
  const { operator } = useWorkspace();
  const isNarrow = useNarrow();
  const words = assignee === null ? "Nobody" : assignee.id === operator.id ? "You" : assignee.name;

  /** With a note it stays open until the note has arrived: what was typed is not lost to a failure. */
  async function choose(assignment: Assignment): Promise<void> {
    if (assignment.note === undefined) onOpen(false);
    try {
      await onAssign(assignment);
      onOpen(false);
    } catch {
      // The action has said why.
    }
  }

  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="bottom-end"
      width={300}
      trapFocus={false}
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={styles.assignee}
          onClick={() => onOpen(!isOpen)}
          aria-keyshortcuts="a"
        >
          <VisuallyHidden>Assigned to </VisuallyHidden>
          {assignee === null ? (
            <span className={styles.nobody} aria-hidden="true">
              <IconUserPlus size={14} />
            </span>
          ) : (
            <Face id={assignee.id} name={assignee.name} photo={assignee.photo} size={24} />
          )}
          {isNarrow ? <VisuallyHidden>{words}</VisuallyHidden> : <span title={words}>{words}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label="Assign the conversation">
        <FocusTrap active={isOpen}>
          <div>
            <Chooser assignee={assignee} onChoose={choose} />
          </div>
        </FocusTrap>
      </Popover.Dropdown>
    </Popover>
  );
}

function Chooser({
  assignee,
  onChoose,
}: {
  assignee: OperatorCard | null;
  onChoose(assignment: Assignment): Promise<void>;
}) {
  const { live, operator } = useWorkspace();
  const { data } = useQuery(colleaguesQuery);
  const online = useStore(live.operators, (value) => value);
  const [to, setTo] = useState<OperatorCard | null>(null);

  if (to !== null) return <Transfer to={to} onCancel={() => setTo(null)} onChoose={onChoose} />;

  const isOnline = (id: string): boolean =>
    online.some((each) => each.id === id && each.isConnected && each.status === "online");
  const others = (data?.operators ?? [])
    .filter((each) => each.id !== operator.id)
    .sort(
      (a, b) => Number(isOnline(b.id)) - Number(isOnline(a.id)) || a.name.localeCompare(b.name),
    );
  return (
    <ul className={styles.colleagues}>
      {assignee?.id !== operator.id && (
        <li>
          <UnstyledButton
            className={styles.colleague}
            data-autofocus
            onClick={() => void onChoose({ to: operator })}
          >
            <Face id={operator.id} name={operator.name} photo={operator.photo} size={28} />
            <span className={styles.colleagueName}>Take it yourself</span>
          </UnstyledButton>
        </li>
      )}
      {others.map((each) => (
        <li key={each.id}>
          <UnstyledButton
            className={styles.colleague}
            disabled={each.id === assignee?.id}
            onClick={() => setTo(each)}
          >
            <Face
              id={each.id}
              name={each.name}
              photo={each.photo}
              size={28}
              isOnline={isOnline(each.id)}
            />
            <span className={styles.colleagueName} title={each.name} dir="auto">
              {each.name}
            </span>
            <span className={styles.colleagueAside}>
              {each.id === assignee?.id ? "Has it" : isOnline(each.id) ? "Online" : "Away"}
            </span>
          </UnstyledButton>
        </li>
      ))}
      {assignee !== null && (
        <li>
          <UnstyledButton className={styles.colleague} onClick={() => void onChoose({ to: null })}>
            <span className={styles.nobody} aria-hidden="true">
              <IconUserMinus size={14} />
            </span>
            <span className={styles.colleagueName}>Put it back for anybody</span>
          </UnstyledButton>
        </li>
      )}
    </ul>
  );
}

type TransferProps = {
  to: OperatorCard;
  onCancel(): void;
  onChoose(assignment: Assignment): Promise<void>;
};

/** A colleague takes over with a word about what is going on. */
function Transfer({ to, onCancel, onChoose }: TransferProps) {
  const [note, setNote] = useState("");
  const [field, setField] = useState<HTMLTextAreaElement | null>(null);
  useEffect(() => field?.focus(), [field]);
  const [isSending, setIsSending] = useState(false);

  async function transfer(): Promise<void> {
    if (isSending) return;
    setIsSending(true);
    await onChoose({ to, note });
    setIsSending(false);
  }

  return (
    <form
      className={styles.transfer}
      onSubmit={(event) => {
        event.preventDefault();
        void transfer();
      }}
    >
      <div className={styles.transferTo}>
        <Face id={to.id} name={to.name} photo={to.photo} size={24} />
        <span className={styles.colleagueName} title={to.name}>
          Transfer to {to.name}
        </span>
      </div>
      <Textarea
        ref={setField}
        label="Note for your colleague"
        description="Only your team sees this."
        placeholder="What it is about, what you promised"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void transfer();
        }}
      />
      <div className={styles.transferActions}>
        <Button variant="default" size="xs" onClick={onCancel}>
          Back
        </Button>
        <Button type="submit" size="xs" loading={isSending}>
          Transfer
        </Button>
      </div>
    </form>
  );
}
