import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconUserQuestion } from "@tabler/icons-react";
import type { VisitorId } from "../../../../protocol/ids.ts";
import type { LinkSuggestion } from "../../../../protocol/linking.ts";
import { Face } from "../../theme/face.tsx";
import { nameOf } from "../../words/names.ts";
import { Section } from "../section.tsx";
import styles from "./linking.module.css";
import type { LinkActions } from "./use-link-actions.ts";

type Props = {
  visitor: VisitorId;
  suggestions: readonly LinkSuggestion[];
  hasMore: boolean;
  actions: LinkActions;
};

/** Who shares an address or a number with them. Whether that is one person, only people can tell. */
export function Suggestions({ visitor, suggestions, hasMore, actions }: Props) {
  if (suggestions.length === 0) return null;
  return (
    <Section title="May be the same person">
      <ul className={styles.list}>
        {suggestions.map((suggestion) => (
          <Suggestion
            key={suggestion.person.id}
            visitor={visitor}
            suggestion={suggestion}
            actions={actions}
          />
        ))}
      </ul>
      {hasMore && (
        <p className={styles.rest}>More people share this. The newest are shown first.</p>
      )}
    </Section>
  );
}

function Suggestion({
  visitor,
  suggestion: { person, shares, isAnotherLogin },
  actions: { link, dismiss, isBusy },
}: Omit<Props, "suggestions" | "hasMore"> & { suggestion: LinkSuggestion }) {
  const name = nameOf(person);
  const pair = { one: visitor, other: person.id };
  const isAsked = (other: VisitorId | undefined) => other === person.id;
  return (
    <li className={styles.suggestion}>
      <Face id={person.id} name={name} size={32} />
      <span className={styles.words}>
        <Link
          to="/visitors/$visitor"
          params={{ visitor: person.id }}
          className={styles.name}
          dir="auto"
          title={name}
        >
          {name}
        </Link>
        {shares.map(({ kind, value, isVerified }) => (
          <span key={`${kind}.${value}`} className={styles.reason}>
            {isVerified ? "Has proven" : "Claims"} the same {KINDS[kind]}{" "}
            <span className={styles.value}>{value}</span>
          </span>
        ))}
        {isAnotherLogin && (
          <span className={styles.doubt}>
            <IconUserQuestion size={14} aria-hidden="true" />
            Signs in as somebody else
          </span>
        )}
        <span className={styles.buttons}>
          <Button
            size="xs"
            variant="light"
            aria-label={`Link with ${name}`}
            loading={link.isPending && isAsked(link.variables.other)}
            disabled={isBusy}
            onClick={() => link.mutate(pair)}
          >
            Link
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={`${name} is not the same person`}
            loading={dismiss.isPending && isAsked(dismiss.variables.other)}
            disabled={isBusy}
            onClick={() => dismiss.mutate(pair)}
          >
            Not the same
          </Button>
        </span>
      </span>
    </li>
  );
}

const KINDS = { email: "email", phone: "number" } as const;
