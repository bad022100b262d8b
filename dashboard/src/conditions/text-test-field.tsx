import { Autocomplete, TextInput } from "@mantine/core";
import type { TextTest } from "../../../protocol/conditions.ts";
import { ChoiceField, type Choice } from "./choice-field.tsx";
import { flawOfText } from "./flaws.ts";
import { TEXT_OPS } from "./labels.ts";
import { withTextOp } from "./test-edits.ts";
import { ValueList } from "./value-list.tsx";
import { optionsOf, VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

type Props = {
  label: string;
  value: TextTest;
  onChange(test: TextTest): void;
  /** Values that really occur. */
  suggestions: readonly Choice[];
  /** Whether only what is suggested makes sense, as with people. */
  isClosed?: boolean;
  /** Without its own choice of the comparison. */
  isBare?: boolean;
};

/** How a text compares, with the values that really occur. */
export function TextTestField({
  label,
  value,
  onChange,
  suggestions,
  isClosed = false,
  isBare = false,
}: Props) {
  return (
    <>
      {!isBare && (
        <VerbSelect
          label={`${label}, comparison`}
          value={value.op}
          options={optionsOf(TEXT_OPS)}
          onChange={(op) => onChange(withTextOp(value, op))}
        />
      )}
      <TextValue {...{ label, value, onChange, suggestions, isClosed }} />
    </>
  );
}

function TextValue({ label, value, onChange, suggestions, isClosed }: Props) {
  if ("values" in value) {
    return (
      <ValueList
        label={label}
        values={value.values}
        suggestions={suggestions}
        onChange={(values) => onChange({ ...value, values })}
      />
    );
  }
  if (!("value" in value)) return null;
  const change = (text: string): void => onChange({ ...value, value: text });
  const isInvalid = flawOfText(value) !== null;
  const isWhole = value.op === "is" || value.op === "is_not";
  if (isWhole && suggestions.some((each) => each.label !== each.value)) {
    return (
      <ChoiceField
        label={label}
        placeholder="Choose or write"
        value={value.value}
        choices={suggestions}
        onChange={change}
        isFree={isClosed !== true}
        isInvalid={isInvalid}
      />
    );
  }
  const field = {
    size: "sm",
    className: styles.text,
    classNames: { input: styles.textInput ?? "" },
    "aria-label": label,
    placeholder: "Text",
    error: isInvalid,
  } as const;
  if (!isWhole || suggestions.length === 0) {
    return (
      <TextInput
        {...field}
        value={value.value}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  }
  return (
    <Autocomplete
      {...field}
      limit={50}
      maxDropdownHeight={280}
      comboboxProps={{ width: 280, position: "bottom-start" }}
      data={[...new Set(suggestions.map((each) => each.value))]}
      value={value.value}
      onChange={change}
    />
  );
}
