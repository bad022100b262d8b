import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { VisitorId } from "../../../../protocol/ids.ts";
import { LINKED_MAX } from "../../../../protocol/limits.ts";
import type { PersonLinks } from "../../../../protocol/linking.ts";
import { api } from "../../api/client.ts";
import { codeOf, wordsFor } from "../../api/failure.ts";
import { linksKey, linksQuery } from "../../api/queries.ts";

type Pair = { one: VisitorId; other: VisitorId };

/** What one can say about two visitors. `onDone` is told when it is so. */
export function useLinkActions(onDone: (what: string) => void) {
  const client = useQueryClient();

  async function learn({ one, other }: Pair, links: PersonLinks): Promise<void> {
    client.setQueryData(linksQuery(one).queryKey, links);
    const touched = new Set([one, other, ...links.people.map(({ id }) => id)]);
    await Promise.all(
      [...touched].map((id) => client.invalidateQueries({ queryKey: linksKey(id) })),
    );
  }
  const refused = (title: string) => (error: unknown) => {
    const message =
      codeOf(error) === "limit_reached"
        ? `At most ${LINKED_MAX} visitors can be linked. Nothing was changed.`
        : wordsFor(error);
    notifications.show({ color: "red", title, message });
  };

  const link = useMutation({
    mutationFn: ({ one, other }: Pair) => api.link(one, other),
    onSuccess: async (links, pair) => {
      await learn(pair, links);
      onDone("Linked. Both are shown together.");
    },
    onError: refused("They are not linked"),
  });
  const undo = useMutation({
    mutationFn: ({ one, other }: Pair) => api.undoLink(one, other),
    onSuccess: async (links, pair) => {
      await learn(pair, links);
      onDone("The link is undone.");
    },
    onError: refused("They are still linked"),
  });
  const dismiss = useMutation({
    mutationFn: ({ one, other }: Pair) => api.dismissLink(one, other),
    onSuccess: async (links, pair) => {
      await learn(pair, links);
      onDone("They will not be suggested again.");
    },
    onError: refused("The suggestion is still here"),
  });
  return { link, undo, dismiss, isBusy: link.isPending || undo.isPending || dismiss.isPending };
}

export type LinkActions = ReturnType<typeof useLinkActions>;
