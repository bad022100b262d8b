import { Select } from "@mantine/core";
import { useState } from "react";
import styles from "./conditions.module.css";

export type Choice = { value: string; label: string; hint?: string };

type Props = {
  label: string;
  placeholder: string;
  value: string;
  choices: readonly Choice[];
  onChange(value: string): void;
  /** Whether something may be written that is not in the list. */
  isFree?: boolean;
  isInvalid?: boolean;
};

const SHOWN_MAX = 100;

/** One of many things that are found by typing. What is typed and left is taken too, where that is allowed. */
export function ChoiceField({
  label,
  placeholder,
  value,
  choices,
  onChange,
  isFree = false,
  isInvalid = false,
}: Props) {
  const [typed, setTyped] = useState("");
  const known = new Map(choices.map((choice) => [choice.value, choice]));
  if (value !== "" && !known.has(value)) known.set(value, { value, label: value });
  const shownLabel = known.get(value)?.label ?? "";
  const wanted = typed.trim();
  const isNew =
    isFree &&
    wanted !== "" &&
    wanted !== shownLabel &&
    ![...known.values()].some((each) => each.label === wanted || each.value === wanted);
  const data = [...known.values(), ...(isNew ? [{ value: wanted, label: wanted }] : [])];

  return (
    <Select
      size="sm"
      className={styles.choice}
      classNames={{ input: styles.choiceInput ?? "" }}
      aria-label={label}
      placeholder={placeholder}
      searchable
      allowDeselect={false}
      limit={SHOWN_MAX}
      maxDropdownHeight={320}
      nothingFoundMessage="Nothing is called that"
      comboboxProps={{ width: 300, position: "bottom-start" }}
      data={data.map((each) => ({ value: each.value, label: each.label }))}
      value={value === "" ? null : value}
      error={isInvalid}
      onSearchChange={setTyped}
      onChange={(next) => next !== null && onChange(next)}
      onBlur={() => {
        if (isNew) onChange(wanted);
      }}
      renderOption={({ option }) => (
        <span className={styles.option}>
          <span dir="auto">
            {isNew && option.value === wanted ? `Use “${option.label}”` : option.label}
          </span>
          {known.get(option.value)?.hint !== undefined && (
            <span className={styles.optionHint}>{known.get(option.value)?.hint}</span>
          )}
        </span>
      )}
    />
  );
}
