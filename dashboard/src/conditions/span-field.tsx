import type { Span } from "../../../protocol/conditions.ts";
import { flawOfSpan } from "./flaws.ts";
import { UNITS } from "./labels.ts";
import { NumberField } from "./number-field.tsx";
import { VerbSelect } from "./verb-select.tsx";

type Props = {
  /** What the span measures, such as "How long ago". */
  label: string;
  value: Span;
  onChange(span: Span): void;
};

/** "7 days": a number and its unit. */
export function SpanField({ label, value, onChange }: Props) {
  const plural = value.n === 1 ? 0 : 1;
  return (
    <>
      <NumberField
        label={label}
        isWhole
        min={1}
        value={value.n}
        isInvalid={flawOfSpan(value) !== null}
        onChange={(n) => onChange({ ...value, n })}
      />
      <VerbSelect
        label={`${label}, unit`}
        value={value.unit}
        options={[
          { value: "minute", label: UNITS.minute[plural] },
          { value: "hour", label: UNITS.hour[plural] },
          { value: "day", label: UNITS.day[plural] },
          { value: "calendar_day", label: UNITS.calendar_day[plural] },
        ]}
        onChange={(unit) => onChange({ ...value, unit })}
      />
    </>
  );
}
