import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState, type FormEvent } from "react";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";
import { catalogueQuery } from "../../api/queries.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { useNames } from "../../conditions/use-names.ts";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { LeaveGuard } from "../../segments/leave-guard.tsx";
import { useWorkspace } from "../../shell/workspace.ts";
import { areSavedAlike, FIRST_WAIT_MS } from "../edits.ts";
import { flawsOf } from "../flaws.ts";
import styles from "./editor.module.css";
import { TriggerFoot } from "./trigger-foot.tsx";
import { GoalFields } from "./goal-section.tsx";
import { LimitFields } from "./limits-section.tsx";
import { MomentPreview } from "./moment-preview.tsx";
import { MsSpanField } from "./ms-span-field.tsx";
import { Section } from "./section.tsx";
import { useTriggerSaving } from "./use-trigger-saving.ts";
import { VariantFields } from "./variants-section.tsx";
import { Versions } from "./versions.tsx";
import { WhenFields } from "./when-section.tsx";
import { WhoFields } from "./who-section.tsx";
import words from "../../page/words.module.css";

type Props = { saved: TriggerDetail | null; start: TriggerDefinition };

/** A trigger as one sentence from top to bottom, with what it would show beside it. */
export function TriggerForm({ saved, start }: Props) {
  const { canManage } = useWorkspace();
  const { data: catalogue } = useQuery(catalogueQuery);
  const names = useNames();
  const [definition, setDefinition] = useState(start);
  const [base, setBase] = useState(start);
  // Where nothing was written here, what a colleague has saved meanwhile is shown.
  if (saved !== null && saved.draft !== base) {
    setBase(saved.draft);
    if (areSavedAlike(definition, base)) setDefinition(saved.draft);
  }
  const [chosen, setChosen] = useState(start.variants[0]?.id ?? "a");
  const [isChecked, setChecked] = useState(false);
  const isMade = useRef(false);
  const saving = useTriggerSaving(saved, () => {
    isMade.current = true;
  });
  const change = (part: Partial<TriggerDefinition>): void =>
    setDefinition((held) => ({ ...held, ...part }));

  const flaws = useMemo(() => flawsOf(definition), [definition]);
  const isChanged = saved === null || !areSavedAlike(definition, saved.draft);
  const isTouched = !areSavedAlike(definition, start);
  const taken = useMemo(
    () =>
      new Set(
        saved?.versions.flatMap((version) => version.definition.variants.map(({ id }) => id)),
      ),
    [saved],
  );
  const variant = definition.variants.find(({ id }) => id === chosen) ?? definition.variants[0];

  function save(isPublished: boolean): void {
    setChecked(true);
    const [first] = flaws;
    if (first !== undefined) {
      const part = document.getElementById(`trigger-${first.part}`);
      part?.scrollIntoView({ block: "center" });
      part?.focus({ preventScroll: true });
      return;
    }
    saving.mutate({ definition, isPublished });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (canManage) save(false);
  }

  const shared = { flaws, isChecked };
  const offers = { catalogue, names };
  return (
    <div className={styles.split}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <fieldset
          className={styles.sentenceCard}
          disabled={!canManage || saved?.status === "archived"}
        >
          <legend className={styles.hidden}>Trigger</legend>
          <Section part="name" title="Name" {...shared}>
            <TextInput
              aria-label="Name"
              placeholder="Cart left for half an hour"
              maxLength={120}
              value={definition.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          </Section>
          <Section part="when" title="When" {...shared}>
            <WhenFields value={definition.when} onChange={(when) => change({ when })} {...offers} />
          </Section>
          <Section part="who" title="Who" {...shared}>
            <WhoFields value={definition.who} onChange={(who) => change({ who })} {...offers} />
          </Section>
          <Section part="wait" title="Wait" {...shared}>
            <WaitFields ms={definition.waitMs} onChange={(waitMs) => change({ waitMs })} />
          </Section>
          <Section part="limits" title="How often" {...shared}>
            <LimitFields value={definition.limits} onChange={(limits) => change({ limits })} />
          </Section>
          <Section part="what" title="What" {...shared}>
            <VariantFields
              value={definition.variants}
              onChange={(variants) => change({ variants })}
              holdOut={definition.holdOut}
              chosen={variant?.id ?? ""}
              onChoose={setChosen}
              taken={taken}
              flaws={isChecked ? flaws : []}
              {...offers}
            />
          </Section>
          <Section part="holdOut" title="Hold out" {...shared}>
            <div className={styles.line}>
              <NumberField
                label="Held out, in percent"
                isWhole
                min={0}
                value={definition.holdOut}
                isInvalid={!(definition.holdOut >= 0 && definition.holdOut <= 50)}
                onChange={(holdOut) => change({ holdOut })}
              />
              <span>% of the people are sent nothing</span>
            </div>
            <p className={words.quiet}>
              {definition.holdOut === 0
                ? "Without anybody held out, nobody can tell what would have happened anyway."
                : "So that you can see what would have happened anyway."}
            </p>
          </Section>
          <Section part="goal" title="Goal" {...shared}>
            <GoalFields
              value={definition.goal}
              onChange={(goal) => change({ goal })}
              catalogue={catalogue}
            />
          </Section>
        </fieldset>
        {canManage && (
          <TriggerFoot
            saved={saved}
            isChanged={isChanged}
            flaw={isChecked ? (flaws[0]?.text ?? null) : null}
            error={saving.error}
            busy={saving.isPending ? (saving.variables.isPublished ? "publish" : "save") : null}
            onSave={save}
          />
        )}
        {saved !== null && saved.versions.length > 0 && (
          <Versions
            detail={saved}
            onTake={canManage ? (taken) => setDefinition(taken) : undefined}
          />
        )}
      </form>
      {variant !== undefined && <MomentPreview action={variant.action} />}
      <LeaveGuard
        what={saved === null ? "the new trigger" : `“${saved.draft.name}”`}
        isChanged={() =>
          isTouched && isChanged && canManage && !isMade.current && !saving.isPending
        }
      />
    </div>
  );
}

function WaitFields({ ms, onChange }: { ms: number; onChange(ms: number): void }) {
  // A zero on the way to another number does not take the field away.
  const [isWriting, setWriting] = useState(false);
  const waits = ms !== 0 || isWriting;
  return (
    <>
      <div className={styles.line}>
        <VerbSelect
          label="Whether it waits"
          value={waits ? "some" : "none"}
          options={[
            { value: "none", label: "not at all: at once" },
            { value: "some", label: "for" },
          ]}
          onChange={(which) => {
            setWriting(which === "some");
            onChange(which === "none" ? 0 : FIRST_WAIT_MS);
          }}
        />
        {waits && (
          <MsSpanField
            label="Wait"
            ms={ms}
            onChange={(next) => {
              setWriting(true);
              onChange(next);
            }}
          />
        )}
      </div>
      {waits && (
        <p className={words.quiet}>
          Everything is checked again after it: whoever does not match any more gets nothing.
        </p>
      )}
    </>
  );
}
