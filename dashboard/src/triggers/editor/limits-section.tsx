import { Checkbox, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { FIRST_PERIOD_MS, FIRST_QUIET_HOURS } from "../edits.ts";
import styles from "./editor.module.css";
import { MsSpanField } from "./ms-span-field.tsx";
import words from "../../page/words.module.css";

type Limits = TriggerDefinition["limits"];
type Props = { value: Limits; onChange(limits: Limits): void };

/** How often one person gets it, and when better not. */
export function LimitFields({ value: limits, onChange }: Props) {
  const { repeat, quietHours } = limits;
  const change = (part: Partial<Limits>): void => onChange({ ...limits, ...part });
  return (
    <>
      <div className={styles.line}>
        <span>one person gets it</span>
        <VerbSelect
          label="How often"
          value={repeat.type}
          options={[
            { value: "once", label: "once" },
            { value: "period", label: "at most once in" },
            { value: "always", label: "every time" },
          ]}
          onChange={(type) =>
            change({ repeat: type === "period" ? { type, ms: FIRST_PERIOD_MS } : { type } })
          }
        />
        {repeat.type === "period" && (
          <MsSpanField
            label="Period"
            ms={repeat.ms}
            onChange={(ms) => change({ repeat: { type: "period", ms } })}
          />
        )}
      </div>
      <div className={styles.checks}>
        <Checkbox
          label="Not while they are in a conversation with the team"
          checked={limits.notInConversation}
          onChange={(event) => change({ notInConversation: event.currentTarget.checked })}
        />
        <Checkbox
          label="Only while somebody of the team is online to answer"
          checked={limits.onlyWhenOnline}
          onChange={(event) => change({ onlyWhenOnline: event.currentTarget.checked })}
        />
        <Checkbox
          label={
            <>
              Counts towards{" "}
              <Link to="/settings/automatic" className={styles.link}>
                the cap of all automatic messages
              </Link>
              , and is held back by it
            </>
          }
          checked={limits.isCapped}
          onChange={(event) => change({ isCapped: event.currentTarget.checked })}
        />
        <Checkbox
          label="Not in the quiet hours of the person"
          description={quietHours === null ? undefined : "What is due then waits until they end."}
          checked={quietHours !== null}
          onChange={(event) =>
            change({ quietHours: event.currentTarget.checked ? FIRST_QUIET_HOURS : null })
          }
        />
        {quietHours !== null && (
          <div className={styles.indented}>
            <span>from</span>
            <TextInput
              type="time"
              aria-label="Quiet from"
              value={quietHours.from}
              onChange={(event) =>
                change({ quietHours: { ...quietHours, from: event.currentTarget.value } })
              }
            />
            <span>to</span>
            <TextInput
              type="time"
              aria-label="Quiet to"
              value={quietHours.to}
              onChange={(event) =>
                change({ quietHours: { ...quietHours, to: event.currentTarget.value } })
              }
            />
          </div>
        )}
      </div>
      <div className={styles.line}>
        <span>Priority</span>
        <NumberField
          label="Priority"
          isWhole
          min={0}
          value={limits.priority}
          isInvalid={!Number.isFinite(limits.priority)}
          onChange={(priority) => change({ priority })}
        />
        <span className={words.quiet}>
          from 0 to 100. Of several that are due at once, the highest goes first.
        </span>
      </div>
    </>
  );
}
