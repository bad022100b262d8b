import { Textarea } from "@mantine/core";
import { useState } from "react";
import { LIST_VALUES_MAX } from "../../../protocol/limits.ts";
import type { Choice } from "./choice-field.tsx";
import { valuesOf } from "./test-edits.ts";
import styles from "./conditions.module.css";

type Props = {
  label: string;
  values: readonly string[];
  onChange(values: string[]): void;
  suggestions: readonly Choice[];
};

const OFFERED_MAX = 8;

/** Many values, one per line, to be written or pasted; what really occurs can be added by a press. */
export function ValueList({ label, values, onChange, suggestions }: Props) {
  const [text, setText] = useState(() => values.join("\n"));
  const written = valuesOf(text);
  // Somebody else changed the list, such as a button or the row above that was removed.
  const isOther = written.length !== values.length || written.some((one, at) => one !== values[at]);
  const shown = isOther ? values.join("\n") : text;
  const offered = suggestions
    .filter((choice) => !values.includes(choice.value))
    .slice(0, OFFERED_MAX);

  return (
    <div className={styles.list}>
      <Textarea
        size="sm"
        aria-label={`${label}, one value per line`}
        placeholder="One value per line. Paste as many as you like."
        rows={Math.min(8, Math.max(3, values.length + 1))}
        spellCheck={false}
        value={shown}
        error={values.length > LIST_VALUES_MAX}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange(valuesOf(event.currentTarget.value));
        }}
      />
      <div className={styles.listFoot}>
        <span className={styles.quiet}>
          {values.length.toLocaleString()} of {LIST_VALUES_MAX.toLocaleString()} values
        </span>
        {offered.map((choice) => (
          <button
            key={choice.value}
            type="button"
            className={styles.offer}
            onClick={() => {
              const next = [...values, choice.value];
              setText(next.join("\n"));
              onChange(next);
            }}
          >
            + {choice.label}
          </button>
        ))}
      </div>
    </div>
  );
}
