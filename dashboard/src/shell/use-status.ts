import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Me } from "../../../protocol/operator-api.ts";
import type { OperatorStatus } from "../../../protocol/operators.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { meQuery } from "../api/queries.ts";
import { useWorkspace } from "./workspace.ts";

/** One's own status; shown at once, and taken back if the server refuses. */
export function useStatus(): { status: OperatorStatus; setStatus(status: OperatorStatus): void } {
  const { operator } = useWorkspace();
  const client = useQueryClient();

  const show = (status: OperatorStatus): void => {
    client.setQueryData<Me>(meQuery.queryKey, (me) =>
      me?.operator ? { ...me, operator: { ...me.operator, status } } : me,
    );
  };
  const change = useMutation({
    mutationFn: (status: OperatorStatus) => api.changeProfile({ status }),
    onMutate: (status) => {
      show(status);
      return operator.status;
    },
    onError: (error, _status, former) => {
      if (former !== undefined) show(former);
      notifications.show({
        color: "red",
        message: `Your status was not changed. ${wordsFor(error)}`,
      });
    },
  });
  return { status: operator.status, setStatus: change.mutate };
}
