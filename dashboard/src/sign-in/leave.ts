import type { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { operatorChanged } from "../api/acting-operator.ts";
import { api } from "../api/client.ts";
import { codeOf } from "../api/failure.ts";

/** Signs out; answers when the server has closed everything this session held. */
export async function leave(client: QueryClient, router: AnyRouter): Promise<void> {
  await api.signOut().catch((error: unknown) => {
    if (codeOf(error) !== "not_signed_in") throw error;
  });
  operatorChanged();
  await router.navigate({ to: "/sign-in" });
  client.clear();
}
