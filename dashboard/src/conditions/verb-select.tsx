import styles from "./conditions.module.css";

type Option<Value extends string> = { value: Value; label: string };
type Props<Value extends string> = {
  /** What is chosen here, for those who do not see where it stands. */
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange(value: Value): void;
};

/** A choice in the middle of a sentence: as wide as its words, and the phone's own list on phones. */
export function VerbSelect<Value extends string>({
  label,
  value,
  options,
  onChange,
}: Props<Value>) {
  return (
    <select
      className={styles.verb}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** A record of labels as options, in its own order. */
export const optionsOf = <Value extends string>(
  labels: Record<Value, string>,
): readonly Option<Value>[] =>
  // Object.entries forgets the keys' type; the record holds exactly its own.
  (Object.entries(labels) as [Value, string][]).map(([value, label]) => ({ value, label }));
