import type { TimeTest } from "../../../protocol/conditions.ts";
import { fromLocalInput, toLocalInput } from "./local-instants.ts";
import { TIME_OPS } from "./labels.ts";
import { SpanField } from "./span-field.tsx";
import { withTimeOp } from "./test-edits.ts";
import { optionsOf, VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

type Props = {
  label: string;
  value: TimeTest;
  onChange(test: TimeTest): void;
  /** Without its own choice of the comparison. */
  isBare?: boolean;
};

/** When something was: in the last…, more than … ago, before, after, at any time, never. */
export function TimeTestField({ label, value, onChange, isBare = false }: Props) {
  return (
    <>
      {!isBare && (
        <VerbSelect
          label={`${label}, when`}
          value={value.op}
          options={optionsOf(TIME_OPS)}
          onChange={(op) => onChange(withTimeOp(value, op, roundedNow()))}
        />
      )}
      {"span" in value && (
        <SpanField
          label={`${label}, how long`}
          value={value.span}
          onChange={(span) => onChange({ ...value, span })}
        />
      )}
      {value.op === "before_span" && <span className={styles.word}>ago</span>}
      {"at" in value && (
        <>
          <input
            type="datetime-local"
            className={styles.date}
            aria-label={`${label}, date and time`}
            value={toLocalInput(value.at)}
            onChange={(event) =>
              onChange({ ...value, at: fromLocalInput(event.currentTarget.value) })
            }
          />
          <span className={styles.zone}>{browserZone()} time</span>
        </>
      )}
    </>
  );
}

const MINUTE_MS = 60_000;
const roundedNow = (): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

const browserZone = (): string =>
  Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
