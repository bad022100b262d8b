import type { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { operatorChanged } from "../api/acting-operator.ts";
import { api } from "../api/client.ts";
import { codeOf } from "../api/failure.ts";
import { meQuery } from "../api/queries.ts";
import { forgetDrafts } from "../inbox/drafts.ts";
import { forgetItem, keptItems } from "../inbox/outbox-storage.ts";
import { count } from "../words/names.ts";

const lossWords = (unsent: number): string =>
  `${count(unsent, "message")} not sent yet. Signing out deletes what is not sent. Sign out?`;

/**
 * Signs out; answers when the server has closed everything this session held. What was written and not sent
 * does not stay in the browser for whoever uses it next.
 */
export async function leave(client: QueryClient, router: AnyRouter): Promise<void> {
  const me = client.getQueryData(meQuery.queryKey)?.operator?.id ?? null;
  const unsent = me === null ? 0 : keptItems(me).length;
  if (unsent > 0 && !confirm(lossWords(unsent))) return;
  await api.signOut().catch((error: unknown) => {
    if (codeOf(error) !== "not_signed_in") throw error;
  });
  if (me !== null) {
    for (const item of keptItems(me)) forgetItem(me, item);
    forgetDrafts(me);
  }
  operatorChanged();
  await router.navigate({ to: "/sign-in" });
  client.clear();
}
