import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isId, type VisitorId } from "../../../../protocol/ids.ts";
import { api } from "../../api/client.ts";
import { segmentsQuery } from "../../api/queries.ts";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { nameOf } from "../../words/names.ts";
import styles from "./editor.module.css";
import words from "../../page/words.module.css";

export type PreviewPerson = { id: VisitorId; name: string };
type Props = { value: PreviewPerson | null; onChange(person: PreviewPerson | null): void };

const MADE_UP = "";
const ON_SITE = "on-site";

/** Whose eyes a message is seen with: a made-up person's, or those of somebody real. */
export function PersonChoice({ onChange }: Props) {
  const [from, setFrom] = useState(MADE_UP);
  const [typed, setTyped] = useState("");
  const { data: segments } = useQuery(segmentsQuery);
  const { data: found } = useQuery({
    queryKey: ["preview-people", from],
    queryFn: async () =>
      from === ON_SITE ? (await api.board()).present : (await api.segmentPeople(from, null)).people,
    enabled: from !== MADE_UP,
    staleTime: 20_000,
  });
  const people = new Map<string, PreviewPerson>();
  for (const person of found ?? []) {
    const name = nameOf(person);
    people.set(people.has(name) ? `${name} (${person.id.slice(-4)})` : name, {
      id: person.id,
      name,
    });
  }

  function take(text: string): void {
    setTyped(text);
    const known = people.get(text);
    const id = /vis_[0-9a-z]{1,40}/.exec(text)?.[0];
    if (known !== undefined) onChange(known);
    else if (isId("vis", id)) onChange({ id, name: "This person" });
    else onChange(null);
  }

  return (
    <div className={styles.personChoice}>
      <span className={words.quiet}>As</span>
      <VerbSelect
        label="Whose eyes it is seen with"
        value={from}
        options={[
          { value: MADE_UP, label: "a made-up person" },
          { value: ON_SITE, label: "somebody on the site" },
          ...(segments?.segments ?? []).map(({ id, name }) => ({
            value: id,
            label: `somebody in “${name}”`,
          })),
        ]}
        onChange={(next) => {
          setFrom(next);
          setTyped("");
          onChange(null);
        }}
      />
      {from !== MADE_UP && (
        <Autocomplete
          aria-label="Person"
          size="sm"
          placeholder={
            found !== undefined && people.size === 0
              ? "Nobody now; paste a link"
              : "Name, or pasted link"
          }
          data={[...people.keys()]}
          limit={50}
          value={typed}
          onChange={take}
        />
      )}
    </div>
  );
}
