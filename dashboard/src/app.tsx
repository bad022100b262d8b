import { DirectionProvider, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { codeOf } from "./api/failure.ts";
import { createQueryClient } from "./api/queries.ts";
import { createAppRouter } from "./routes/router.tsx";
import { theme } from "./theme/theme.ts";

/** Whoever is signed out in the middle of something signs in again, and comes back to the same place. */
function signInAgain(error: unknown): void {
  if (codeOf(error) !== "not_signed_in") return;
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in") return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { back: href } });
}

const queryClient = createQueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  mutationCache: new MutationCache({ onError: signInAgain }),
});
const router = createAppRouter(queryClient);

export function App() {
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-center" limit={3} autoClose={5_000} />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
