import { Button } from "@mantine/core";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import { FormFoot } from "../../page/form-foot.tsx";
import { refusalWords } from "../refusal.ts";
import { NotPublished } from "./use-trigger-saving.ts";

type Props = {
  saved: TriggerDetail | null;
  isChanged: boolean;
  /** The first thing that keeps it from being saved, once somebody tried. */
  flaw: string | null;
  error: Error | null;
  busy: "save" | "publish" | null;
  onSave(isPublished: boolean): void;
};

/** What is not saved or not published yet, and the two ways on. */
export function TriggerFoot({ saved, isChanged, flaw, error, busy, onSave }: Props) {
  if (saved?.status === "archived") return null;
  const isNew = saved === null || saved.version === 0;
  const canPublish = isChanged || saved?.hasUnpublished === true || isNew;
  return (
    <FormFoot
      failure={error === null ? flaw : failureWords(error)}
      state={stateWords(saved, isChanged)}
    >
      <Button
        type="submit"
        variant="default"
        disabled={!isChanged || busy !== null}
        loading={busy === "save"}
      >
        Save draft
      </Button>
      <Button
        type="button"
        disabled={!canPublish || busy !== null}
        loading={busy === "publish"}
        onClick={() => onSave(true)}
      >
        {isNew ? "Switch on" : "Publish changes"}
      </Button>
    </FormFoot>
  );
}

function failureWords(error: Error): string {
  return error instanceof NotPublished
    ? `Saved as a draft, not published. ${refusalWords(error.cause)}`
    : `Not saved. What you wrote is kept. ${refusalWords(error)}`;
}

function stateWords(saved: TriggerDetail | null, isChanged: boolean): string {
  if (saved === null) return "Nothing is sent before you switch it on.";
  if (isChanged) return "Not saved yet.";
  if (saved.version === 0) return "Saved as a draft. Nothing is sent yet.";
  if (saved.hasUnpublished)
    return `Saved, not published: version ${saved.version} goes on as it is until you publish.`;
  return saved.status === "paused"
    ? `Version ${saved.version} is paused.`
    : `Version ${saved.version} is live.`;
}
