import type { Alert } from "../../../protocol/inbox-frames.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { useWrite } from "../visitors/use-write.ts";

/** What an operator does with an alert. Writing deals with it too, once the conversation is open. */
export function useAlertActions(): {
  write(alert: Alert): void;
  done(alert: Alert): void;
  writingTo: string | null;
} {
  const { alerts } = useWorkspace().live;
  const { mutateAsync, isPending, variables } = useWrite();
  return {
    write(alert) {
      mutateAsync(alert.visitor.id).then(
        () => alerts.done(alert.id),
        // It was said why; the alert stays.
        () => {},
      );
    },
    done: (alert) => alerts.done(alert.id),
    writingTo: isPending ? variables : null,
  };
}
