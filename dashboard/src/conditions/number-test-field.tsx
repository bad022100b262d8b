import type { NumberTest } from "../../../protocol/conditions.ts";
import { NumberField } from "./number-field.tsx";
import { NUMBER_OPS } from "./labels.ts";
import { optionsOf, VerbSelect } from "./verb-select.tsx";

type NumberProps = {
  label: string;
  value: NumberTest;
  onChange(test: NumberTest): void;
  isWhole?: boolean;
  isBare?: boolean;
};

/** How a number compares. */
export function NumberTestField({
  label,
  value,
  onChange,
  isWhole = false,
  isBare = false,
}: NumberProps) {
  return (
    <>
      {!isBare && (
        <VerbSelect
          label={`${label}, comparison`}
          value={value.op}
          options={optionsOf(NUMBER_OPS)}
          onChange={(op) => onChange({ ...value, op })}
        />
      )}
      <NumberField
        label={label}
        value={value.value}
        isWhole={isWhole}
        isInvalid={!Number.isFinite(value.value)}
        onChange={(number) => onChange({ ...value, value: number })}
      />
    </>
  );
}

type CurrencyProps = {
  label: string;
  value: string;
  /** Those that really occur come first. */
  known: readonly string[];
  onChange(currency: string): void;
};

export function CurrencySelect({ label, value, known, onChange }: CurrencyProps) {
  const all = new Set([...known, value, ...COMMON, ...Intl.supportedValuesOf("currency")]);
  all.delete("");
  return (
    <VerbSelect
      label={`${label}, currency`}
      value={value}
      options={[...all].map((code) => ({ value: code, label: code }))}
      onChange={onChange}
    />
  );
}

const COMMON = ["EUR", "USD", "GBP", "CHF"];
