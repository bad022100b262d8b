import type { Catalogue } from "../../../protocol/segments-api.ts";
import { count } from "../words/names.ts";
import { ChoiceField, type Choice } from "./choice-field.tsx";
import { eventLabel, STANDARD_EVENTS } from "./event-words.ts";
import { flawOfEvent } from "./flaws.ts";

type Props = {
  label: string;
  value: string;
  onChange(name: string): void;
  /** What really occurs; standard events are always offered. */
  catalogue: Catalogue | undefined;
};

/** An event, by what people did: those that really occur first, then the standard ones, then whatever is written. */
export function EventPicker({ label, value, onChange, catalogue }: Props) {
  return (
    <ChoiceField
      label={label}
      placeholder="Choose an event"
      value={value}
      choices={eventChoices(catalogue)}
      onChange={onChange}
      isFree
      isInvalid={flawOfEvent(value) !== null}
    />
  );
}

function eventChoices(catalogue: Catalogue | undefined): Choice[] {
  const choices = new Map<string, Choice>();
  for (const { name, people } of catalogue?.events ?? []) {
    const label = eventLabel(name);
    const who = count(people, "person", "people");
    choices.set(name, { value: name, label, hint: label === name ? who : `${name} · ${who}` });
  }
  for (const name of STANDARD_EVENTS) {
    if (!choices.has(name)) choices.set(name, { value: name, label: eventLabel(name), hint: name });
  }
  return [...choices.values()];
}
