import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import styles from "./settings.module.css";

/**
 * The line below a list of settings in which another entry is typed.
 * @param add Takes what was typed and empties the line once it is kept. What it gives back says why it is refused.
 */
export function AddLine({
  label,
  placeholder,
  inputMode,
  isFull,
  add,
}: {
  label: string;
  placeholder: string;
  inputMode: "email" | "url";
  isFull: boolean;
  add: (typed: string, clear: () => void) => string | null;
}) {
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setRefusal(add(typed, () => setTyped("")));
  }

  return (
    <form className={styles.add} onSubmit={submit}>
      <TextInput
        aria-label={label}
        placeholder={placeholder}
        inputMode={inputMode}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setRefusal(null);
        }}
        error={refusal}
      />
      <Button type="submit" variant="default" disabled={typed.trim() === "" || isFull}>
        Add
      </Button>
    </form>
  );
}
