import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { useWorkspace } from "../shell/workspace.ts";

/** Newer than what is held, older than whatever the server says next. */
const STEP = 0.01;

export type Assignment = { to: OperatorCard | null; note?: string };

/** What one can do with a conversation. Shown at once, and taken back with words if it is refused. */
export function useActions(summary: ConversationSummary | null) {
  const { live } = useWorkspace();

  function optimistic(change: Partial<ConversationSummary>): ConversationSummary | null {
    if (summary !== null) live.apply({ ...summary, ...change, version: summary.version + STEP });
    return summary;
  }
  /** Only if nothing newer was told in the meantime. */
  function takeBack(former: ConversationSummary | null | undefined): void {
    if (former === null || former === undefined) return;
    const held = live.known.get().get(former.id)?.summary;
    if (held?.version === former.version + STEP)
      live.apply({ ...former, version: former.version + 2 * STEP });
  }
  const refused = (what: string, error: unknown): void => {
    notifications.show({ color: "red", title: what, message: wordsFor(error) });
  };

  const setStatus = useMutation({
    mutationFn: (status: "open" | "closed") =>
      status === "closed" ? api.close(summary?.id ?? "") : api.reopen(summary?.id ?? ""),
    onMutate: (status) =>
      optimistic({ status, ...(status === "closed" ? { waitingSince: null } : {}) }),
    onSuccess: live.apply,
    onError: (error, status, former) => {
      takeBack(former);
      refused(
        status === "closed" ? "The conversation is still open" : "The conversation is still closed",
        error,
      );
    },
  });

  const assign = useMutation({
    mutationFn: ({ to, note }: Assignment) => api.assign(summary?.id ?? "", to?.id ?? null, note),
    onMutate: ({ to }) => optimistic({ assignee: to }),
    onSuccess: live.apply,
    onError: (error, _assignment, former) => {
      takeBack(former);
      refused("The conversation was not assigned", error);
    },
  });

  return {
    /** Rejects when it was refused, after that has been said on the screen. */
    assign: (assignment: Assignment): Promise<unknown> => assign.mutateAsync(assignment),
    toggleStatus: () => {
      if (summary !== null && !setStatus.isPending)
        setStatus.mutate(summary.status === "open" ? "closed" : "open");
    },
  };
}
