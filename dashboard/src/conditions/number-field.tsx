import { NumberInput } from "@mantine/core";
import styles from "./conditions.module.css";

type Props = {
  label: string;
  /** NaN where nothing is written yet. */
  value: number;
  onChange(value: number): void;
  min?: number;
  isWhole?: boolean;
  isInvalid?: boolean;
};

/** A number in the middle of a sentence. */
export function NumberField({
  label,
  value,
  onChange,
  min,
  isWhole = false,
  isInvalid = false,
}: Props) {
  return (
    <NumberInput
      size="sm"
      className={styles.number}
      classNames={{ input: styles.numberInput ?? "" }}
      aria-label={label}
      hideControls
      allowDecimal={!isWhole}
      allowNegative={min === undefined || min < 0}
      inputMode={isWhole ? "numeric" : "decimal"}
      value={Number.isFinite(value) ? value : ""}
      error={isInvalid}
      onChange={(next) => {
        const number = next === "" || next === "-" ? Number.NaN : Number(next);
        if (!Object.is(number, value)) onChange(number);
      }}
    />
  );
}
