import { NumberField } from "../../conditions/number-field.tsx";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { useState } from "react";
import { msOf, spanOf, type SpanUnit } from "../spans.ts";

type Props = {
  label: string;
  ms: number;
  onChange(ms: number): void;
  isInvalid?: boolean;
};

/** "30 minutes" in the middle of a sentence; the unit stays as it was chosen. */
export function MsSpanField({ label, ms, onChange, isInvalid = false }: Props) {
  const [unit, setUnit] = useState<SpanUnit>(() => spanOf(ms).unit);
  const n = ms / msOf({ n: 1, unit });
  const change = (next: number, nextUnit: SpanUnit): void =>
    onChange(Math.round(msOf({ n: next, unit: nextUnit })));
  const ending = n === 1 ? "" : "s";
  return (
    <>
      <NumberField
        label={label}
        min={0}
        value={n}
        isInvalid={isInvalid || !(n > 0)}
        onChange={(next) => change(next, unit)}
      />
      <VerbSelect
        label={`${label}, unit`}
        value={unit}
        options={[
          { value: "minute", label: `minute${ending}` },
          { value: "hour", label: `hour${ending}` },
          { value: "day", label: `day${ending}` },
        ]}
        onChange={(next) => {
          setUnit(next);
          change(n, next);
        }}
      />
    </>
  );
}
