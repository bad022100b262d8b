import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFilterPlus, IconX } from "@tabler/icons-react";
import type { EventFilter } from "../../../protocol/conditions.ts";
import type { Catalogue, CatalogueEvent } from "../../../protocol/segments-api.ts";
import { catalogueEventQuery } from "../api/queries.ts";
import { ChoiceField } from "./choice-field.tsx";
import { firstTest, isUntouched } from "./test-edits.ts";
import { PropertyTestField } from "./value-test-field.tsx";
import styles from "./conditions.module.css";

type Props = {
  /** Whose properties these are. */
  event: string;
  value: readonly EventFilter[];
  onChange(filters: EventFilter[]): void;
  catalogue: Catalogue | undefined;
};

/** As many filters as one event takes. */
const FILTERS_MAX = 10;

const EMPTY: EventFilter = { key: "", is: firstTest([]) };

/** "where price is more than 50": filters on an event's own properties. All of them must hold for the same event. */
export function FilterList({ event, value, onChange, catalogue }: Props) {
  const { data } = useQuery({ ...catalogueEventQuery(event), enabled: event !== "" });
  const properties = data?.properties ?? [];
  return (
    <div className={styles.filters}>
      {value.map((filter, index) => (
        <div
          // Filters have no identity of their own; every field in them is controlled.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          className={styles.filter}
        >
          <span className={styles.word}>{index === 0 ? "where" : "and"}</span>
          <Filter
            filter={filter}
            properties={properties}
            currencies={catalogue?.currencies ?? []}
            onChange={(next) => onChange(value.map((held, at) => (at === index ? next : held)))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="md"
            aria-label={`Remove the filter ${filter.key}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      {value.length < FILTERS_MAX && event !== "" && (
        <Button
          className={styles.addFilter ?? ""}
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconFilterPlus size={14} />}
          onClick={() => onChange([...value, EMPTY])}
        >
          {value.length === 0 ? "Only where…" : "And where…"}
        </Button>
      )}
    </div>
  );
}

type FilterProps = {
  filter: EventFilter;
  properties: CatalogueEvent["properties"];
  currencies: readonly string[];
  onChange(filter: EventFilter): void;
};

function Filter({ filter, properties, currencies, onChange }: FilterProps) {
  const known = properties.find((property) => property.key === filter.key);
  function choose(key: string): void {
    const types = properties.find((property) => property.key === key)?.types ?? [];
    onChange({ key, is: isUntouched(filter.is) ? firstTest(types) : filter.is });
  }
  return (
    <>
      <ChoiceField
        label="Property of the event"
        placeholder="Property"
        value={filter.key}
        choices={properties.map(({ key }) => ({ value: key, label: key }))}
        onChange={choose}
        isFree
        isInvalid={filter.key === ""}
      />
      <PropertyTestField
        label={filter.key === "" ? "Property" : filter.key}
        hasTimes={false}
        value={{ of: "value", is: filter.is }}
        suggestions={(known?.values ?? []).map((value) => ({ value, label: value }))}
        currencies={currencies}
        onChange={(test) => test.of === "value" && onChange({ ...filter, is: test.is })}
      />
    </>
  );
}
