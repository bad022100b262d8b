import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TriggerDetail } from "../../../protocol/triggers-api.ts";
import type { TriggerDefinition, TriggerStatus } from "../../../protocol/triggers.ts";
import { api } from "../api/client.ts";
import { triggerQuery, triggersQuery } from "../api/queries.ts";
import { refusalWords } from "./refusal.ts";

const DONE: Record<TriggerStatus, string> = {
  live: "is live.",
  paused: "is paused.",
  archived: "is archived.",
  draft: "is a draft again.",
};

type Change = { id: string; status: TriggerStatus };

/** Publishes, pauses, archives or takes out of the archive, and says how it went. */
export function useTriggerStatus() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, status }: Change) => api.setTriggerStatus(id, status),
    onSuccess: async (detail) => {
      client.setQueryData(triggerQuery(detail.id).queryKey, detail);
      await client.invalidateQueries({ queryKey: triggersQuery.queryKey });
      notifications.show({ message: `“${detail.draft.name}” ${DONE[detail.status]}` });
    },
    onError: (error, { id }) => {
      void client.invalidateQueries({ queryKey: triggerQuery(id).queryKey });
      void client.invalidateQueries({ queryKey: triggersQuery.queryKey });
      notifications.show({ color: "red", title: "Not changed", message: refusalWords(error) });
    },
  });
}

/** Makes a trigger out of a definition and switches it on at once. */
export function useSwitchOn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (definition: TriggerDefinition): Promise<TriggerDetail> => {
      const made = await api.createTrigger(definition);
      return api.setTriggerStatus(made.id, "live");
    },
    onSuccess: (detail) => {
      client.setQueryData(triggerQuery(detail.id).queryKey, detail);
      notifications.show({ message: `“${detail.draft.name}” is live.` });
    },
    onError: (error) => {
      notifications.show({ color: "red", title: "Not switched on", message: refusalWords(error) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: triggersQuery.queryKey }),
  });
}
