import type { LeafCondition } from "../../../protocol/conditions.ts";
import { useOffers } from "./builder-context.ts";
import { ChoiceField } from "./choice-field.tsx";
import { IDENTITY_LABELS, propertyLabel } from "./labels.ts";
import { firstTest, isUntouched } from "./test-edits.ts";
import { PropertyTestField, type PropertyTest } from "./value-test-field.tsx";
import styles from "./conditions.module.css";

type PropertyLeaf = Extract<LeafCondition, { type: "property" | "property_time" }>;
type Props = { value: PropertyLeaf; onChange(leaf: LeafCondition): void };

/** "plan is “pro”", "renews_at is in the last 7 days": one property, of whatever type. */
export function PropertyRow({ value: leaf, onChange }: Props) {
  const { catalogue } = useOffers();
  const properties = catalogue?.properties ?? [];
  const known = properties.find((property) => property.key === leaf.key);
  const choices = new Map(Object.entries(IDENTITY_LABELS));
  for (const { key } of properties) if (!choices.has(key)) choices.set(key, key);

  function choose(key: string): void {
    if (leaf.type === "property_time" || !isUntouched(leaf.is)) return onChange({ ...leaf, key });
    const types = properties.find((property) => property.key === key)?.types ?? [];
    onChange({ ...leaf, key, is: firstTest(types) });
  }
  function setTest(test: PropertyTest): void {
    onChange(
      test.of === "time"
        ? { type: "property_time", key: leaf.key, is: test.is }
        : { type: "property", key: leaf.key, is: test.is },
    );
  }

  return (
    <div className={styles.line}>
      <ChoiceField
        label="Property"
        placeholder="Choose a property"
        value={leaf.key}
        choices={[...choices].map(([value, label]) => ({ value, label }))}
        onChange={choose}
        isFree
        isInvalid={leaf.key === ""}
      />
      <PropertyTestField
        label={leaf.key === "" ? "Property" : propertyLabel(leaf.key)}
        hasTimes
        value={
          leaf.type === "property_time" ? { of: "time", is: leaf.is } : { of: "value", is: leaf.is }
        }
        suggestions={(known?.values ?? []).map((value) => ({ value, label: value }))}
        currencies={catalogue?.currencies ?? []}
        onChange={setTest}
      />
    </div>
  );
}
