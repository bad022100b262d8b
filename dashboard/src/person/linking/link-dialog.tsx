import { Button, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { VisitorId } from "../../../../protocol/ids.ts";
import { FOUND_MAX, LOOK_UP_MAX } from "../../../../protocol/limits.ts";
import type { PersonRow } from "../../../../protocol/segments-api.ts";
import { wordsFor } from "../../api/failure.ts";
import { foundPeopleQuery } from "../../api/queries.ts";
import { Face } from "../../theme/face.tsx";
import { nameOf } from "../../words/names.ts";
import { agoWords } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import styles from "./linking.module.css";
import type { LinkActions } from "./use-link-actions.ts";

type Props = {
  visitor: VisitorId;
  name: string;
  /** Who is linked already, the visitor itself among them. */
  linked: readonly VisitorId[];
  actions: LinkActions;
  onClose(): void;
};

const PAUSE_MS = 200;

/** Looks somebody up and links them. */
export function LinkDialog({ visitor, name, linked, actions, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const { data, error, isFetching, refetch } = useQuery(foundPeopleQuery(wanted));
  const people = data?.people.filter(({ id }) => id !== visitor) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      title="Link with another visitor"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={styles.note}>
        <span dir="auto">{name}</span> and whoever you choose are shown together to your team.
        Nothing changes for them, and you can undo it.
      </p>
      <TextInput
        data-autofocus
        aria-label="Name, email or phone number"
        placeholder="Name, email or phone number"
        autoComplete="off"
        spellCheck={false}
        maxLength={LOOK_UP_MAX}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={styles.found} aria-busy={isFetching}>
        {error !== null && data === undefined ? (
          <div role="alert">
            <p>Nobody could be looked up. {wordsFor(error)}</p>
            <Button variant="default" size="xs" onClick={() => void refetch()}>
              Try again
            </Button>
          </div>
        ) : (
          <p role="status" className={styles.state}>
            {stateWords(wanted, data === undefined ? null : people.length)}
          </p>
        )}
        {people.length > 0 && (
          <ul className={styles.list} aria-label="People found">
            {people.map((person) => (
              <Found
                key={person.id}
                person={person}
                isLinked={linked.includes(person.id)}
                isPending={actions.link.isPending && actions.link.variables.other === person.id}
                isBusy={actions.isBusy}
                onLink={() =>
                  actions.link.mutate({ one: visitor, other: person.id }, { onSuccess: onClose })
                }
              />
            ))}
          </ul>
        )}
      </div>
    </Modal>
  );
}

function stateWords(wanted: string, found: number | null): string {
  if (wanted === "") return "Type how a name, an address or a number begins.";
  if (found === null) return "Looking…";
  if (found === 0) return "Nobody is known by that.";
  if (found >= FOUND_MAX - 1) return "There may be more. Type a little more to see the right ones.";
  return found === 1 ? "1 person" : `${found} people`;
}

function Found({
  person,
  isLinked,
  isPending,
  isBusy,
  onLink,
}: {
  person: PersonRow;
  isLinked: boolean;
  isPending: boolean;
  isBusy: boolean;
  onLink(): void;
}) {
  const now = useNow(60_000);
  const name = nameOf(person);
  return (
    <li className={styles.person}>
      <Face id={person.id} name={name} size={32} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto" title={name}>
          {name}
        </span>
        <span className={styles.contactValue} dir="auto" title={person.email ?? undefined}>
          {person.email ?? `Last seen ${agoWords(person.lastSeenAt, { now })}`}
        </span>
      </span>
      {isLinked ? (
        <span className={styles.claimed}>Linked</span>
      ) : (
        <Button
          size="xs"
          variant="light"
          aria-label={`Link with ${name}`}
          loading={isPending}
          disabled={isBusy}
          onClick={onLink}
        >
          Link
        </Button>
      )}
    </li>
  );
}
