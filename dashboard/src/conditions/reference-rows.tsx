import type { LeafCondition } from "../../../protocol/conditions.ts";
import { useOffers } from "./builder-context.ts";
import { ChoiceField, type Choice } from "./choice-field.tsx";
import { REACTION_LABELS } from "./labels.ts";
import { TimeTestField } from "./time-test-field.tsx";
import { optionsOf, VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

/** Rows that name something else: another segment, or what an automatic message led to. */

type Of<Type extends LeafCondition["type"]> = Extract<LeafCondition, { type: Type }>;
type Props<Type extends LeafCondition["type"]> = {
  value: Of<Type>;
  onChange(leaf: LeafCondition): void;
};

const choicesOf = (names: ReadonlyMap<string, string>): Choice[] =>
  [...names].map(([value, label]) => ({ value, label }));

export function SegmentRow({ value: leaf, onChange }: Props<"segment">) {
  const { names } = useOffers();
  return (
    <div className={styles.line}>
      <VerbSelect
        label="In or not in a segment"
        value={leaf.is ? "in" : "not"}
        options={[
          { value: "in", label: "is in segment" },
          { value: "not", label: "is not in segment" },
        ]}
        onChange={(verb) => onChange({ ...leaf, is: verb === "in" })}
      />
      <ChoiceField
        label="Segment"
        placeholder={names.segments.size === 0 ? "No segments yet" : "Choose a segment"}
        value={leaf.segment}
        choices={choicesOf(names.segments)}
        isInvalid={leaf.segment === ""}
        onChange={(segment) => onChange({ ...leaf, segment })}
      />
    </div>
  );
}

export function ReactionRow({ value: leaf, onChange }: Props<"reaction">) {
  const { names } = useOffers();
  return (
    <div className={styles.line}>
      <VerbSelect
        label="Reaction"
        value={leaf.what}
        options={optionsOf(REACTION_LABELS)}
        onChange={(what) => onChange({ ...leaf, what })}
      />
      <ChoiceField
        label="Automatic message"
        placeholder={names.triggers.size === 0 ? "No triggers yet" : "Choose a message"}
        value={leaf.trigger}
        choices={choicesOf(names.triggers)}
        isInvalid={leaf.trigger === ""}
        onChange={(trigger) => onChange({ ...leaf, trigger })}
      />
      <TimeTestField label="When" value={leaf.is} onChange={(is) => onChange({ ...leaf, is })} />
    </div>
  );
}
