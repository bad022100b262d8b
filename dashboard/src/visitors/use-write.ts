import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { VisitorId } from "../../../protocol/ids.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { wishFocus } from "../inbox/composer-focus.ts";

/** Opens the conversation with a visitor, ready to write. */
export function useWrite() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (visitor: VisitorId) => api.writeTo(visitor),
    onSuccess: ({ conversation }) => {
      wishFocus(conversation);
      void navigate({ to: "/inbox/$conversation", params: { conversation } });
    },
    onError: (error) => {
      notifications.show({
        color: "red",
        title: "The conversation could not be opened",
        message: wordsFor(error),
      });
    },
  });
}
