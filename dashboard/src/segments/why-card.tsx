import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconUserSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Condition } from "../../../protocol/conditions.ts";
import { isId } from "../../../protocol/ids.ts";
import type { PersonRow } from "../../../protocol/segments-api.ts";
import { api } from "../api/client.ts";
import { nameOf } from "../words/names.ts";
import { WhyAnswer } from "./why-answer.tsx";
import cards from "../page/card.module.css";
import words from "../page/words.module.css";

export type Asked = Pick<PersonRow, "id" | "name" | "placeholder">;

type Props = {
  condition: Condition;
  /** Whom it is asked about now. */
  asked: Asked | null;
  onAsk(person: Asked | null): void;
};

/** "Why is somebody in or not": one person, found among who is here now or by the pasted id or address. */
export function WhyCard({ condition, asked, onAsk }: Props) {
  const [typed, setTyped] = useState("");
  const board = useQuery({ queryKey: ["board-people"], queryFn: api.board, staleTime: 20_000 });
  const card = useRef<HTMLElement>(null);
  const askedId = asked?.id ?? null;
  // Whoever pressed "Why?" further down sees the answer.
  useEffect(() => {
    if (askedId === null) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.current?.scrollIntoView({ block: "nearest", behavior: isStill ? "auto" : "smooth" });
  }, [askedId]);
  const people = new Map<string, Asked>();
  for (const person of board.data?.present ?? []) {
    const name = nameOf(person);
    people.set(people.has(name) ? `${name} (${person.id.slice(-4)})` : name, person);
  }

  function take(text: string): void {
    setTyped(text);
    const person = people.get(text);
    if (person !== undefined) return onAsk(person);
    const id = /vis_[0-9a-z]{1,40}/.exec(text)?.[0];
    if (isId("vis", id)) onAsk({ id, name: null, placeholder: "This person" });
  }

  return (
    <section ref={card} className={cards.card} aria-labelledby="why-title">
      <h2 id="why-title" className={cards.title}>
        Why is somebody in or not?
      </h2>
      <Autocomplete
        aria-label="Person"
        placeholder="Who is here now, or a pasted link to a person"
        leftSection={<IconUserSearch size={16} />}
        data={[...people.keys()]}
        limit={50}
        value={typed}
        onChange={take}
      />
      {asked === null ? (
        <p className={words.quiet}>Choose a person, or press “Why?” beside one.</p>
      ) : (
        <WhyAnswer key={asked.id} condition={condition} visitor={asked.id} name={nameOf(asked)} />
      )}
    </section>
  );
}
