import { useMemo } from "react";
import type { Condition } from "../../../protocol/conditions.ts";
import type { Catalogue } from "../../../protocol/segments-api.ts";
import { BuilderContext } from "./builder-context.ts";
import { ConditionGroup } from "./condition-group.tsx";
import type { Names } from "./names.ts";
import styles from "./conditions.module.css";

type Props = {
  /** May be incomplete: `flawOf` says what it lacks. */
  value: Condition;
  onChange(condition: Condition): void;
  catalogue: Catalogue | undefined;
  names: Names;
  /** What stands before "match all of". */
  intro?: string;
  isDisabled?: boolean;
};

/** A condition as a sentence that can be read aloud and changed word by word. Controlled. */
export function ConditionBuilder({
  value,
  onChange,
  catalogue,
  names,
  intro = "People who match",
  isDisabled = false,
}: Props) {
  const offers = useMemo(() => ({ catalogue, names }), [catalogue, names]);
  return (
    <BuilderContext value={offers}>
      <fieldset className={styles.builder} disabled={isDisabled}>
        <legend className={styles.legend}>Conditions</legend>
        <ConditionGroup value={value} onChange={onChange} intro={intro} depth={1} />
      </fieldset>
    </BuilderContext>
  );
}
