import type { Money } from "../../../../protocol/person.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { CurrencySelect } from "../../conditions/number-test-field.tsx";
import { decimalOf, minorOf } from "../amounts.ts";

type Props = {
  label: string;
  value: Money;
  known: readonly string[];
  onChange(amount: Money): void;
  /** Whether there may be none. */
  isOptional?: boolean;
};

/** "49.90 EUR": an amount as people write it. */
export function AmountField({
  label,
  value: { amountMinor, currency },
  known,
  onChange,
  isOptional = false,
}: Props) {
  return (
    <>
      <NumberField
        label={label}
        min={0}
        value={decimalOf(amountMinor, currency)}
        isInvalid={!isOptional && !Number.isFinite(amountMinor)}
        onChange={(amount) => onChange({ amountMinor: minorOf(amount, currency), currency })}
      />
      <CurrencySelect
        label={label}
        value={currency}
        known={known}
        onChange={(next) =>
          onChange({
            amountMinor: minorOf(decimalOf(amountMinor, currency), next),
            currency: next,
          })
        }
      />
    </>
  );
}
