import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";
import { api } from "../../api/client.ts";
import { triggerQuery, triggersQuery } from "../../api/queries.ts";
import { tidied } from "../edits.ts";
import { refusalWords } from "../refusal.ts";

type Input = { definition: TriggerDefinition; isPublished: boolean };

/** A draft was saved, but could not be published: the reason is the cause. */
export class NotPublished extends Error {
  override readonly name = "NotPublished";
}

/** Saves the draft, and publishes it where that is asked for. */
export function useTriggerSaving(
  saved: TriggerDetail | null,
  /** Called before the page of a new trigger is opened. */
  onMade: () => void,
) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    async mutationFn({ definition, isPublished }: Input): Promise<TriggerDetail> {
      const draft = tidied(definition);
      const detail =
        saved === null ? await api.createTrigger(draft) : await api.changeTrigger(saved.id, draft);
      if (!isPublished) return detail;
      try {
        return await api.setTriggerStatus(detail.id, "live");
      } catch (error) {
        // The draft is kept; a new trigger has its page from now on.
        if (saved !== null) {
          client.setQueryData(triggerQuery(detail.id).queryKey, detail);
          throw new NotPublished("not published", { cause: error });
        }
        notifications.show({
          color: "red",
          title: "Saved as a draft, not published",
          message: refusalWords(error),
        });
        return detail;
      }
    },
    async onSuccess(detail) {
      client.setQueryData(triggerQuery(detail.id).queryKey, detail);
      void client.invalidateQueries({ queryKey: triggersQuery.queryKey });
      if (saved === null) {
        onMade();
        await navigate({ to: "/triggers/$trigger", params: { trigger: detail.id } });
      }
    },
  });
}
