import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import type { ConversationId } from "../../../protocol/ids.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { useWorkspace } from "../shell/workspace.ts";

type Props = { conversation: ConversationId; seq: number; words: string };

/** Takes a mail that nobody vouches for as the person's own. */
export function AcceptMail({ conversation, seq, words }: Props) {
  const { live } = useWorkspace();
  const accept = useMutation({
    mutationFn: () => api.acceptMail(conversation, seq),
    onSuccess: live.apply,
    onError: (error) =>
      notifications.show({
        color: "red",
        title: "The mail was not accepted",
        message: wordsFor(error),
      }),
  });
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      title="It counts as their message. It proves nothing about who they are, and answers go where they went before."
      loading={accept.isPending}
      onClick={() => accept.mutate()}
    >
      {words}
    </Button>
  );
}
