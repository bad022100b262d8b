import { Button, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState, type FormEvent } from "react";
import { FormFoot } from "../page/form-foot.tsx";
import type { SegmentSummary } from "../../../protocol/segments-api.ts";
import { api, type SegmentInput } from "../api/client.ts";
import { codeOf, wordsFor } from "../api/failure.ts";
import { catalogueQuery, funnelQuery, segmentsQuery } from "../api/queries.ts";
import { ConditionBuilder } from "../conditions/condition-builder.tsx";
import { flawOf } from "../conditions/flaws.ts";
import { useNames } from "../conditions/use-names.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { LeaveGuard } from "./leave-guard.tsx";
import { LiveCount } from "./live-count.tsx";
import { WhyCard, type Asked } from "./why-card.tsx";
import styles from "./segments.module.css";
import cards from "../page/card.module.css";

const EMPTY: SegmentInput = { name: "", description: "", condition: { type: "all", of: [] } };

/** A segment to be made or changed, with who would be in it beside. */
export function SegmentForm({ saved }: { saved: SegmentSummary | null }) {
  const { canManage } = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: catalogue } = useQuery(catalogueQuery);
  const names = useNames(saved?.id);
  const [start] = useState<SegmentInput>(() =>
    saved === null
      ? EMPTY
      : { name: saved.name, description: saved.description, condition: saved.condition },
  );
  const [input, setInput] = useState(start);
  const [asked, setAsked] = useState<Asked | null>(null);
  const isDone = useRef(false);
  const change = (part: Partial<SegmentInput>): void => setInput((held) => ({ ...held, ...part }));

  const saving = useMutation({
    mutationFn: (next: SegmentInput) =>
      saved === null ? api.createSegment(next) : api.changeSegment(saved.id, next),
    onSuccess: async (segment) => {
      isDone.current = true;
      await client.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      void client.invalidateQueries({ queryKey: funnelQuery.queryKey });
      void client.invalidateQueries({ queryKey: ["segment-people", segment.id] });
      notifications.show({ message: `“${segment.name}” is saved.` });
      void navigate({ to: "/segments/$segment", params: { segment: segment.id } });
    },
  });

  const isChanged = JSON.stringify(input) !== JSON.stringify(start);
  const flaw = input.name.trim() === "" ? "Give it a name." : flawOf(input.condition);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (flaw === null && isChanged && canManage)
      saving.mutate({ ...input, name: input.name.trim(), description: input.description.trim() });
  }

  return (
    <div className={styles.split}>
      <form onSubmit={submit} className={styles.form}>
        <div className={cards.card}>
          <TextInput
            label="Name"
            placeholder="Looked twice, did not buy"
            maxLength={80}
            disabled={!canManage}
            data-autofocus={saved === null}
            value={input.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Textarea
            label="Description"
            placeholder="What it is for, in a few words"
            autosize
            minRows={1}
            maxRows={4}
            maxLength={300}
            disabled={!canManage}
            value={input.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
        </div>
        <div className={cards.card}>
          <ConditionBuilder
            value={input.condition}
            onChange={(condition) => change({ condition })}
            catalogue={catalogue}
            names={names}
          />
        </div>
        {canManage && (
          <FormFoot
            failure={
              saving.error === null
                ? null
                : `Not saved. ${SAVING_WORDS[codeOf(saving.error)] ?? wordsFor(saving.error)}`
            }
            state={isChanged ? (flaw ?? "") : ""}
          >
            <Button
              variant="default"
              renderRoot={(rest) =>
                saved === null ? (
                  <Link to="/segments" {...rest} />
                ) : (
                  <Link to="/segments/$segment" params={{ segment: saved.id }} {...rest} />
                )
              }
            >
              Cancel
            </Button>
            <Button type="submit" disabled={flaw !== null || !isChanged} loading={saving.isPending}>
              Save
            </Button>
          </FormFoot>
        )}
      </form>
      <aside className={styles.side}>
        <LiveCount condition={input.condition} onWhy={setAsked} />
        {flawOf(input.condition) === null && (
          <WhyCard condition={input.condition} asked={asked} onAsk={setAsked} />
        )}
      </aside>
      <LeaveGuard
        what={saved === null ? "the new segment" : `“${saved.name}”`}
        isChanged={() => canManage && isChanged && !isDone.current && !saving.isPending}
      />
    </div>
  );
}

/** What went wrong with saving, where the plain words of the code would not help. */
const SAVING_WORDS: Partial<Record<ReturnType<typeof codeOf>, string>> = {
  bad_condition:
    "One of the conditions cannot be kept up to date: it may ask for this very segment, or for something that is gone.",
  too_large: "The conditions are too long together. Shorten a list of values.",
  limit_reached: "There are as many segments as a workspace can hold. Delete one first.",
};
