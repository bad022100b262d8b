import type { TimeTest, ValueTest } from "../../../protocol/conditions.ts";
import type { Choice } from "./choice-field.tsx";
import { NUMBER_OPS, TEXT_OPS, TIME_OPS } from "./labels.ts";
import { CurrencySelect, NumberTestField } from "./number-test-field.tsx";
import { valueTestOf, withTimeOp } from "./test-edits.ts";
import { TextTestField } from "./text-test-field.tsx";
import { TimeTestField } from "./time-test-field.tsx";
import { optionsOf } from "./verb-select.tsx";
import styles from "./conditions.module.css";

/** A property's comparison: with a value, or with a time where the property is a date. */
export type PropertyTest = { of: "value"; is: ValueTest } | { of: "time"; is: TimeTest };

type Props = {
  label: string;
  value: PropertyTest;
  onChange(test: PropertyTest): void;
  suggestions: readonly Choice[];
  currencies: readonly string[];
  /** Whether a date can be asked for here. */
  hasTimes: boolean;
};

/** One list with everything that a property can be compared with, under headings of its kinds. */
export function PropertyTestField({
  label,
  value,
  onChange,
  suggestions,
  currencies,
  hasTimes,
}: Props) {
  const currency = currencies[0] ?? "EUR";
  const held = value.of === "value" ? value.is : null;
  const setValue = (is: ValueTest): void => onChange({ of: "value", is });

  function choose(choice: string): void {
    const [group = "", op = ""] = choice.split(":");
    const textOp = optionsOf(TEXT_OPS).find((each) => each.value === op)?.value;
    const numberOp = optionsOf(NUMBER_OPS).find((each) => each.value === op)?.value;
    const timeOp = optionsOf(TIME_OPS).find((each) => each.value === op)?.value;
    if (group === "text" && textOp !== undefined)
      setValue(valueTestOf("text", textOp, held, currency));
    else if ((group === "number" || group === "amount") && numberOp !== undefined)
      setValue(valueTestOf(group, numberOp, held, currency));
    else if (group === "flag") setValue({ type: "flag", value: op === "yes" });
    else if (timeOp !== undefined) {
      const from: TimeTest =
        value.of === "time" ? value.is : { op: "within", span: { n: 7, unit: "day" } };
      onChange({ of: "time", is: withTimeOp(from, timeOp, Date.now()) });
    }
  }

  return (
    <>
      <select
        className={styles.verb}
        aria-label={`${label}, comparison`}
        value={choiceOf(value)}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <Options title="Text" prefix="text" labels={TEXT_OPS} />
        <Options title="Number" prefix="number" labels={NUMBER_OPS} />
        <optgroup label="Yes or no">
          <option value="flag:yes">is yes</option>
          <option value="flag:no">is no</option>
        </optgroup>
        <Options title="Amount of money" prefix="amount" labels={NUMBER_OPS} />
        {hasTimes && <Options title="Date" prefix="time" labels={DATE_OPS} />}
      </select>
      {value.of === "time" && (
        <TimeTestField
          isBare
          label={label}
          value={value.is}
          onChange={(is) => onChange({ of: "time", is })}
        />
      )}
      {value.of === "value" && (
        <Value
          label={label}
          value={value.is}
          onChange={setValue}
          suggestions={suggestions}
          currencies={currencies}
        />
      )}
    </>
  );
}

const DATE_OPS: Record<TimeTest["op"], string> = {
  within: "is in the last",
  before_span: "is more than",
  before: "is before",
  after: "is after",
  ever: "is a date",
  never: "is no date",
};

type OptionsProps = {
  title: string;
  prefix: string;
  labels: { readonly [op: string]: string };
};

function Options({ title, prefix, labels }: OptionsProps) {
  return (
    <optgroup label={title}>
      {Object.entries(labels).map(([op, label]) => (
        <option key={op} value={`${prefix}:${op}`}>
          {label}
        </option>
      ))}
    </optgroup>
  );
}

function choiceOf(test: PropertyTest): string {
  if (test.of === "time") return `time:${test.is.op}`;
  if (test.is.type === "flag") return `flag:${test.is.value ? "yes" : "no"}`;
  return `${test.is.type}:${test.is.test.op}`;
}

type ValueProps = Pick<Props, "label" | "suggestions" | "currencies"> & {
  value: ValueTest;
  onChange(test: ValueTest): void;
};

function Value({ label, value, onChange, suggestions, currencies }: ValueProps) {
  if (value.type === "flag") return null;
  if (value.type === "text") {
    return (
      <TextTestField
        isBare
        label={label}
        value={value.test}
        suggestions={suggestions}
        onChange={(test) => onChange({ type: "text", test })}
      />
    );
  }
  return (
    <>
      <NumberTestField
        isBare
        label={label}
        value={value.test}
        onChange={(test) => onChange({ ...value, test })}
      />
      {value.type === "amount" && (
        <CurrencySelect
          label={label}
          value={value.currency}
          known={currencies}
          onChange={(currency) => onChange({ ...value, currency })}
        />
      )}
    </>
  );
}
