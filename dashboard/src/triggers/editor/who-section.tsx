import { useRef } from "react";
import type { Condition } from "../../../../protocol/conditions.ts";
import type { Catalogue } from "../../../../protocol/segments-api.ts";
import { ConditionBuilder } from "../../conditions/condition-builder.tsx";
import type { Names } from "../../conditions/names.ts";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import styles from "./editor.module.css";

type Props = {
  value: Condition | null;
  onChange(who: Condition | null): void;
  catalogue: Catalogue | undefined;
  names: Names;
};

/** Whom it is for. */
export function WhoFields({ value: who, onChange, catalogue, names }: Props) {
  /** The conditions there were when everybody was chosen. */
  const before = useRef<Condition>({ type: "all", of: [] });
  return (
    <>
      <div className={styles.line}>
        <span>this is for</span>
        <VerbSelect
          label="Whom it is for"
          value={who === null ? "everybody" : "some"}
          options={[
            { value: "everybody", label: "everybody" },
            { value: "some", label: "people who match conditions" },
          ]}
          onChange={(which) => {
            if (who !== null) before.current = who;
            onChange(which === "everybody" ? null : before.current);
          }}
        />
      </div>
      {who !== null && (
        <ConditionBuilder value={who} onChange={onChange} catalogue={catalogue} names={names} />
      )}
    </>
  );
}
