import type { LeafCondition } from "../../../protocol/conditions.ts";
import { useOffers } from "./builder-context.ts";
import { EventPicker } from "./event-picker.tsx";
import { FilterList } from "./filter-list.tsx";
import { NumberField } from "./number-field.tsx";
import { SpanField } from "./span-field.tsx";
import { TimeTestField } from "./time-test-field.tsx";
import { VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

type Of<Type extends LeafCondition["type"]> = Extract<LeafCondition, { type: Type }>;
type Props<Type extends LeafCondition["type"]> = {
  value: Of<Type>;
  onChange(leaf: LeafCondition): void;
};

/** "did look at a product at least 2 times in the last 7 days where price is more than 50". */
export function EventRow({ value: leaf, onChange }: Props<"event">) {
  const { catalogue } = useOffers();
  const { op, n } = leaf.times;
  const isNegative = n === 0 && op === "exactly";
  const { within, ...ever } = leaf;
  return (
    <>
      <div className={styles.line}>
        <VerbSelect
          label="Did or did not"
          value={isNegative ? "not" : "did"}
          options={[
            { value: "did", label: "did" },
            { value: "not", label: "did not" },
          ]}
          onChange={(verb) =>
            onChange({
              ...leaf,
              times: verb === "not" ? { op: "exactly", n: 0 } : { op: "at_least", n: 1 },
            })
          }
        />
        <EventPicker
          label="Event"
          value={leaf.name}
          catalogue={catalogue}
          onChange={(name) => onChange({ ...leaf, name })}
        />
        {!isNegative && (
          <>
            <VerbSelect
              label="At least, at most or exactly"
              value={op}
              options={[
                { value: "at_least", label: "at least" },
                { value: "at_most", label: "at most" },
                { value: "exactly", label: "exactly" },
              ]}
              onChange={(next) => onChange({ ...leaf, times: { op: next, n: n === 0 ? 1 : n } })}
            />
            <NumberField
              label="How many times"
              isWhole
              min={0}
              value={n}
              isInvalid={!Number.isInteger(n)}
              onChange={(times) => onChange({ ...leaf, times: { op, n: times } })}
            />
            <span className={styles.word}>{n === 1 ? "time" : "times"}</span>
          </>
        )}
        <VerbSelect
          label="Since when"
          value={within === undefined ? "ever" : "within"}
          options={[
            { value: "ever", label: "at any time" },
            { value: "within", label: "in the last" },
          ]}
          onChange={(when) =>
            onChange(when === "ever" ? ever : { ...leaf, within: { n: 7, unit: "day" } })
          }
        />
        {within !== undefined && (
          <SpanField
            label="In the last"
            value={within}
            onChange={(span) => onChange({ ...leaf, within: span })}
          />
        )}
      </div>
      <Where leaf={leaf} onChange={onChange} />
    </>
  );
}

/** "last time they did look at a product was more than 3 days ago". */
export function EventTimeRow({ value: leaf, onChange }: Props<"event_time">) {
  const { catalogue } = useOffers();
  return (
    <>
      <div className={styles.line}>
        <VerbSelect
          label="First or last time"
          value={leaf.which}
          options={[
            { value: "first", label: "first did" },
            { value: "last", label: "last did" },
          ]}
          onChange={(which) => onChange({ ...leaf, which })}
        />
        <EventPicker
          label="Event"
          value={leaf.name}
          catalogue={catalogue}
          onChange={(name) => onChange({ ...leaf, name })}
        />
        <TimeTestField
          label={leaf.which === "first" ? "First time" : "Last time"}
          value={leaf.is}
          onChange={(is) => onChange({ ...leaf, is })}
        />
      </div>
      <Where leaf={leaf} onChange={onChange} />
    </>
  );
}

type WhereProps = { leaf: Of<"event"> | Of<"event_time">; onChange(leaf: LeafCondition): void };

function Where({ leaf, onChange }: WhereProps) {
  const { catalogue } = useOffers();
  const { where, ...rest } = leaf;
  return (
    <FilterList
      event={leaf.name}
      value={where ?? []}
      catalogue={catalogue}
      onChange={(filters) => onChange(filters.length === 0 ? rest : { ...leaf, where: filters })}
    />
  );
}
