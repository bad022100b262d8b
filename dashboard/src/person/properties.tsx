import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { PersonCard } from "../../../protocol/person.ts";
import { fullTime } from "../words/times.ts";
import { Fact, Section } from "./section.tsx";
import styles from "./person.module.css";

const FEW = 6;

/** What the site has told of them. */
export function Properties({ properties }: { properties: PersonCard["properties"] }) {
  const [isWhole, setIsWhole] = useState(false);
  if (properties.length === 0) return null;
  const shown = isWhole ? properties : properties.slice(0, FEW);
  return (
    <Section title="Properties">
      <dl className={styles.facts}>
        {shown.map((property) => {
          const words = valueWords(property.value);
          return (
            <Fact
              key={property.key}
              name={property.key}
              title={`${words}\nSet ${fullTime(property.at, { now: property.at })}`}
            >
              <span dir="auto">{words}</span>
            </Fact>
          );
        })}
      </dl>
      {properties.length > FEW && (
        <UnstyledButton
          className={styles.more}
          onClick={() => setIsWhole(!isWhole)}
          aria-expanded={isWhole}
        >
          {isWhole ? "Show fewer" : `Show all ${properties.length}`}
        </UnstyledButton>
      )}
    </Section>
  );
}

function valueWords(value: PersonCard["properties"][number]["value"]): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString() : value;
}
