import type { Catalogue } from "../../../../protocol/segments-api.ts";
import type { Goal } from "../../../../protocol/triggers.ts";
import { ChoiceField } from "../../conditions/choice-field.tsx";
import { EventPicker } from "../../conditions/event-picker.tsx";
import { FilterList } from "../../conditions/filter-list.tsx";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { catalogueEventQuery } from "../../api/queries.ts";
import { FIRST_GOAL } from "../edits.ts";
import styles from "./editor.module.css";
import { AmountField } from "./amount-field.tsx";
import { MsSpanField } from "./ms-span-field.tsx";

type Props = {
  value: Goal | null;
  onChange(goal: Goal | null): void;
  catalogue: Catalogue | undefined;
};

/** What it is meant to lead to. */
export function GoalFields({ value: goal, onChange, catalogue }: Props) {
  /** The goal there was when none was chosen. */
  const before = useRef<Goal>(FIRST_GOAL);
  return (
    <>
      <div className={styles.line}>
        <span>it worked when the person</span>
        <VerbSelect
          label="Whether it has a goal"
          value={goal === null ? "none" : "event"}
          options={[
            { value: "event", label: "then does" },
            { value: "none", label: "– nothing is measured" },
          ]}
          onChange={(kind) => {
            if (goal !== null) before.current = goal;
            onChange(kind === "none" ? null : before.current);
          }}
        />
        {goal !== null && (
          <>
            <EventPicker
              label="Goal"
              value={goal.event}
              catalogue={catalogue}
              onChange={(event) => onChange({ ...goal, event })}
            />
            <span>within</span>
            <MsSpanField
              label="Within"
              ms={goal.windowMs}
              onChange={(windowMs) => onChange({ ...goal, windowMs })}
            />
          </>
        )}
      </div>
      {goal !== null && (
        <>
          <FilterList
            event={goal.event}
            value={goal.where}
            catalogue={catalogue}
            onChange={(where) => onChange({ ...goal, where })}
          />
          <Worth goal={goal} onChange={onChange} catalogue={catalogue} />
        </>
      )}
    </>
  );
}

function Worth({
  goal,
  onChange,
  catalogue,
}: {
  goal: Goal;
  onChange(goal: Goal): void;
  catalogue: Catalogue | undefined;
}) {
  const { value } = goal;
  const { data } = useQuery({ ...catalogueEventQuery(goal.event), enabled: goal.event !== "" });
  return (
    <div className={styles.line}>
      <span>It is worth</span>
      <VerbSelect
        label="What it is worth"
        value={value?.type ?? "none"}
        options={[
          { value: "property", label: "the amount in the event’s" },
          { value: "fixed", label: "always" },
          { value: "none", label: "no amount" },
        ]}
        onChange={(type) => {
          if (type === "none") onChange({ ...goal, value: null });
          else if (type === "property") onChange({ ...goal, value: { type, key: "total" } });
          else {
            const currency = catalogue?.currencies[0] ?? "EUR";
            onChange({ ...goal, value: { type, amountMinor: 1_000, currency } });
          }
        }}
      />
      {value?.type === "property" && (
        <ChoiceField
          label="Property with the amount"
          placeholder="Property"
          value={value.key}
          choices={(data?.properties ?? [])
            .filter(({ types }) => types.includes("number"))
            .map(({ key }) => ({ value: key, label: key }))}
          isFree
          isInvalid={value.key === ""}
          onChange={(key) => onChange({ ...goal, value: { type: "property", key } })}
        />
      )}
      {value?.type === "fixed" && (
        <AmountField
          label="Worth"
          value={value}
          known={catalogue?.currencies ?? []}
          onChange={(amount) => onChange({ ...goal, value: { type: "fixed", ...amount } })}
        />
      )}
    </div>
  );
}
